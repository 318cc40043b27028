"""Decides what is notified, by comparing each product's state with what was notified so far."""
