"""The person's settings: read, checked and written back."""
