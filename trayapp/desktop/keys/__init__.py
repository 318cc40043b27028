"""The person's API key: where it is kept, and nowhere else. Loaded only where a key is asked for."""
