"""The menu over the bus: both camps of hosts, stable ids, and no more signals than changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Reader
from tests.desktop.views import BELOW, BETWEEN, CHECK, DEFAULT, HOSTILE, LINES, MORE, QUIT, RADIO, TICK
from trayapp.desktop.dbus.bus import Bus, BusError
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux import dbusmenu
from trayapp.desktop.tray.linux.dbusmenu import DbusMenu
from trayapp.desktop.tray.linux.dbusmenu_rows import PICTURE_SIZE, SPARE_KEYS, RowIds, build_rows
from trayapp.model import Action, Command, Look, MenuLine, State

pytestmark = pytest.mark.desktop


@dataclass
class Shown:
    """A served menu, a host that reads it, and what was chosen."""

    served: DbusMenu
    host: Reader
    chosen: list[Command]

    def show(self, *lines: MenuLine) -> None:
        """Change the menu."""
        self.served.show(lines)

    def changes(self) -> list[str]:
        """The signals since the last time this was asked."""
        heard = self.host.signal_names()
        self.host.signals.clear()
        return heard


@pytest.fixture
def menu(join: Callable[[], Bus]) -> Shown:
    """All kinds of lines, shown."""
    ours, chosen = join(), list[Command]()
    shown = Shown(DbusMenu(ours, chosen.append), Reader(join(), ours.unique_name), chosen)
    shown.show(*LINES)
    shown.changes()
    return shown


def test_every_kind_of_line_has_its_properties(menu: Shown) -> None:
    """Separators, plain, disabled, ticked and chosen lines, and a submenu with what is below it."""
    number, properties, rows = menu.host.layout()
    assert (number, properties) == (0, {"children-display": ("s", "submenu")})
    state, between, check, said, tick, radio, more, _quit = [row for _, row in rows]
    assert state[1] == check[1] | {"label": ("s", "All is well")}
    assert between[1] == {"type": ("s", "separator")}
    assert check[1] == {"label": ("s", "Check now"), "enabled": ("b", True)}
    assert said[1]["enabled"] == ("b", False)
    assert (tick[1]["toggle-type"], tick[1]["toggle-state"]) == (("s", "checkmark"), ("i", 1))
    assert (radio[1]["toggle-type"], radio[1]["toggle-state"]) == (("s", "radio"), ("i", 1))
    assert more[1]["children-display"] == ("s", "submenu")
    assert [row[1]["label"] for _, row in more[2]] == [("s", "Below")]


def test_a_host_gets_the_part_the_depth_and_the_names_it_asks_for(menu: Shown) -> None:
    """One level only; a submenu by itself; no other properties than those named, known or not."""
    _, _, rows = menu.host.layout(0, 1, "label", "icon-name")
    assert all(not row[2] for _, row in rows)
    assert {name for _, row in rows for name in row[1]} == {"label"}
    more = menu.host.ids()["More"]
    assert menu.host.layout(more)[2][0][1][1]["label"] == ("s", "Below")
    assert menu.host.menu("GetProperty", "is", more, "label") == (("s", "More"),)


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [
        ("GetLayout", "iias", (999, -1, [])),
        ("GetProperty", "is", (999, "label")),
        ("GetProperty", "is", (1, "icon-name")),
        ("GetLayout", "iias", (2**31 - 1, 2**31 - 1, [])),
        ("Event", "isvu", (999, "clicked", ("i", 0), 0)),
        ("EventGroup", "a(isvu)", ([(-1, "clicked", ("i", 0), 0), (999, "clicked", ("i", 0), 0)],)),
        ("AboutToShow", "i", (999,)),
        ("Nonsense", "", ()),
    ],
)
def test_what_is_not_there_is_an_error_reply(
    menu: Shown, member: str, signature: str, body: tuple[object, ...]
) -> None:
    """Unknown lines, properties and methods are refused, and nothing is chosen."""
    with pytest.raises(BusError):
        menu.host.menu(member, signature, *body)
    assert not menu.chosen


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [
        ("GetLayout", "", ()),
        ("GetLayout", "sias", ("0", -1, [])),
        ("GetGroupProperties", "as", (["label"],)),
        ("GetProperty", "iss", (1, "label", "more")),
        ("Event", "is", (1, "clicked")),
        ("EventGroup", "a(isv)", ([(1, "clicked", ("i", 0))],)),
        ("AboutToShowGroup", "i", (0,)),
    ],
)
def test_wrong_arguments_are_an_error_reply_and_no_fault_in_the_log(
    menu: Shown, caplog: pytest.LogCaptureFixture, member: str, signature: str, body: tuple[object, ...]
) -> None:
    """Too few, too many or others than the format has: the caller is told which it takes."""
    with pytest.raises(BusError, match=r"InvalidArgs: .* takes \("):
        menu.host.menu(member, signature, *body)
    assert not menu.chosen
    assert not caplog.records


def test_a_method_of_another_interface_is_not_called(menu: Shown, join: Callable[[], Bus]) -> None:
    """It is not the menu's just because it has the name of one of its methods."""
    name = menu.served._bus.unique_name
    with pytest.raises(BusError, match="UnknownInterface"):
        join().call(name, dbusmenu.PATH, "org.example.Other", "AboutToShow", "i", (0,))


