"""A status page of the program's own on loopback, and the outage it plays."""
