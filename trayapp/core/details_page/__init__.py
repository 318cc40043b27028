"""Builds the details page in words, section by section."""
