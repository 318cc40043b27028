"""Speaks D-Bus in pure Python: the connection, calls, signals, names and served objects."""
