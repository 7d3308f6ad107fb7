"""Near-duplicates against other tools: the same corpus, the same measures, each tool in an environment of its own."""
