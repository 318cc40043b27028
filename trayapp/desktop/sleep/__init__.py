"""The system's own word that this computer goes to sleep and that it woke: logind's, Windows', macOS'."""
