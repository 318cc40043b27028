"""What tests of words show: products, incidents and verdicts of a page of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from trayapp.app.languages import load_translator
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.i18n.translator import Translator
from trayapp.model import (
    Cause,
    ConnectionState,
    Incident,
    Miss,
    PageStatus,
    ProductVerdict,
    Reason,
    ReasonKind,
    Stage,
    State,
    Update,
    Verdict,
)

NOW = datetime(2026, 3, 14, 10, 53, tzinfo=UTC)
BEGAN = datetime(2026, 3, 14, 10, 41, tzinfo=UTC)
ISTANBUL = timezone(timedelta(hours=3))
LANGUAGES = LANGUAGE_CODES


def translator_of(language: str) -> Translator:
    """A language with the real catalogue, in Türkiye, where 10:41 UTC is 13:41."""
    return replace(
        load_translator(language), to_local=lambda at: at.astimezone(ISTANBUL), find_country=lambda: "TR"
    )


INCIDENT = Incident(
    id="harbour1",
    name="Answers are slow to arrive",
    stage=Stage.INVESTIGATING,
    stage_word="investigating",
    impact=State.MAJOR,
    impact_word="major",
    started_at=BEGAN,
    updated_at=BEGAN + timedelta(minutes=4),
    products=("ChatGPT",),
    updates=(
        Update(
            "u1",
            Stage.INVESTIGATING,
            "investigating",
            "We are **looking** into [this](https://x.test).",
            BEGAN,
        ),
    ),
)
READ = PageStatus(url="https://page.test", readable=True, read_at=NOW)


def product(name: str, state: State = State.OPERATIONAL, **more: object) -> ProductVerdict:
    """A product that has been in its state since `BEGAN`, if that is trouble."""
    since = None if state is State.OPERATIONAL else BEGAN
    return replace(ProductVerdict(name, state, since=since), **more)  # type: ignore[arg-type]  # a field by its name


FINE = tuple(product(name) for name in ("ChatGPT", "APIs", "Codex"))
CALM = Verdict(NOW, State.OPERATIONAL, products=FINE, page=READ)
DOWN = Verdict(
    NOW,
    State.MAJOR,
    since=BEGAN,
    products=(product("ChatGPT", State.MAJOR, incidents=("harbour1",)), product("APIs"), product("Codex")),
    others=(product("Video"),),
    incidents=(INCIDENT,),
    page=READ,
)
SUSPECTED = Verdict(
    NOW,
    State.PARTIAL,
    confirmed=False,
    since=BEGAN,
    products=(product("ChatGPT", State.PARTIAL, confirmed=False), product("APIs")),
    reasons=(
        Reason(ReasonKind.PROBES_FAILED, subject="ChatGPT", count=4, total=6, since=BEGAN),
        Reason(ReasonKind.NOT_POSTED, subject="ChatGPT"),
    ),
    connection=ConnectionState.GOOD,
    page=READ,
)
OFFLINE = Verdict(NOW, State.OFFLINE, since=BEGAN, products=FINE, connection=ConnectionState.OFFLINE)


def unreadable(cause: Cause, status: int | None = None) -> Verdict:
    """Nothing is known, because the page could not be read."""
    return Verdict(
        NOW,
        State.UNKNOWN,
        since=BEGAN,
        products=tuple(product(p.name, State.UNKNOWN) for p in FINE),
        reasons=(Reason(ReasonKind.PAGE_UNREADABLE, cause=cause, status=status, since=BEGAN),),
        page=PageStatus(last_miss=Miss(cause, status)),
    )
