"""Shows the icon in Windows' notification area, on pystray's window."""
