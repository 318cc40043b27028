"""Lists the languages, puts sentences into them, and makes text from outside safe to show."""
