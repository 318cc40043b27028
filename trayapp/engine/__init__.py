"""Runs the background thread that polls, judges, stores and notifies."""
