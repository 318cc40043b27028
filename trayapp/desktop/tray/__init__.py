"""The icon in the panel: one file a back end, and a chooser."""
