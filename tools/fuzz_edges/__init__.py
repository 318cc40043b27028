"""What comes in from outside, as nobody would send it: `make fuzz-edges` tries as much as there is time for."""
