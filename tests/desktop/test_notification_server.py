"""What notification servers other than dunst do, played by a stand-in on a real bus."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from PIL import Image

from tests.desktop.buses import PrivateBus, Service
from tests.desktop.desktops import wait_until
from trayapp.desktop.dbus.bus import Bus, MethodCall, MethodReply
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.notifications import freedesktop
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.freedesktop import PATH, SERVER, FreedesktopNotifier
from trayapp.model import Action, Command, Look, Notification, NotificationKind, State, Urgency

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(
        shutil.which("dbus-daemon") is None, reason="needs dbus-daemon; `make desktop-tools` installs it"
    ),
]

START = Notification(
    id="n1",
    kind=NotificationKind.START,
    title="Chat & more",
    body="<b>it's</b> & down",
    thread="inc-1",
    click=Command(Action.DETAILS, "inc-1"),
    button="Details",
)
LABELS = ("app", "replaces", "icon", "title", "body", "actions", "hints", "expires")


class Server(Service):
    """A notification server whose every word the test gives."""

    def __init__(self) -> None:
        super().__init__(SERVER, PATH)
        self.can("actions", "body", "body-markup")
        self.gives(1)

    def can(self, *abilities: str) -> None:
        """Name its abilities."""
        self.answers["GetCapabilities"] = MethodReply("as", (list(abilities),))

    def gives(self, number: int) -> None:
        """Set the number that the next notification gets."""
        self.answers["Notify"] = MethodReply("u", (number,))

    def says(self, member: str, signature: str, *body: object) -> None:
        """Emit a signal."""
        self.bus.emit(PATH, SERVER, member, signature, body)

    @property
    def closed(self) -> list[int]:
        """The numbers that it was asked to close."""
        return [body[0] for member, body in self.calls if member == "CloseNotification"]

    @property
    def last(self) -> dict[str, Any]:
        """What it was last asked to show, by name."""
        body = next(body for member, body in reversed(self.calls) if member == "Notify")
        return dict(zip(LABELS, body, strict=True))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus with nobody on it."""
    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    yield
    bus.close()


@pytest.fixture
def server(session: None) -> Iterator[Server]:
    """A server on the bus."""
    server = Server()
    yield server
    server.bus.close()


@pytest.fixture
def commands() -> list[Command]:
    """What clicks asked for."""
    return []


@pytest.fixture
def notifier(server: Server, commands: list[Command], tmp_path: Path) -> Iterator[FreedesktopNotifier]:
    """The part under test, on the same bus."""
    bus = Bus.connect()
    yield FreedesktopNotifier(bus, commands.append, tmp_path / "pictures")
    bus.close()


def test_a_notice_is_asked_for_in_the_specs_terms(server: Server, notifier: FreedesktopNotifier) -> None:
    """Urgency, lasting, desktop entry, actions and escaped body go where the specification wants them."""
    notifier.show(replace(START, urgency=Urgency.CRITICAL, lasting=True))
    assert server.last == {
        "app": "OpenAI Status Tray",
        "replaces": 0,
        "icon": "",
        "title": "Chat & more",
        "body": "&lt;b&gt;it's&lt;/b&gt; &amp; down",
        "actions": ["default", "", "details", "Details"],
        "hints": {
            "urgency": ("y", 2),
            "category": ("s", "network.error"),
            "desktop-entry": ("s", "openai-status-tray"),
        },
        "expires": 0,
    }


def test_a_notice_brings_the_look_it_is_about(server: Server, notifier: FreedesktopNotifier) -> None:
    """As pixels in the specification's own form: red, green, blue and alpha, eight bits each, row by row."""
    look = Look(State.MAJOR, hollow=True)
    notifier.show(replace(START, look=look))
    kind, (width, height, a_row, has_alpha, bits, channels, data) = server.last["hints"]["image-data"]
    assert (kind, has_alpha, bits, channels) == ("(iiibiiay)", True, 8, 4)
    assert a_row == 4 * width
    assert data == draw_icon(look, width).tobytes()
    assert len(data) == a_row * height


def test_an_ordinary_notice_goes_when_the_server_likes(server: Server, notifier: FreedesktopNotifier) -> None:
    """A notice that does not last has normal urgency and no time of its own; without a label, no button."""
    notifier.show(replace(START, kind=NotificationKind.END, button=""))
    assert server.last["expires"] == -1
    assert server.last["hints"]["urgency"] == ("y", 1)
    assert server.last["hints"]["category"] == ("s", "network")
    assert server.last["actions"] == ["default", ""]


