"""What became of a corpus, in forms that people and other programs read."""
