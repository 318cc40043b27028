"""Each command in a file or a package of its own, and what their options are read by."""