@pytest.mark.parametrize(
    ("abilities", "body"),
    [
        (["body", "body-markup"], "&lt;b&gt;it's&lt;/b&gt; &amp; down"),
        (["body", "body-hyperlinks"], "&lt;b&gt;it's&lt;/b&gt; &amp; down"),
        (["body"], "<b>it's</b> & down"),
        ([], "<b>it's</b> & down"),
    ],
)
def test_the_body_is_escaped_where_it_is_drawn_as_markup(
    server: Server, notifier: FreedesktopNotifier, abilities: list[str], body: str
) -> None:
    """A server that draws markup gets it escaped, one that does not gets the text as it is; no actions unasked."""
    server.can(*abilities)
    notifier.show(START)
    assert server.last["body"] == body
    assert server.last["actions"] == []


def test_a_server_that_does_not_know_its_abilities_is_reckoned_with(
    server: Server, notifier: FreedesktopNotifier
) -> None:
    """An unknown GetCapabilities means no actions and an escaped body; the next notice asks again."""
    known = server.answers.pop("GetCapabilities")
    notifier.show(START)
    assert server.last["actions"] == []
    assert server.last["body"].startswith("&lt;")
    server.answers["GetCapabilities"] = known
    notifier.show(START)
    assert server.last["actions"] == ["default", "", "details", "Details"]


def test_a_refusal_is_an_error_of_this_notifier(server: Server, notifier: FreedesktopNotifier) -> None:
    """A server that refuses Notify is a NotifyError, so that the next way is tried."""
    del server.answers["Notify"]
    with pytest.raises(NotifyError) as refused:
        notifier.show(START)
    assert not refused.value.perhaps_shown


def test_a_server_too_slow_to_answer_may_have_shown_it(
    server: Server, notifier: FreedesktopNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tries again has to know: it was taken, and nobody can say what became of it."""
    told = threading.Event()

    def slow(call: MethodCall) -> MethodReply:
        if call.member == "Notify":
            told.wait(20)
        return server.answers[call.member]

    server.bus.serve(PATH, slow)
    monkeypatch.setattr(freedesktop, "SHOW_TIMEOUT", 1.0)
    with pytest.raises(NotifyError) as unanswered:
        notifier.show(START)
    told.set()
    assert unanswered.value.perhaps_shown


@pytest.mark.parametrize("key", ["default", "details"])
def test_body_and_button_do_the_same(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command], key: str
) -> None:
    """Either action brings the notice's own command."""
    notifier.show(START)
    server.says("ActionInvoked", "us", 1, key)
    wait_until(lambda: commands, what="the click")
    assert commands == [Command(Action.DETAILS, "inc-1")]


def test_the_activation_token_comes_with_the_click(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command]
) -> None:
    """A token is kept for the next click on the same notice, and used once."""
    notifier.show(START)
    server.gives(2)
    notifier.show(replace(START, thread="inc-2", click=Command(Action.DETAILS, "inc-2")))
    server.says("ActivationToken", "us", 1, "token-1")
    server.says("ActionInvoked", "us", 2, "default")
    server.says("ActionInvoked", "us", 1, "default")
    server.says("NotificationClosed", "uu", 1, 2)
    server.says("ActionInvoked", "us", 1, "default")
    wait_until(lambda: len(commands) == 3, what="three clicks")
    assert [(command.argument, command.token) for command in commands] == [
        ("inc-2", ""),
        ("inc-1", "token-1"),
        ("inc-1", ""),
    ]


