"""Keeps what was observed for the history, and estimates from it how long open trouble may last."""
