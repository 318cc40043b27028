"""What a notification has room for, whatever it has to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from tests.core.scenes import BEGAN, DOWN, INCIDENT, LANGUAGES, NOW, translator_of
from trayapp.core.wording.notifications import build_notification, fit_sentences
from trayapp.i18n.sanitize import BODY_UNITS, TITLE_UNITS, utf16_length
from trayapp.model import LADDER, State, Transition, TransitionKind

ON_LADDER = st.sampled_from(LADDER)
ANY_TRANSITION = st.builds(
    Transition,
    change=st.sampled_from(TransitionKind),
    products=st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=12).map(tuple),
    before=ON_LADDER,
    after=ON_LADDER,
    at=st.just(NOW),
    since=st.sampled_from((None, BEGAN)),
    incidents=st.sampled_from(((), ("harbour1",))),
    confirmed=st.booleans(),
    away=st.booleans(),
    again=st.booleans(),
    ended_after=st.sampled_from((None, BEGAN - timedelta(hours=9))),
    lapsed=st.booleans(),
    watching=st.booleans(),
    edge=st.booleans(),
    components=st.lists(st.text(min_size=1, max_size=90), max_size=2).map(tuple),
    components_state=st.sampled_from((None, State.DEGRADED, State.PARTIAL, State.MAJOR)),
    said=st.sampled_from((None, State.DEGRADED, State.MAJOR)),
)


@given(st.sampled_from(LANGUAGES), ANY_TRANSITION, st.text(max_size=400))
def test_no_outside_text_breaks_the_frame(language: str, transition: Transition, text: str) -> None:
    """Whatever the page writes, titles and bodies say something, fit, and carry nothing that steers."""
    post = replace(INCIDENT.updates[0], text=text)
    verdict = replace(DOWN, incidents=(replace(INCIDENT, name=text, updates=(post,)),))
    shown = build_notification(translator_of(language), transition, verdict)
    assert 0 < utf16_length(shown.title) <= TITLE_UNITS
    assert 0 < utf16_length(shown.body) <= BODY_UNITS
    assert not {category(character) for character in shown.title + shown.body} & {"Cc", "Cf", "Cs"}


def test_where_there_is_no_room_the_least_weighty_goes_first() -> None:
    """Sentences are left out whole and from the end; a single one is clipped."""
    assert fit_sentences(["a" * 150, "b" * 60]) == "a" * 150
    assert fit_sentences(["a" * 300]) == "a" * (BODY_UNITS - 1) + "…"
