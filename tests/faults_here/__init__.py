"""Faults of this computer, made real: its disks, buses, panels, clocks and surroundings, and what a page may write."""
