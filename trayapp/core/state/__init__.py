"""Turns the outcomes of a round into the state of each product."""
