"""Reads from an incident's title whom it concerns: plans and regions."""
