"""What git knows of a corpus: which files there were at a revision, and what stood in them. Nothing is ever written."""
