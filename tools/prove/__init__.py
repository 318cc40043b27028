"""The proof: the real `step` and the real rhythm, lived through on a virtual clock for hundreds of weeks."""
