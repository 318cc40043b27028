"""What is notified: from what holds and what was told to transitions."""
