"""Puts the running program together: what it starts with, what its menu does, how it restarts and ends."""
