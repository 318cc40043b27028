"""Asks elsewhere how many people report trouble: bytes become counts or misses. Imported only if it is on.

Texts and authors are read in memory, counted and thrown away: only counts and times leave these files.
"""
