"""From which state on a person wants to be told."""

from __future__ import annotations

from trayapp.model import Level, State

THRESHOLD = {
    Level.NOTHING: State.PARTIAL,
    Level.OUTAGES: State.PARTIAL,
    Level.PROBLEMS: State.DEGRADED,
    Level.EVERYTHING: State.MAINTENANCE,
}
"""From which state on a level wants to be told; NOTHING keeps the books as OUTAGES does, in silence."""
