"""Builds the tray's look, tooltip and menu, and the terminal's line."""
