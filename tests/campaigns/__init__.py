"""Trials that take minutes or hours, and are run by hand."""
