"""What became of a corpus from one state to the next: records added, removed and changed, flags, clusters."""
