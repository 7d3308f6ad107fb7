"""Findings and stories in forms that people and other programs read."""
