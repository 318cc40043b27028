"""The icon in macOS's menu bar: pystray's own back end on stand-ins for AppKit that refuse any other thread."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue

import pytest

from tests.desktop.cocoa import AT_BIRTH, PLACED, SLEEPS, WAKES, MenuBar, NSMenuItem, NSWindow, OffMain, Rect
from tests.desktop.desktops import wait_until
from tests.desktop.views import BELOW, CHECK, DEFAULT, HOSTILE, LINES, QUIT, RADIO, TICK, English, view_of
from trayapp.app.languages import load_translator
from trayapp.commands.doctor.desktop import tray_finding as tray_found
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.desktop.tray import chooser
from trayapp.desktop.tray.backend import BackEndKind, TrayHost
from trayapp.desktop.tray.host import find_tray_host
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.desktop.tray.macos import menubar
from trayapp.desktop.tray.macos.tray import MacTray
from trayapp.model import Action, Command, State


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Iterator[MenuBar]:
    """An empty menu bar."""
    bar = MenuBar(monkeypatch)
    yield bar
    bar.close()


@pytest.fixture
def commands() -> list[Command]:
    """What a person did."""
    return []


@pytest.fixture
def tray(mac: MenuBar, commands: list[Command]) -> MacTray:
    """A tray that does not run yet."""
    return MacTray(draw_icon, commands.append)


@contextmanager
def beside(work: Callable[[], None], tray: MacTray) -> Iterator[None]:
    """Do something on another thread while the main one runs the tray; then stop it, whatever came of it."""
    failed: list[BaseException] = []

    def do_work() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # it is raised where the test sees it
            failed.append(error)
        tray.stop()

    thread = threading.Thread(target=do_work)
    thread.start()
    yield
    thread.join()
    if failed:
        raise failed[0]


def on_main(mac: MenuBar, function: Callable[[], None]) -> None:
    """Have it done on the main thread, and wait for it."""
    over: list[BaseException | None] = []

    def try_function() -> None:
        try:
            function()
        except BaseException as error:  # noqa: BLE001  # it is raised on the thread that waits
            over.append(error)
        else:
            over.append(None)

    mac.loop.call_after(try_function)
    wait_until(lambda: over, what="the main thread")
    if over[0] is not None:
        raise over[0]


def titles(items: list[NSMenuItem]) -> list[str]:
    """What the lines say."""
    return [item.title for item in items]


def test_a_thousand_views_from_four_threads_reach_the_icon_on_the_main_thread(
    mac: MenuBar, tray: MacTray, caplog: pytest.LogCaptureFixture
) -> None:
    """No other thread touches AppKit, and the newest View is what stays."""

    def work() -> None:
        def give(name: int) -> None:
            for number in range(250):
                tray.show(view_of(State.MAJOR if number % 2 else State.OPERATIONAL, f"{name}: {number}"))

        threads = [threading.Thread(target=give, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tray.show(view_of(State.DEGRADED, "the newest"))

        def assert_newest() -> None:
            assert mac.button.tooltip == "the newest"

        on_main(mac, assert_newest)

    with beside(work, tray):
        tray.run()
    assert mac.bar.items == []
    assert caplog.records == []


def test_the_stand_in_refuses_other_threads(mac: MenuBar, tray: MacTray) -> None:
    """What the other tests rest on: a setter of pystray's, called from a thread, is an error here."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, print)
    caught: list[type[BaseException]] = []

    def touch() -> None:
        try:
            icon._icon.visible = True
            icon.show(view_of())
        except (OffMain, ValueError) as error:
            caught.append(type(error))
        try:
            icon._icon._show()
        except OffMain as error:
            caught.append(type(error))

    thread = threading.Thread(target=touch)
    thread.start()
    thread.join()
    assert caught[-1] is OffMain


def test_views_that_come_faster_than_the_main_thread_cost_one_hop(mac: MenuBar, tray: MacTray) -> None:
    """While one is under way, the next ones ride along."""
    for number in range(1000):
        tray.show(view_of(tooltip=str(number)))
    assert mac.loop.hops == 1


def test_the_icon_is_there_without_a_thread_of_pystrays(mac: MenuBar, tray: MacTray) -> None:
    """A View given before is shown at once; pystray's own set-up, which would do it from a thread, is not begun."""
    before = set(threading.enumerate())
    tray.show(view_of(tooltip=HOSTILE))

    def work() -> None:
        wait_until(tray.is_docked)
        assert tray.explain() == ["menu bar: shows the icon"]
        ours = {thread.name for thread in set(threading.enumerate()) - before} - {
            threading.current_thread().name
        }
        assert ours == {"signals"}

        def assert_icon() -> None:
            assert (mac.button.tooltip, mac.button.label) == (HOSTILE, "title operational")
            assert mac.app.policy == 1, "not in the Dock"
            assert mac.activities == ["polls the status page on time"]

        on_main(mac, assert_icon)

    with beside(work, tray):
        tray.run()
    assert not tray.is_docked()
    assert tray.explain() == ["menu bar: no icon yet"]
    assert mac.activities == []


