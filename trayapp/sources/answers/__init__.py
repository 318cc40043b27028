"""The check with the person's own key: it asks for one tiny streamed answer. Imported only if the check is on."""