@pytest.mark.parametrize("depth", [-1, -2, -(2**31), 2, 2**31 - 1])
def test_a_depth_that_reaches_the_bottom_brings_the_whole_menu(menu: Shown, depth: int) -> None:
    """The format says -1; any other negative number is taken for it too."""
    assert menu.host.layout(0, depth) == menu.host.layout()


def test_a_click_arrives_from_both_camps_of_hosts(menu: Shown) -> None:
    """Event from the one, EventGroup from the other, which is told the ids that are unknown."""
    ids = menu.host.ids()
    menu.host.menu("Event", "isvu", ids["Check now"], "clicked", ("s", ""), 0)
    events = [(ids["Below"], "clicked", ("i", 0), 7), (999, "clicked", ("i", 0), 7)]
    assert menu.host.menu("EventGroup", "a(isvu)", events) == ([999],)
    assert menu.chosen == [CHECK.command, BELOW.command]


def test_only_a_click_on_a_line_that_does_something_does_something(menu: Shown) -> None:
    """Hovering, opening, closing, and clicks on said lines, separators and submenus do nothing."""
    ids = menu.host.ids()
    for number, kind in [
        (ids["Check now"], "hovered"),
        (0, "opened"),
        (0, "closed"),
        (0, "clicked"),
        (ids["Only said"], "clicked"),
        (ids["More"], "clicked"),
        (2, "clicked"),
    ]:
        menu.host.menu("Event", "isvu", number, kind, ("i", 0), 0)
    assert not menu.chosen
    assert menu.host.menu("AboutToShow", "i", 0) == (False,)
    assert menu.host.menu("AboutToShowGroup", "ai", [0, 1, 999]) == ([], [999])


def test_a_click_on_a_marked_line_tells_its_mark_again(menu: Shown) -> None:
    """A host that flipped it by itself is set right; of a line without a mark nothing is said."""
    ids = menu.host.ids()
    menu.host.menu("Event", "isvu", ids["Check now"], "clicked", ("s", ""), 0)
    assert menu.changes() == []
    menu.host.menu("Event", "isvu", ids["Ticked"], "clicked", ("s", ""), 0)
    menu.host.signal_names()
    ((number, line),), removed = menu.host.signals[0][1]
    assert (menu.host.signal_names(), number, removed) == (["ItemsPropertiesUpdated"], ids["Ticked"], [])
    assert (line["toggle-state"], line["label"]) == (("i", 1), ("s", "Ticked"))


def test_a_changed_text_or_tick_is_told_without_a_new_layout(menu: Shown) -> None:
    """An open menu stays where it is: only the properties that changed are sent."""
    menu.show(*[replace(line, text="Other", checked=False) if line is TICK else line for line in LINES])
    assert menu.host.signal_names() == ["ItemsPropertiesUpdated"]
    ((number, changed),), removed = menu.host.signals[0][1]
    assert (changed["label"], changed["toggle-state"], removed) == (("s", "Other"), ("i", 0), [])
    assert menu.host.ids()["Other"] == number


def test_a_property_that_goes_is_told_as_gone(menu: Shown) -> None:
    """A line that loses its tick loses the properties of the tick."""
    menu.show(*[replace(line, checked=None) if line is RADIO else line for line in LINES])
    menu.host.signal_names()
    changed, ((_, removed),) = menu.host.signals[0][1]
    assert not changed
    assert sorted(removed) == ["toggle-state", "toggle-type"]


