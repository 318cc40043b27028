"""Keeps and reads the person's keys in the system's keyring. Imported only where a key is asked for."""
