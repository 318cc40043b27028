"""The gateway of the default route, by which a network is known again: its hardware address, and the way to it."""
