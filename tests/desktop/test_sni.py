"""The StatusNotifierItem over the bus: what is registered where, what is read, and what is signalled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Reader, Watcher
from tests.desktop.views import CHECK, DEFAULT, HOSTILE, LINES, RADIO, TICK, view_of
from trayapp.desktop.dbus.bus import Bus, BusError
from trayapp.desktop.tray.linux import sni, sni_item
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE
from trayapp.desktop.tray.linux.sni import StatusNotifierItem
from trayapp.model import Action, Command, Look, MenuLine, State

pytestmark = pytest.mark.desktop

Join = Callable[[], Bus]


def paint(look: Look, size: int) -> Image.Image:
    """A drawing whose bytes tell the look and the order of the channels."""
    red = 10 + list(State).index(look.state)
    return Image.new("RGBA", (size, size), (red, 20, 30, 200))


@dataclass
class Home:
    """An item on a bus of its own, and its host."""

    item: StatusNotifierItem
    host: Reader
    acts: list[Command]
    name: str
    changes: list[bool]
    clock: list[float]
    """Seconds, which go by as a test lets them."""


@pytest.fixture
def home(join: Join) -> Home:
    """An item that nobody shows yet."""
    ours, acts, changes, clock = join(), list[Command](), list[bool](), [100.0]
    icon = StatusNotifierItem(
        ours, paint, acts.append, lambda: changes.append(icon.is_docked), lambda: clock[0]
    )
    return Home(icon, Reader(join(), ours.unique_name), acts, ours.unique_name, changes, clock)


def click(home: Home, line: MenuLine) -> None:
    """Choose a line of the menu, as a host does."""
    home.host.menu("Event", "isvu", home.host.ids()[line.text], "clicked", ("i", 0), 0)


def test_the_icon_is_registered_where_a_host_is(home: Home, join: Join) -> None:
    """By the path of its object, as soon as there is something to show and not before; a new look is no reason."""
    watcher = Watcher(join(), has_host=True)
    watcher.host_comes()
    with pytest.raises(BusError, match="nothing to show yet"):
        home.host.property("Title")
    assert not watcher.registered
    home.item.show(view_of())
    wait_until(lambda: home.item.is_docked, what="docked")
    home.item.show(view_of(State.MAJOR))
    assert home.host.signal_names() == ["LayoutUpdated", "NewTitle", "NewIcon"]
    assert watcher.registered == [(home.name, "/StatusNotifierItem")]
    assert home.changes == [True]


def test_each_announcement_of_a_host_registers_the_icon_again(home: Home, join: Join) -> None:
    """A watcher that dropped it takes it back; one that has it passes over it. To the tray nothing has changed."""
    watcher = Watcher(join(), has_host=True)
    home.item.show(view_of())
    wait_until(lambda: home.item.is_docked, what="docked")
    watcher.host_comes()
    wait_until(lambda: watcher.registered == [(home.name, "/StatusNotifierItem")] * 2, what="the second time")
    assert home.changes == [True]


def test_a_watcher_without_a_host_is_not_a_tray(home: Home, join: Join) -> None:
    """It is waited for a host; when one comes the icon is registered, when it goes the icon is not shown."""
    watcher = Watcher(join(), has_host=False)
    home.item.show(view_of())
    wait_until(lambda: "without a host" in home.item.reason, what="the watcher's word")
    assert not watcher.registered
    watcher.host_comes()
    wait_until(lambda: home.item.is_docked, what="docked")
    watcher.host_goes()
    wait_until(lambda: not home.item.is_docked, what="not docked")
    assert home.changes == [True, False]


def test_the_icon_is_registered_again_with_a_new_watcher(home: Home, join: Join) -> None:
    """A panel that dies takes the registration with it; the next one gets the look of that moment."""
    first = Watcher(join(), has_host=True)
    home.item.show(view_of())
    wait_until(lambda: home.item.is_docked, what="docked")
    first.bus.close()
    wait_until(lambda: not home.item.is_docked, what="not docked")
    home.item.show(view_of(State.MAJOR))
    second = Watcher(join(), has_host=True)
    wait_until(lambda: home.item.is_docked, what="docked again")
    assert len(second.registered) == 1
    assert home.host.property("Title") == "title major_outage"


@pytest.mark.parametrize("handed_over", ["by the queue", "by replacement"])
def test_the_icon_is_registered_with_each_next_watcher_without_a_gap_between(
    home: Home, join: Join, handed_over: str
) -> None:
    """The name goes from panel to panel and is never free, and nobody announces a host: the icon goes with it."""
    watchers = [Watcher(join(), has_host=True, gives_way=True)]
    home.item.show(view_of())
    wait_until(lambda: watchers[0].registered, what="the first")
    for _ in range(4):
        replaces = handed_over == "by replacement"
        watchers.append(Watcher(join(), has_host=True, gives_way=True, replaces=replaces))
        if not replaces:
            watchers[-2].bus.close()
        wait_until(lambda: watchers[-1].registered and home.item.is_docked, what="the next")
    # With the first, "it is there" and its announcement may cross, and then it is told twice.
    assert [len(watcher.registered) for watcher in watchers[1:]] == [1] * 4
    assert home.changes == [True] + [False, True] * 4


def test_what_an_earlier_watcher_answers_late_counts_for_nothing(home: Home, join: Join) -> None:
    """It took the icon, but too late: the one that has its name now has no host, so no icon is seen."""
    first = Watcher(join(), has_host=True, gives_way=True)
    first.may_answer.clear()
    home.item.show(view_of())
    wait_until(lambda: first.registered, what="the question")
    Watcher(join(), has_host=False, replaces=True)
    wait_until(lambda: "without a host" in home.item.reason, what="the second one's word")
    first.may_answer.set()
    assert Reader(first.bus, home.name).property("Title")  # so its answer, which was sent before, has come
    assert not home.changes


def test_a_watcher_that_refuses_is_no_home(home: Home, join: Join) -> None:
    """It is said why, and the next announcement of a host is tried again."""
    watcher = Watcher(join(), has_host=True)
    watcher.refuses = True
    home.item.show(view_of())
    wait_until(lambda: "refused" in home.item.reason, what="the refusal")
    assert not home.item.is_docked
    watcher.refuses = False
    watcher.host_comes()
    wait_until(lambda: home.item.is_docked, what="docked")


def test_a_lost_bus_leaves_no_icon(home: Home, join: Join, private_bus: PrivateBus) -> None:
    """The item knows, and showing more harms nobody."""
    Watcher(join(), has_host=True)
    home.item.show(view_of())
    wait_until(lambda: home.item.is_docked, what="docked")
    private_bus.close()
    wait_until(lambda: not home.item.is_docked, what="not docked")
    home.item.show(view_of(State.MAJOR))
    home.item.stop()


def test_a_host_reads_all_properties_in_their_types(home: Home) -> None:
    """Pixmaps at five sizes as ARGB in network byte order, no icon name, a menu that is not the whole item."""
    home.item.show(view_of(State.OPERATIONAL, "tip"))
    values = home.host.properties()
    assert [(w, h, len(data)) for w, h, data in values["IconPixmap"]] == [
        (s, s, 4 * s * s) for s in sni.SIZES
    ]
    assert values["IconPixmap"][0][2][:4] == bytes([200, 10, 20, 30])
    assert values["ToolTip"] == ("", [], "tip", "")
    assert values["Menu"] == "/MenuBar"
    assert (values["Id"], values["Category"]) == ("openai-status-tray", "ApplicationStatus")
    assert (values["Status"], values["ItemIsMenu"], values["IconName"]) == ("Active", False, "")
    assert values["AttentionIconPixmap"] == []
    assert values["IconAccessibleDesc"] == values["Title"] == "title operational"


def test_an_outage_asks_for_attention_with_an_icon_of_its_own(home: Home) -> None:
    """A host that marks the icon finds one to show, and none when the outage is over."""
    home.item.show(view_of(State.MAJOR, attention=True))
    values = home.host.properties()
    assert values["Status"] == "NeedsAttention"
    assert values["AttentionIconPixmap"] == values["IconPixmap"]
    home.item.show(view_of(State.MAJOR))
    assert home.host.signal_names() == ["LayoutUpdated", "NewAttentionIcon", "NewStatus"]
    assert home.host.signals[-1] == ("NewStatus", ("Active",))


def test_only_what_differs_is_signalled(home: Home) -> None:
    """Equal views make no traffic, a new tooltip only its own signal."""
    view = view_of()
    home.item.show(view)
    home.host.signal_names()
    home.host.signals.clear()
    home.item.show(view_of(menu=tuple(replace(line) for line in LINES)))
    assert home.host.signal_names() == []
    home.item.show(replace(view, tooltip="other"))
    assert home.host.signal_names() == ["NewToolTip"]
    home.item.show(replace(view, tooltip="other", title="other"))
    assert home.host.signal_names() == ["NewToolTip", "NewTitle", "NewIcon"]


def test_a_signal_never_comes_before_what_it_announces(home: Home, join: Join) -> None:
    """Whoever reads at the signal reads the new state."""
    home.item.show(view_of())
    listener, seen = join(), list[str]()
    reader = Reader(join(), home.name)
    listener.on_signal(sni_item.INTERFACE, "NewTitle", lambda *_: seen.append("signal"), sender=home.name)
    for state in State:
        before = len(seen)
        home.item.show(view_of(state))
        if state is not State.OPERATIONAL:
            wait_until(lambda before=before: len(seen) > before, what="the signal")  # type: ignore[misc]
        assert reader.property("Title") == f"title {state}"


@pytest.mark.parametrize("member", ["Activate", "SecondaryActivate"])
def test_a_click_on_the_icon_does_what_the_default_line_says(home: Home, member: str) -> None:
    """Left and middle alike."""
    home.item.show(view_of())
    home.host.do(member, "ii", 3, 4)
    assert home.acts == [DEFAULT.command]


def test_the_leave_to_raise_a_window_goes_with_one_command(home: Home) -> None:
    """The desktop's token comes first, the click takes it, the next click has none."""
    home.item.show(view_of())
    home.host.do("ProvideXdgActivationToken", "s", "token-1")
    home.host.do("Activate", "ii", 0, 0)
    home.clock[0] += 1.0
    home.host.do("Activate", "ii", 0, 0)
    assert [command.token for command in home.acts] == ["token-1", ""]