def test_a_click_that_is_told_several_times_counts_once(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GNOME Shell tells it once for each time the notice was replaced, and closes it then; a later click counts."""
    notifier.show(START)
    notifier.show(START)
    for member, signature, *more in (
        ("ActionInvoked", "us", "default"),
        ("ActionInvoked", "us", "default"),
        ("NotificationClosed", "uu", 2),
        ("ActionInvoked", "us", "details"),
    ):
        server.says(member, signature, 1, *more)
    wait_until(lambda: len(commands) == 2, what="two clicks")
    monkeypatch.setattr(freedesktop, "CLICK_WINDOW", 0.0)
    server.says("ActionInvoked", "us", 1, "default")
    wait_until(lambda: len(commands) == 3, what="the third")


def test_other_programs_clicks_are_not_ours(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command], session: None
) -> None:
    """Numbers that were never given to us, and signals of somebody who is not the server, lead nowhere."""
    notifier.show(START)
    stranger = Bus.connect()
    stranger.emit(PATH, SERVER, "ActionInvoked", "us", (1, "default"))
    stranger.call(SERVER, PATH, SERVER, "GetCapabilities")  # answered: the bus has passed the signal on
    stranger.close()
    server.says("ActivationToken", "us", 77, "not ours")
    server.says("ActionInvoked", "us", 77, "default")
    server.says("NotificationClosed", "uu", 77, 2)
    server.says("ActionInvoked", "us", 1, "details")
    wait_until(lambda: commands, what="our own click")
    assert commands == [Command(Action.DETAILS, "inc-1")]


@pytest.mark.parametrize("member", ["ActionInvoked", "ActivationToken", "NotificationClosed"])
@pytest.mark.parametrize(
    ("signature", "values"),
    [("", ()), ("u", (1,)), ("ua{yu}", (1, {1: 1})), ("uau", (1, [])), ("s", ("1",)), ("su", ("1", 1))],
)
def test_a_signal_of_another_form_is_nothing(  # noqa: PLR0917  # the case, and who takes part
    server: Server,
    notifier: FreedesktopNotifier,
    commands: list[Command],
    caplog: pytest.LogCaptureFixture,
    member: str,
    signature: str,
    values: tuple[object, ...],
) -> None:
    """With too few values, or others: no fault, and the next click counts."""
    notifier.show(START)
    server.says(member, signature, *values)
    server.says("ActionInvoked", "us", 1, "default")
    wait_until(lambda: commands, what="the click")
    assert not caplog.records


def test_replacement_follows_the_servers_numbers(server: Server, notifier: FreedesktopNotifier) -> None:
    """The newest number of a thread is replaced, also where the server answers a replacement with a new one."""
    notifier.show(START)
    server.gives(5)
    notifier.show(START)
    assert server.last["replaces"] == 1
    notifier.show(START)
    assert server.last["replaces"] == 5


def test_a_closed_notification_is_not_replaced(server: Server, notifier: FreedesktopNotifier) -> None:
    """What the person closed comes back as a new notification; the close of an older number changes nothing."""
    notifier.show(START)
    server.gives(2)
    notifier.show(START)
    server.says("NotificationClosed", "uu", 1, 2)
    notifier.show(START)
    assert server.last["replaces"] == 2
    server.says("NotificationClosed", "uu", 2, 2)
    wait_until(lambda: not notifier._displayed, what="the close to arrive")
    notifier.show(START)
    assert server.last["replaces"] == 0


@pytest.mark.parametrize("reason", [3, 4])
def test_what_a_server_closes_after_its_replacement_still_stands(
    server: Server, notifier: FreedesktopNotifier, reason: int
) -> None:
    """Some say of what was just replaced that it is closed, after their answer: the next notice replaces it still."""
    notifier.show(START)
    notifier.show(START)
    server.says("NotificationClosed", "uu", 1, reason)
    notifier.show(START)  # the server answers it after it has said that
    assert server.last["replaces"] == 1


def test_an_end_replaces_one_notice_of_what_it_ends_and_takes_back_the_others(
    server: Server, notifier: FreedesktopNotifier
) -> None:
    """What one cause did to several products was told one by one, and is over at once."""
    for number, thread in enumerate(("inc-1", "inc-2", "inc-3"), start=1):
        server.gives(number)
        notifier.show(replace(START, thread=thread, lasting=True))
    server.gives(2)
    notifier.show(replace(START, kind=NotificationKind.END, thread="inc-4", ends=("inc-2", "inc-1")))
    assert server.last["replaces"] == 2
    wait_until(lambda: server.closed, what="the other one taken back")
    assert server.closed == [1]


def test_only_what_lasts_is_taken_back_and_only_once(server: Server, notifier: FreedesktopNotifier) -> None:
    """A start that its end has replaced is gone already, and what goes by itself is left alone."""
    for number, lasting in ((1, True), (2, False), (3, True)):
        server.gives(number)
        notifier.show(replace(START, thread=f"inc-{number}", lasting=lasting))
    notifier.show(replace(START, thread="inc-3", kind=NotificationKind.END))
    for _ in range(2):
        notifier.withdraw(("inc-1", "inc-2", "inc-3", "inc-4"))
    notifier.close()
    notifier._bus.call(SERVER, PATH, SERVER, "GetCapabilities")  # answered after all that came before
    assert server.closed == [1]


def test_a_standing_notice_is_known_again_on_the_same_bus_with_the_same_server_alone(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command], tmp_path: Path
) -> None:
    """A later run replaces it and follows its click; of another bus, where the server has the same name, it is nothing."""
    standing = notifier.show(START)
    assert standing
    bus_id, owner = standing.server.split()
    assert owner == server.bus.unique_name
    for where, replaced in (
        (f"{'0' * len(bus_id)} {owner}", 0),
        (f"{bus_id} :1.999", 0),
        (standing.server, 1),
    ):
        later = Bus.connect()
        run = FreedesktopNotifier(later, commands.append, tmp_path)
        run.restore_displayed({START.thread: replace(standing, server=where)})
        server.says("ActionInvoked", "us", 1, "default")
        run.show(START)
        assert server.last["replaces"] == replaced
        later.close()
    wait_until(lambda: len(commands) >= 2, what="the clicks")
    assert set(commands) == {START.click}


def test_a_server_that_is_blind_to_pixels_gets_a_file_and_others_pixels(
    server: Server, notifier: FreedesktopNotifier, tmp_path: Path
) -> None:
    """By the name that it gives itself; the file is a picture of the look, this user's alone, and gone at the end."""
    look = Look(State.PARTIAL, hollow=True)
    notifier.show(replace(START, look=look))
    assert "image-data" in server.last["hints"]
    server.bus.close()
    mako = Server()
    mako.answers["GetServerInformation"] = MethodReply("ssss", ("mako", "emersion", "1.10.0", "1.2"))
    wait_until(lambda: notifier._owner == mako.bus.unique_name, what="the new server noticed")
    for again in range(2):
        notifier.show(replace(START, look=look))
        hints = mako.last["hints"]
        assert "image-data" not in hints
        file = Path(url2pathname(urlsplit(hints["image-path"][1]).path))
        with Image.open(file) as picture:
            assert picture.tobytes() == draw_icon(look, picture.width).tobytes()
        assert file.stat().st_mode & 0o777 == 0o600
        file.unlink(missing_ok=bool(again))
    notifier.close()
    assert not list((tmp_path / "pictures").iterdir())
    mako.bus.close()


def test_where_no_picture_can_be_written_the_notice_comes_without(
    server: Server, notifier: FreedesktopNotifier, tmp_path: Path
) -> None:
    """Pixels would silence that server."""
    server.answers["GetServerInformation"] = MethodReply("ssss", ("mako", "emersion", "1.10.0", "1.2"))
    (tmp_path / "pictures").write_text("a file in the folder's place")
    notifier.show(replace(START, look=Look(State.MAJOR)))
    assert not {"image-data", "image-path"} & server.last["hints"].keys()


def test_a_new_server_starts_afresh(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command]
) -> None:
    """When the server's owner changes, its old numbers neither replace nor click."""
    notifier.show(START)
    server.bus.close()
    wait_until(lambda: not notifier._clicks, what="the server's end to be noticed")
    successor = Server()
    try:
        successor.says("ActionInvoked", "us", 1, "default")
        notifier.show(START)
        assert successor.last["replaces"] == 0
        assert not commands
    finally:
        successor.bus.close()


def test_only_the_latest_clicks_are_remembered(server: Server, notifier: FreedesktopNotifier) -> None:
    """A program that runs for months does not gather numbers without end."""
    for number in range(1, 101):
        server.gives(number)
        notifier.show(replace(START, thread=f"inc-{number % 10}"))
    assert len(notifier._clicks) == 64
    assert len(notifier._displayed) == 10


def test_after_close_clicks_lead_nowhere(
    server: Server, notifier: FreedesktopNotifier, commands: list[Command]
) -> None:
    """A notifier that was closed follows no click on what it showed before."""
    notifier.show(START)
    notifier.close()
    server.says("ActionInvoked", "us", 1, "default")
    notifier.show(replace(START, click=Command(Action.OPEN_PAGE)))
    server.says("ActionInvoked", "us", 1, "default")
    wait_until(lambda: commands, what="the click on the new one")
    assert commands == [Command(Action.OPEN_PAGE)]


def test_a_lost_bus_is_an_error_of_this_notifier(server: Server, notifier: FreedesktopNotifier) -> None:
    """Without its bus the notifier refuses at once."""
    notifier._bus.close()
    with pytest.raises(NotifyError):
        notifier.show(START)
