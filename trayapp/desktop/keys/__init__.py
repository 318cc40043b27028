"""Keeps and reads the person's API key in the system's keyring. Imported only where a key is asked for."""
