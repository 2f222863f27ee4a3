"""Toponyms: find the names, read how they are meant, choose their places."""
