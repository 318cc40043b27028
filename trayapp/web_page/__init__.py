"""Writes the details page as one self-contained HTML file, and serves it from a small loopback server."""
