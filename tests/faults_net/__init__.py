"""Faults of networks, made real: the program with its default configuration in namespaces with an internet of their own."""