def test_the_item_has_a_name_of_its_own_and_a_program_that_is_known(mac: MenuBar) -> None:
    """Else macOS 26 may keep it hidden for ever, or draw nothing: an accessory first, then active, then the item."""
    menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, print)
    assert mac.item.autosave_name == "openai-status-tray"
    assert mac.bar.made_after == ["policy", "active"]


def test_an_icon_that_is_not_allowed_in_the_menu_bar_is_said_once(
    mac: MenuBar, commands: list[Command], caplog: pytest.LogCaptureFixture
) -> None:
    """Once it has had no place for longer than macOS takes to find one; and it counts as seen again when it has one."""
    seconds = iter([100.0, 105.0, 110.0, 200.0, 300.0, 400.0])
    tray = MacTray(draw_icon, commands.append, clock=lambda: next(seconds))
    seen: list[bool] = []

    def work() -> None:
        def show(number: int, window: bool, place: Rect) -> None:
            mac.button.own_window = NSWindow() if window else None
            if mac.button.own_window:
                mac.button.own_window.place = place
            tray.show(view_of(tooltip=str(number)))

        given = [
            (True, AT_BIRTH), (True, AT_BIRTH), (True, AT_BIRTH), (True, AT_BIRTH), (True, PLACED), (False, PLACED),
        ]  # fmt: skip
        for number, (window, place) in enumerate(given):
            on_main(mac, partial(show, number, window, place))

            def assert_heeded(number: int = number) -> None:
                assert mac.button.tooltip == str(number)
                seen.append(tray.is_docked())

            on_main(mac, assert_heeded)

    with beside(work, tray):
        tray.run()
    assert seen == [True, True, False, False, True, True]
    assert commands == [Command(Action.ICON_HIDDEN)]
    assert caplog.text.count("gives the icon no place") == 1


def test_the_icon_is_sharp_and_in_colour(mac: MenuBar, commands: list[Command]) -> None:
    """One picture for plain and one for Retina displays, both as large as the bar is thick, and no template."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, commands.append)
    icon.show(view_of(State.MAJOR))
    (image,) = mac.button.images
    assert (image.points, image.template) == ((22, 22), False)
    assert [(picture.picture.size, picture.points) for picture in image.pictures] == [
        ((22, 22), (22, 22)),
        ((44, 44), (22, 22)),
    ]
    assert image.pictures[1].picture.tobytes() == draw_icon(view_of(State.MAJOR).look, 44).tobytes()


def test_what_is_equal_is_not_touched(mac: MenuBar, commands: list[Command]) -> None:
    """Look, tooltip, title and menu are each compared with what is shown."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, commands.append)
    icon.show(view_of())
    touched, items = mac.button.touched, list(mac.menu.items)
    icon.show(view_of())
    mac.menu.open()
    mac.menu.close()
    assert mac.button.touched == touched
    assert mac.menu.items == items
    icon.show(view_of(tooltip="another"))
    assert mac.button.touched == touched + 1


def test_an_open_menu_is_left_alone(mac: MenuBar, commands: list[Command]) -> None:
    """What changes while it is open stands in it the next time; its clicks mean what they say."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, commands.append)
    icon.show(view_of(menu=(DEFAULT, CHECK)))
    assert mac.menu.open() == [DEFAULT.text, CHECK.text]
    icon.show(view_of(State.MAJOR, menu=(QUIT,)))
    assert titles(mac.menu.items) == [DEFAULT.text, CHECK.text]
    assert len(mac.button.images) == 2, "the icon does not wait"
    mac.menu.close()
    mac.menu.items[1].click()
    assert commands == [CHECK.command]
    assert mac.menu.open() == [QUIT.text]


def test_a_click_on_each_kind_of_line_arrives(mac: MenuBar, commands: list[Command]) -> None:
    """Plain, ticked, one of some and within a submenu; what only says something is disabled."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, commands.append)
    icon.show(view_of())
    mac.menu.open()
    mac.menu.close()
    first, line, check, said, tick, radio, more, quits = mac.menu.items
    assert line.separator
    assert more.submenu
    (below,) = more.submenu.items
    for item in (first, check, tick, radio, below, quits):
        assert item.enabled
        item.click()
    assert commands == [row.command for row in (DEFAULT, CHECK, TICK, RADIO, BELOW, QUIT)]
    assert (first.bold, said.enabled) == (True, False)
    assert [item.state for item in (check, tick, radio)] == [None, 1, 1]
    assert len(mac.menu.items) == len(LINES)


