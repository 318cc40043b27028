"""What was observed in the past, and what may be expected from it."""
