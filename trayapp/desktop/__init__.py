"""Talks to the desktop and the operating system: tray, notifications, buses, keyring, network, clocks."""
