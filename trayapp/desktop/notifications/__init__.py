"""Native notifications: one file a back end, a chooser, and the worker that tells."""
