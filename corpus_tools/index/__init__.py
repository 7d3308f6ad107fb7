"""Fingerprints of a corpus on disk and in memory, the pairs they find, and the clusters made of them."""
