"""Words verdicts, transitions and reasons in the person's language."""
