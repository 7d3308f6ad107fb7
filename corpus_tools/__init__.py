"""Turn scraped news corpora into datasets that people can trust."""
