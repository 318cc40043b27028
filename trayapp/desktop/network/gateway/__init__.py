"""Reads the hardware address and the interface of the default gateway, by which a network is recognised."""
