"""Whom an incident concerns: plans and regions, read from its title."""
