"""Serves a made-up status page on loopback and plays an outage on it."""
