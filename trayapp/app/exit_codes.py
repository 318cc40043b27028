"""Exit statuses of the commands."""

USAGE = 64
"""Exit status of bad usage or a bad config (EX_USAGE of sysexits.h)."""

COULD_NOT_TELL = 2
"""Exit status of `status` and `wait` when they found out nothing."""

UNFORESEEN = 70
"""Exit status when a command could not go on (EX_SOFTWARE of sysexits.h): 1 would say that OpenAI is in trouble."""

NOT_WRITTEN = 74
"""Exit status when output cannot be written (EX_IOERR of sysexits.h)."""