def test_lines_that_come_or_go_make_one_new_layout(menu: Shown) -> None:
    """The revision grows by one, and the ids of all that stayed are what they were."""
    before, revision = menu.host.ids(), menu.host.menu("GetLayout", "iias", 0, 0, [])[0]
    new = MenuLine("new", "New", Command(Action.FOLLOW))
    menu.show(DEFAULT, new, *LINES[1:-2], QUIT)
    assert menu.changes() == ["LayoutUpdated"]
    after = menu.host.ids()
    assert menu.host.menu("GetLayout", "iias", 0, 0, [])[0] == revision + 1
    assert after.pop("New") not in before.values()
    assert after.items() <= before.items()


def test_a_separator_stays_the_same_whatever_stands_beside_it(menu: Shown) -> None:
    """Nothing but the new lines is new to a host, in the menu and in a submenu."""

    def numbers() -> list[int]:
        (rows,) = menu.host.menu("GetGroupProperties", "aias", [], [])
        return [number for number, line in rows if line.get("type") == ("s", "separator")]

    other = MenuLine("line:2", separator=True)
    below = replace(MORE, lines=(BELOW, other, TICK))
    menu.show(DEFAULT, BETWEEN, CHECK, below, QUIT)
    before = numbers()
    new = MenuLine("new", "New", Command(Action.FOLLOW))
    newer = replace(new, key="newer")
    menu.show(
        DEFAULT, new, BETWEEN, newer, CHECK, replace(below, lines=(BELOW, new, other, newer, TICK)), QUIT
    )
    assert numbers() == before
    assert len(set(before)) == 2
    menu.show(DEFAULT, BETWEEN, other, QUIT, replace(other, key="line:3"))
    assert len(numbers()) == 1, "one of two, and none at the end"
    menu.show(other, DEFAULT, BETWEEN, replace(MORE, lines=(other, BELOW, BETWEEN)), other)
    assert len(numbers()) == 1, "none at the head, nor at either end of a submenu"


def test_an_equal_menu_makes_no_signal(menu: Shown) -> None:
    """The same lines again, as new values, are not news."""
    menu.show(*[replace(line) for line in LINES])
    assert menu.changes() == []


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (("AboutToShow", "i", 0), ("Event", "isvu", 0, "closed", ("s", ""), 0)),
        (("AboutToShowGroup", "ai", [0]), ("EventGroup", "a(isvu)", [(3, "clicked", ("i", 0), 0)])),
    ],
)
def test_an_open_menu_is_not_rebuilt(menu: Shown, opens: tuple[str, Any], closes: tuple[str, Any]) -> None:
    """New texts come at once, new lines when it is closed or a line was chosen; the newest only."""
    menu.host.menu(*opens)
    menu.show(replace(DEFAULT, text="Other"), *LINES[1:])
    assert menu.changes() == ["ItemsPropertiesUpdated"]
    menu.show(CHECK)
    menu.show(CHECK, QUIT)
    assert menu.changes() == []
    assert "Other" in menu.host.ids()
    menu.host.menu(*closes)
    assert menu.changes() == ["LayoutUpdated"]
    assert list(menu.host.ids()) == ["Check now", "Quit"]


def test_an_open_menu_tells_no_old_news(menu: Shown) -> None:
    """While lines that come and go wait, those that are there say and do at once what they now say and do."""
    menu.host.menu("AboutToShow", "i", 0)
    other = Command(Action.CHECK, "other")
    menu.show(replace(DEFAULT, text="Down"), QUIT, replace(CHECK, command=other))
    assert menu.changes() == ["ItemsPropertiesUpdated"]
    assert "Down" in menu.host.ids()
    menu.host.menu("Event", "isvu", menu.host.ids()["Check now"], "clicked", ("i", 0), 0)
    assert menu.chosen == [other]


