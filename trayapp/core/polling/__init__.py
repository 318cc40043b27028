"""Computes for `core.schedule` when to poll the page, its feed and past incidents, and the probes."""
