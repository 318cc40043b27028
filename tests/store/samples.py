"""What an earlier and a later run keep."""

from __future__ import annotations

from trayapp.model import (
    Incident,
    Notification,
    NotificationKind,
    SavedMemory,
    SeenIncident,
    Stage,
    State,
    Transition,
    TransitionKind,
)

from .values import NOON

OLD = SavedMemory(looked=True, tell_when_back=("APIs",))
NEW = SavedMemory(looked=True, tell_when_back=("Codex",))
TOLD = Transition(TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON)
NOTICE = Notification("n1", NotificationKind.START, "APIs down", "The page says so.", must_arrive=True)
SEEN = SeenIncident(
    Incident("inc-1", "Errors", Stage.INVESTIGATING, "investigating", State.MAJOR, "critical"), NOON
)
