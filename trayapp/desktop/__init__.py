"""Everything that is shown to or asked of the desktop: tray, notifications, buses, keyring, network, clocks."""
