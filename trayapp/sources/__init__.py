"""Asks the outside world and reads its answers: bytes become readings and results, or a miss with its cause."""
