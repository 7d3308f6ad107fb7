"""Files and pipes to chunks, and chunks to files and pipes."""
