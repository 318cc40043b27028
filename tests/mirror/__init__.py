"""The mirror for companies, with a real nginx before a page on loopback that can be slow, fail or lie."""
