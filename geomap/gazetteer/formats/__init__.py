"""Readers of the users' own sources: each streams places from one format."""
