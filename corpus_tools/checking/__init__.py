"""The check: what is wrong in a corpus, exactly where, and whether it matters. Nothing is edited."""
