"""The background thread and what it works with: poll, judge, store, notify."""
