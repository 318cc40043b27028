"""Notifies a waiting person of a recovery that OpenAI has not posted yet (law 12 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace

from trayapp.core.alerts.eligibility import AlertContext, may_notify
from trayapp.core.alerts.endings import is_below_told
from trayapp.model import SavedProduct, Transition, TransitionKind


def find_early_recovery(
    case: AlertContext, recorded: SavedProduct, told: Transition | None
) -> tuple[SavedProduct, Transition | None]:
    """Returns the product with the recovery recorded as announced, and the transition for it, if any.

    The notification waits while another transition of the product is sent or an easing is due. A person who
    starts to wait later gets none, since the tooltip already says that the product answers again.
    """
    since = case.state.answers_since
    if since is None:
        is_over = case.state.suspected_state is not None or (
            case.state.shown_page_state is not None and not case.state.shown_page_state.is_trouble
        )
        return (replace(recorded, answers_since=None) if is_over else recorded), None
    if since == case.kept.answers_since:
        return recorded, None
    wanted = case.is_awaited and case.kept.told.is_trouble
    busy = told is not None or is_below_told(case)
    if wanted and (busy or not may_notify(case, case.kept.told, TransitionKind.ANSWERS_AGAIN)):
        return recorded, None
    said = replace(recorded, answers_since=since)
    return said, _early_recovery(case) if wanted else None


def _early_recovery(case: AlertContext) -> Transition:
    return Transition(
        change=TransitionKind.ANSWERS_AGAIN,
        products=(case.name,),
        before=case.kept.told,
        after=case.state.state,
        at=case.now.wall,
        since=case.state.answers_since,
        incidents=case.state.reading.incidents,
        thread=case.kept.thread,
    )
