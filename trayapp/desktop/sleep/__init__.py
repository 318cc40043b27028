"""Learns from the system that this computer goes to sleep or woke: from logind, Windows or macOS."""
