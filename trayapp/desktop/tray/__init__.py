"""Shows the icon in the panel: a package for each system, a chooser, and what they share."""