@pytest.mark.parametrize("member", ["Activate", "SecondaryActivate"])
def test_a_hail_of_clicks_on_the_icon_opens_one_page_a_second(home: Home, member: str) -> None:
    """However many calls: one page, and the next a second later."""
    home.item.show(view_of())
    for second in range(5):
        for _ in range(50):
            home.host.do(member, "ii", 0, 0)
        assert len(home.acts) == second + 1
        home.clock[0] += 1.0


def test_a_hail_of_clicks_on_every_line_opens_a_page_a_second_at_most(home: Home) -> None:
    """By whichever method and on whichever line: three at once, and one for each second over the whole."""
    pages = [MenuLine(f"inc:{n}", f"Incident {n}", Command(Action.OPEN_INCIDENT, f"i{n}")) for n in range(20)]
    home.item.show(view_of(menu=(DEFAULT, *pages)))
    for _ in range(12):
        home.host.do("Activate", "ii", 0, 0)
        for line in pages:
            click(home, line)
        home.clock[0] += 1.0
    assert 12 <= len(home.acts) <= 14


def test_two_choices_in_one_second_are_both_made(home: Home) -> None:
    """A person who is quick with the menu loses nothing; the same line twice in a second is once."""
    home.item.show(view_of())
    for _ in range(20):
        for line in (CHECK, TICK, RADIO):
            click(home, line)
    assert home.acts == [CHECK.command, TICK.command, RADIO.command]


