"""Shows the icon on Linux: as a StatusNotifierItem over D-Bus, else in X11's old tray."""
