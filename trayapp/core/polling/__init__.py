"""The parts of the schedule: the page, its feed and past incidents, the probes."""
