"""The judgement: pure functions of values. No clock, dice, disk, network or display."""
