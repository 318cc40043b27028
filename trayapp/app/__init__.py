"""The parts of the running program around the poller: settings, log, menu actions, restart and exit."""
