"""The details page in words, section by section."""
