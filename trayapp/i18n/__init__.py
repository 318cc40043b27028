"""Languages: which one a person reads, and how a sentence is put into it."""
