"""Builds the notification that many other people report trouble, as their word and not as this program's."""

from __future__ import annotations

from trayapp.core.wording.notifications import fit_sentences
from trayapp.i18n.translator import Translator
from trayapp.model import Action, Command, Look, Notification, NotificationKind, Reachability, State, Verdict

_TITLE_UNITS = 30


def crowd_notification(speech: Translator, verdict: Verdict) -> Notification:
    """Builds it for the products that people name."""
    products = [p for p in verdict.products if p.reported_by_people]
    names = speech.join_products([p.name for p in products], _TITLE_UNITS)
    body = [speech.say("This is other people's word: OpenAI has posted nothing.")]
    if all(p.reach is Reachability.OK for p in products):
        body.append(speech.say("The checks from this computer are fine."))
    return Notification(
        id=f"{verdict.at.isoformat()} people",
        kind=NotificationKind.PEOPLE,
        title=speech.say("People report problems with {services}", services=names),
        body=fit_sentences(body),
        thread="people",
        click=Command(Action.DETAILS),
        button=speech.say("Open details"),
        look=Look(State.OPERATIONAL, hollow=True),
    )
