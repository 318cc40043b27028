"""One file a command."""

USAGE = 64
"""Exit status of bad usage or a bad config (EX_USAGE of sysexits.h)."""

NOT_WRITTEN = 74
"""Exit status when output cannot be written (EX_IOERR of sysexits.h): 1 would say that OpenAI is in trouble."""