def test_a_menu_that_never_says_it_closed_counts_as_closed_in_time(
    menu: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited is shown then, without another change to bring it."""
    monkeypatch.setattr(dbusmenu, "MAX_OPEN_TIME", 0.3)
    menu.host.menu("AboutToShow", "i", 0)
    menu.show(CHECK)
    assert menu.host.signal_names() == []
    wait_until(lambda: menu.host.signal_names() == ["LayoutUpdated"], what="the new layout")


def test_a_late_click_never_reaches_another_line(menu: Shown) -> None:
    """The id of a line that is gone does nothing, also after others came; when the line returns, so does its id."""
    old = menu.host.ids()["Check now"]
    others = [MenuLine(f"n{n}", f"N{n}", Command(Action.FOLLOW, str(n))) for n in range(20)]
    menu.show(*others)
    with pytest.raises(BusError):
        menu.host.menu("Event", "isvu", old, "clicked", ("i", 0), 0)
    assert not menu.chosen
    menu.show(*others, CHECK)
    assert menu.host.ids()["Check now"] == old


def test_two_lines_of_one_key_are_two_rows(menu: Shown) -> None:
    """A page may name two products alike; each is its own row to the host."""
    menu.show(
        MenuLine("same", "A", Command(Action.DETAILS, "a")),
        MenuLine("same", "B", Command(Action.DETAILS, "b")),
    )
    ids = menu.host.ids()
    assert ids["A"] != ids["B"]
    menu.host.menu("Event", "isvu", ids["B"], "clicked", ("i", 0), 0)
    assert menu.chosen == [Command(Action.DETAILS, "b")]


def test_texts_from_outside_are_shown_as_they_are(menu: Shown) -> None:
    """Markup stays text, an underscore marks no short cut, and what the bus would punish is taken out."""
    menu.show(MenuLine("x", HOSTILE + "\0\ud800"))
    assert list(menu.host.ids()) == [HOSTILE.replace("_", "__") + "?"]


def test_the_menu_says_what_it_offers(menu: Shown) -> None:
    """Introspection names every method that is answered, and the version is the one hosts know."""
    xml = ET.fromstring(menu.host.introspect(dbusmenu.PATH))  # noqa: S314  # our own
    methods = {method.get("name") for method in xml.iter("method")}
    assert methods == set(menu.served._methods)
    assert menu.host.properties(dbusmenu.PATH, dbusmenu.INTERFACE) == {
        "Version": 3,
        "TextDirection": "ltr",
        "Status": "normal",
        "IconThemePath": [],
    }
    assert MORE.text in menu.host.ids()


def test_what_has_long_been_gone_is_forgotten_and_no_number_comes_twice() -> None:
    """A page may post incidents without end, and each has a line of its own; the lines that stay keep their numbers."""
    ids, numbers = RowIds(), []

    def row_ids(*keys: str) -> list[int]:
        lines = tuple(MenuLine(key, key, Command(Action.CHECK)) for key in (*keys, "check", "quit"))
        return [row.id for row in build_rows(lines, ids).all_rows()][1:]

    stays = row_ids()
    for poll in range(1_000):
        *new, check, end = row_ids(*(f"{poll} {n}" for n in range(8)))
        numbers += new
        assert [check, end] == stays
    assert len(set(numbers)) == len(numbers)
    assert len(ids._known) <= 10 + SPARE_KEYS
    large = [f"large {n}" for n in range(3 * SPARE_KEYS)]
    assert row_ids(*large) == row_ids(*large), "a menu of any length keeps its own"


def test_a_lines_look_goes_as_a_picture_and_not_into_its_text(menu: Shown) -> None:
    """A PNG of the icon at a menu's size, the same bytes each time."""
    tells = tuple(
        MenuLine(f"product:{state}{hollow}", "One", CHECK.command, look=Look(state, hollow=hollow))
        for state in State
        for hollow in (False, True)
    )
    menu.show(*tells)
    rows = [row for _, row in menu.host.layout()[2]]
    assert {row[1]["label"] for row in rows} == {("s", "One")}
    for each, row in zip(tells, rows, strict=True):
        kind, data = row[1]["icon-data"]
        assert kind == "ay"
        picture = Image.open(io.BytesIO(bytes(data)))
        assert each.look
        assert picture.convert("RGBA").tobytes() == draw_icon(each.look, PICTURE_SIZE).tobytes()


def test_a_picture_is_drawn_once() -> None:
    """However often the menu is made anew."""
    first, again = (build_rows((replace(CHECK, look=Look(State.MAJOR)),), RowIds()) for _ in range(2))
    assert first.rows[0].properties["icon-data"][1] is again.rows[0].properties["icon-data"][1]


def test_a_look_that_changes_or_goes_is_told(menu: Shown) -> None:
    """Without a new layout, so that an open menu stays."""

    def bears(look: Look | None) -> None:
        menu.show(replace(CHECK, look=look))

    bears(Look(State.MAJOR))
    menu.changes()
    bears(Look(State.OPERATIONAL))
    assert menu.changes() == ["ItemsPropertiesUpdated"]
    bears(None)
    assert menu.changes() == ["ItemsPropertiesUpdated"]
    ((_, row),) = menu.host.layout()[2]
    assert "icon-data" not in row[1]
