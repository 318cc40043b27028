"""Exit statuses of the commands."""

EXIT_USAGE = 64
"""Exit status of bad usage or a bad config (EX_USAGE of sysexits.h)."""

EXIT_UNKNOWN = 2
"""Exit status of `status` and `wait` when they found out nothing."""

EXIT_CRASH = 70
"""Exit status when a command could not go on (EX_SOFTWARE of sysexits.h): 1 would say that OpenAI is in trouble."""

EXIT_OUTPUT_ERROR = 74
"""Exit status when output cannot be written (EX_IOERR of sysexits.h)."""
