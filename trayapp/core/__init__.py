"""Judges the sources' answers with pure functions of values: no clock, dice, disk, network or display."""
