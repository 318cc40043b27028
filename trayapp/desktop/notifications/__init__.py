"""Shows native notifications: one module a back end, a chooser, and the worker that calls them."""
