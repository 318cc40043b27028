"""The details page: one HTML file without anything from elsewhere, and the small loopback server that shows it."""
