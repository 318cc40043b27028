"""The check with the person's own key: one tiny streamed answer, and what became of it. Loaded only where it is on."""
