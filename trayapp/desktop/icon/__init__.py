"""Draws the icon at any size from the shapes and colours of `trayapp.model.appearance`."""
