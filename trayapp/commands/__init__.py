"""One file a command."""

USAGE = 64
"""Exit status of bad usage or a bad config (EX_USAGE of sysexits.h)."""
