"""What an earlier and a later run keep."""

from __future__ import annotations

from trayapp.model import Change, Incident, Kept, Notice, NoticeKind, Seen, Stage, State, Transition

from .values import NOON

OLD = Kept(looked=True, tell_when_back=("APIs",))
NEW = Kept(looked=True, tell_when_back=("Codex",))
TOLD = Transition(Change.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON)
NOTICE = Notice("n1", NoticeKind.START, "APIs down", "The page says so.", must_arrive=True)
SEEN = Seen(Incident("inc-1", "Errors", Stage.INVESTIGATING, "investigating", State.MAJOR, "critical"), NOON)
