"""Maps each notification level to the mildest state that it notifies of."""

from __future__ import annotations

from trayapp.model import Level, State

THRESHOLD = {
    Level.NOTHING: State.PARTIAL,
    Level.OUTAGES: State.PARTIAL,
    Level.PROBLEMS: State.DEGRADED,
    Level.EVERYTHING: State.MAINTENANCE,
}
"""The mildest state that a level notifies of. NOTHING records what OUTAGES would, and shows nothing."""
