"""Shows the icon in macOS' menu bar."""