def test_started_again_the_program_opens_its_details(mac: MenuBar, commands: list[Command]) -> None:
    """No second one is started but the first is told, which does what the default line says."""
    icon = menubar.MenuBarIcon(menubar.load_menu_bar(), draw_icon, commands.append)
    assert not mac.app.reopen()
    icon.show(view_of())
    assert not mac.app.reopen()
    assert commands == [DEFAULT.command]


def test_a_view_that_cannot_be_shown_ends_nothing(
    mac: MenuBar, tray: MacTray, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The fault is logged, and the next View is shown."""
    monkeypatch.setattr(menubar, "SCALES", (0,))
    tray.show(view_of())

    def work() -> None:
        wait_until(lambda: "could not be changed" in caplog.text)
        assert not tray.is_docked()
        monkeypatch.setattr(menubar, "SCALES", (1, 2))
        tray.show(view_of(State.MAJOR))
        wait_until(tray.is_docked)

    with beside(work, tray):
        tray.run()


def test_stopped_before_it_runs_it_does_not_stay(tray: MacTray, mac: MenuBar) -> None:
    """Quit in the very first moment is heeded."""
    tray.stop()
    tray.run()
    assert mac.bar.items == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_loop_that_gives_python_no_turn(
    number: signal.Signals, mac: MenuBar, tray: MacTray
) -> None:
    """The handler runs although the main thread waits in the system, and nothing of ours stays behind."""
    before = signal.signal(number, lambda *_: tray.stop())
    rescued: list[bool] = []

    def rescue() -> None:
        rescued.append(True)
        tray.stop()

    rescuer = threading.Timer(20.0, rescue)

    def send() -> None:
        wait_until(tray.is_docked)
        os.kill(os.getpid(), number)

    tray.show(view_of())
    sender = threading.Thread(target=send)
    rescuer.start()
    sender.start()
    try:
        tray.run()
    finally:
        rescuer.cancel()
        sender.join()
        signal.signal(number, before)
    assert not rescued
    assert signal.set_wakeup_fd(-1) == -1


def test_the_sessions_end_ends_it_as_its_own_quit_does(mac: MenuBar, tray: MacTray) -> None:
    """AppKit, told to end the process, has the loop end instead: all that is to be done after it is done."""
    tray.show(view_of())

    def work() -> None:
        wait_until(tray.is_docked)
        mac.loop.call_after(lambda: mac.app.terminate_(None))

    thread = threading.Thread(target=work)
    thread.start()
    tray.run()
    thread.join()
    assert mac.bar.items == []


def test_without_a_desktop_the_terminal_takes_its_place(
    mac: MenuBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over ssh AppKit would end the program, so it is not even loaded."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(chooser.choose_tray(None, draw_icon, print, English()), MacTray)
    assert find_tray_host() == TrayHost(BackEndKind.MENU_BAR, "menu bar: there")
    monkeypatch.setattr(menubar, "_has_desktop", lambda: False)
    assert isinstance(chooser.choose_tray(None, draw_icon, print, English()), LinuxTray)
    assert find_tray_host() == TrayHost(
        BackEndKind.NONE, "menu bar: this session has no desktop", has_session=False
    )
    advice = tray_found(load_translator("en"), find_tray_host()).do
    assert advice == "Start it in your desktop's own session.", "and nothing of what only Linux has"


def test_the_icon_is_grey_before_macos_sleeps(mac: MenuBar) -> None:
    """It is drawn when the notice of sleep returns, which is what macOS waits for; the waking is passed on."""
    woke: list[bool] = []
    shown: SimpleQueue[MacTray] = SimpleQueue()

    def asleep(drawn: Callable[[], None]) -> None:
        def answer() -> None:  # as the poller does, on a thread of its own
            shown.get().show(view_of(State.UNKNOWN, "Checking"))
            drawn()

        threading.Thread(target=answer).start()

    tray = MacTray(draw_icon, print, SleepSignals(asleep, lambda: woke.append(True)))
    shown.put(tray)
    tray.show(view_of(State.OPERATIONAL, "fine"))

    def work() -> None:
        wait_until(tray.is_docked)

        def sleep() -> None:
            mac.notifications.post(SLEEPS)
            assert mac.button.tooltip == "Checking"
            assert not woke
            mac.notifications.post(WAKES)
            assert woke

        on_main(mac, sleep)

    with beside(work, tray):
        tray.run()


def test_a_poller_that_hangs_does_not_keep_a_mac_awake(mac: MenuBar) -> None:
    """The notice of sleep returns within a second."""
    tray = MacTray(draw_icon, print, SleepSignals(lambda _drawn: None, lambda: None))
    tray.show(view_of(State.OPERATIONAL, "fine"))

    def work() -> None:
        wait_until(tray.is_docked)

        def sleep() -> None:
            before = time.monotonic()
            mac.notifications.post(SLEEPS)
            assert time.monotonic() - before < 1.0

        on_main(mac, sleep)

    with beside(work, tray):
        tray.run()
