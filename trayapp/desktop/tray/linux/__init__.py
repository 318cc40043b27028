"""The icon on Linux: StatusNotifierItem over D-Bus, else X11's old tray."""