def test_what_needs_no_answer_is_taken_and_what_is_unknown_refused(
    home: Home, join: Join, caplog: pytest.LogCaptureFixture
) -> None:
    """ContextMenu and Scroll do nothing; a menu without a default line makes a click do nothing."""
    home.item.show(view_of(menu=(CHECK,)))
    home.host.do("ContextMenu", "ii", 0, 0)
    home.host.do("Scroll", "is", -1, "vertical")
    home.host.do("Activate", "ii", 0, 0)
    assert not home.acts
    with pytest.raises(BusError, match="UnknownMethod"):
        home.host.do("Explode")
    with pytest.raises(BusError, match="UnknownProperty"):
        home.host.property("Colour")
    with pytest.raises(BusError, match="UnknownInterface"):
        home.host.properties(interface="org.example.Other")
    with pytest.raises(BusError, match=r"InvalidArgs: Activate takes \(ii\)"):
        home.host.do("Activate", "s", "3")
    with pytest.raises(BusError, match=r"InvalidArgs: Get takes \(ss\)"):
        join().call(home.name, sni.PATH, PROPERTIES_INTERFACE, "Get", "s", ("Title",))
    with pytest.raises(BusError, match="PropertyReadOnly"):
        join().call(
            home.name, sni.PATH, PROPERTIES_INTERFACE, "Set", "ssv", (sni_item.INTERFACE, "Title", ("s", "x"))
        )
    with pytest.raises(BusError, match="UnknownInterface"):
        join().call(home.name, sni.PATH, "org.example.Other", "Activate", "ii", (0, 0))
    assert not caplog.records


def test_stopping_hides_the_icon_at_once(home: Home) -> None:
    """A host is told before the connection ends."""
    home.item.show(view_of())
    home.item.stop()
    assert home.host.signal_names() == ["LayoutUpdated", "NewStatus"]
    assert home.host.property("Status") == "Passive"


def test_texts_from_outside_pass_the_bus(home: Home) -> None:
    """What the bus would punish is taken out of tooltip, title and menu, and what is markup to some of the tooltip."""
    view = view_of(tooltip=HOSTILE + "\0", menu=(MenuLine("a", HOSTILE + "\ud800", Command(Action.CHECK)),))
    home.item.show(replace(view, title="\0"))
    assert home.host.property("ToolTip")[2] == HOSTILE.replace("<", "‹").replace(">", "›").replace("&", "+")
    assert home.host.property("Title") == "OpenAI Status Tray"
    assert len(home.host.ids()) == 1


def test_the_item_says_what_it_offers(home: Home) -> None:
    """Introspection names the properties that are answered."""
    home.item.show(view_of())
    xml = ET.fromstring(home.host.introspect(sni.PATH))  # noqa: S314  # our own
    assert {found.get("name") for found in xml.iter("property")} == set(home.host.properties())
