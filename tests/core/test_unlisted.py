"""What the page does not list: names that vanish, and readings that hold only some components."""

from __future__ import annotations

from dataclasses import replace

from tests.core.films import LIMITS, every, look, memory_after_restart, play, sequence
from tests.core.pages import (
    MAINTENANCE,
    MAJOR,
    OPERATIONAL,
    PARTIAL,
    page,
    part,
)
from trayapp.model import Reason, ReasonKind, State, TransitionKind


def test_a_followed_name_that_vanishes_is_grey() -> None:
    """A whole page that no longer has what is followed makes it unknown, says so, and is never green."""
    limits = replace(LIMITS, follow=("ChatGPT", "Gone"))
    film = play([look(0, page())], limits)
    gone = film.last.find_product("Gone")
    assert gone is not None
    assert gone.state is State.UNKNOWN
    assert film.last.state is State.UNKNOWN
    assert Reason(ReasonKind.VANISHED, subject="Gone") in film.last.reasons


def test_trouble_that_is_known_passes_a_name_that_vanished() -> None:
    """What is not known hides what is fine, not what is down."""
    film = play([look(0, page(ChatGPT=MAJOR))], replace(LIMITS, follow=("ChatGPT", "Gone")))
    assert film.last.state is MAJOR


def test_a_name_that_vanished_leaves_maintenance_unknown() -> None:
    """Maintenance is no trouble: with one product unknown, the whole is unknown."""
    film = play([look(0, page(ChatGPT=MAINTENANCE))], replace(LIMITS, follow=("ChatGPT", "Gone")))
    assert film.last.state is State.UNKNOWN


def test_a_product_that_vanishes_in_an_outage_is_not_said_to_be_back() -> None:
    """A told product that the page no longer lists has no end until the page lists it as fine."""
    without = replace(page(), components=tuple(c for c in page().components if c.group != "ChatGPT"))
    film = play(
        sequence(
            [look(0, page())],
            [look(t, page(ChatGPT=MAJOR)) for t in (120, 140)],
            every(60, 200, 1000, without),
        )
    )
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",))]
    assert film.last.state is State.UNKNOWN
    back = play([look(1060, page()), look(1120, page())], memory=film.memory)
    assert back.heard == [(1120, TransitionKind.END, ("ChatGPT",))]


def test_a_component_that_a_partial_page_leaves_out_stays_as_it_was() -> None:
    """A summary with some of the components says nothing about the others."""
    film = play(
        [look(0, page()), look(120, page(ChatGPT=PARTIAL)), look(240, part(page(), "Login", "Search"))]
    )
    assert film.last.state is PARTIAL


def test_a_component_that_a_partial_page_lists_is_believed() -> None:
    """A summary's own lines count at once."""
    film = play([look(0, page()), look(120, part(page(ChatGPT=MAJOR), "Chats", "Images"))])
    assert film.last.state is MAJOR


def test_a_followed_component_that_was_never_listed_is_not_green() -> None:
    """A partial page that does not list what is followed, read first of all, is no word about it."""
    film = play([look(0, part(page(), "Login", "Search"))], replace(LIMITS, follow=("Chats",)))
    assert film.last.state is State.UNKNOWN


def test_a_partial_page_after_a_restart_ends_no_outage_it_does_not_list() -> None:
    """Where the component that was down is left out, nothing says that it is back."""
    told = play([look(0, page()), look(120, page(ChatGPT=MAJOR)), look(140, page(ChatGPT=MAJOR))])
    after = play(every(60, 300, 700, part(page(), "Login", "Search")), memory=memory_after_restart(told))
    assert after.heard == []


def test_a_renamed_component_is_known_by_its_id() -> None:
    """A partial page that lists a component under a new name speaks of the same component."""
    renamed = replace(page(ChatGPT=OPERATIONAL).components[0], name="Talks")
    listed = replace(page(), components=(renamed,), whole=False)
    film = play([look(0, page(ChatGPT=MAJOR)), look(120, listed), look(140, listed)])
    assert film.last.state is OPERATIONAL
