"""What holds: from a round's outcomes to the state of each product."""
