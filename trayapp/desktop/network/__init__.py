"""Asks the operating system whether the network leads to the internet, and which network it is."""
