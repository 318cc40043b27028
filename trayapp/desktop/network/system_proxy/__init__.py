"""Asks the system which proxy leads to an address: the desktop's portal, GNOME, Windows, macOS."""
