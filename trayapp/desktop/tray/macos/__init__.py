"""The icon in macOS' menu bar."""
