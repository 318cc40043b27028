"""Hosts that read again only what a signal announces: whatever the item says of itself next, none keeps an old word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PIL import Image

from tests.desktop.buses import PrivateBus
from tests.desktop.hosts import RULES, FrugalHost, FrugalMenu, Reader
from tests.desktop.views import view_of
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.tray.linux import sni_item
from trayapp.desktop.tray.linux.sni import SIZES, StatusNotifierItem
from trayapp.model import Action, Command, Look, MenuLine, State, TrayView

pytestmark = pytest.mark.desktop

LOOKS = [Look(state, hollow=hollow) for state in State for hollow in (False, True)]
TEXTS = some.sampled_from(["", "Chat is fine", "Chat is down since 13:41", "\0", "a \ud800 b"])
VIEWS = some.builds(
    TrayView,
    look=some.sampled_from(LOOKS),
    title=TEXTS,
    tooltip=TEXTS,
    menu=some.just(view_of().menu),
    needs_attention=some.booleans(),
)
CHECKED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""The bus is the same for all examples: each has connections of its own."""


def paint(look: Look, size: int) -> Image.Image:
    """A drawing that differs for each look."""
    return Image.new("RGBA", (size, size), (10 + LOOKS.index(look), 20, 30, 200))


@contextmanager
def item_with_hosts(rule: str) -> Iterator[tuple[StatusNotifierItem, Callable[[], FrugalHost], Reader]]:
    """An item, who makes its host, and a reader that always asks for all of it."""
    ours, theirs, anew = Bus.connect(), Bus.connect(), Bus.connect()
    shown = StatusNotifierItem(ours, paint, print, lambda: None)
    reader = Reader(theirs, ours.unique_name)
    yield shown, lambda: FrugalHost(reader, RULES[rule]), Reader(anew, ours.unique_name)
    for bus in (ours, theirs, anew):
        bus.close()


@pytest.mark.parametrize("rule", RULES)
@CHECKED
@given(views=some.lists(VIEWS, min_size=2, max_size=4))
def test_a_host_that_reads_only_what_it_is_told_knows_everything(
    private_bus: PrivateBus, rule: str, views: list[TrayView]
) -> None:
    """After any views one after the other, all that it ever reads again is as if it had read it just now."""
    with item_with_hosts(rule) as (shown, host_of, anew):
        shown.show(views[0])
        host = host_of()
        for view in views[1:]:
            shown.show(view)
            fresh = anew.properties()
            known = host.beliefs()
            assert known == {name: fresh[name] for name in known}
            assert host.picture()[0][2][1] == paint(view.look, SIZES[0]).getpixel((0, 0))[0]  # type: ignore[index]


@pytest.mark.parametrize("rule", RULES)
def test_an_outage_that_grows_and_shrinks_changes_the_picture(private_bus: PrivateBus, rule: str) -> None:
    """Calm, partial, major, partial, major not confirmed: each is the picture of that moment."""
    path = [Look(s) for s in (State.OPERATIONAL, State.PARTIAL, State.MAJOR, State.PARTIAL)]
    with item_with_hosts(rule) as (shown, host_of, _):
        shown.show(view_of())
        host = host_of()
        for look in [*path, Look(State.MAJOR, hollow=True)]:
            view = view_of(look.state, attention=look.state is not State.OPERATIONAL)
            shown.show(replace(view, look=look))
            assert host.picture()[0][2][1] == paint(look, SIZES[0]).getpixel((0, 0))[0]  # type: ignore[index]


@given(before=VIEWS, after=VIEWS, hidden=some.booleans())
def test_whatever_differs_has_its_signal(before: TrayView, after: TrayView, *, hidden: bool) -> None:
    """No property that a view can change is without one, and what is equal is not announced."""
    was, is_now = (
        sni_item.describe_item(before, is_hidden=False),
        sni_item.describe_item(after, is_hidden=hidden),
    )
    differing = {name for name in was if was[name] != is_now[name]}
    announced = sni_item.changed_signals(was, is_now)
    assert set(announced) == {sni_item.PROPERTIES[name].signal for name in differing}
    assert "" not in announced


def line_of(key: str) -> some.SearchStrategy[MenuLine]:
    """A line that may say anything at the same place."""
    below = some.just((MenuLine("below", "Below", Command(Action.CHECK)),))
    return some.builds(
        MenuLine,
        key=some.just(key),
        text=some.sampled_from(["One", "Other", "_x"]),
        command=some.sampled_from([None, Command(Action.CHECK)]),
        checked=some.sampled_from([None, False, True]),
        radio=some.booleans(),
        lines=some.one_of(some.just(()), below),
    )


MENUS = some.lists(some.sampled_from("abcd"), max_size=4, unique=True).flatmap(
    lambda keys: some.tuples(*[line_of(key) for key in keys])
)


@pytest.mark.parametrize("resets", [False, True], ids=["by the specification", "quickshell"])
@CHECKED
@given(menus=some.lists(MENUS, min_size=2, max_size=4), click=some.booleans())
def test_a_menu_kept_by_signals_alone_is_the_menu_that_is_served(
    private_bus: PrivateBus, menus: list[tuple[MenuLine, ...]], *, resets: bool, click: bool
) -> None:
    """Whatever lines come, go and change, and whatever is clicked between."""
    with item_with_hosts("GNOME") as (shown, _, anew):
        shown.show(view_of(menu=menus[0]))
        host = Reader(anew.bus, anew.item)
        menu = FrugalMenu(host, resets=resets)
        host.signals.clear()
        for lines in menus[1:]:
            shown.show(view_of(menu=lines))
            if click and lines:
                host.menu(
                    "Event", "isvu", host.ids()[lines[0].text.replace("_", "__")], "clicked", ("i", 0), 0
                )
            host.signal_names()
            menu.follow()
            assert menu.lines == FrugalMenu(anew, resets=False).lines
