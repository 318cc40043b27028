"""Decides from counts of other people's reports whether unusually many report trouble. Imported only if it is on."""
