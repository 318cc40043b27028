"""Run by a Windows Python: a tray whose strings a test pulls over standard input, an expression a line.

On standard output comes one JSON list for each: `["answer", value]`, and in between `["act", act, argument]` for each
command of the person, `["woke"]` when the computer did, and `["ended"]` when the tray has.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from ctypes import wintypes
from dataclasses import replace
from typing import Any

from tests.desktop.views import English, view_of
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.notifications.balloon import BalloonNotifier
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.desktop.tray.pystray_loader import load_back_end
from trayapp.desktop.tray.windows.icon import REFRESH, WindowsIcon
from trayapp.desktop.tray.windows.notification_area import ICON_EVENT, FieldFlags, ShellCommand
from trayapp.desktop.tray.windows.tray import WindowsTray
from trayapp.model import Action, Command, Look, Notification, NotificationKind, State, TrayView

win32: Any = load_back_end("win32").win32
user32: Any = win32.windll.user32
user32.SendMessageW.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)


class Shell:
    """Before the real Shell_NotifyIcon: notes what it is asked and can refuse or hang, which the real one does at no one's wish."""

    def __init__(self) -> None:
        self.refused: set[ShellCommand] = set()
        self.asked: list[str] = []
        self.tip = ""
        self.hung: list[str] = []
        self.hangs = False
        self._real = win32.Shell_NotifyIcon
        win32.Shell_NotifyIcon = self

    def __call__(self, order: ShellCommand, data: Any) -> bool:
        """What the real one answers, or no."""
        self.asked.append(order.name)
        if self.hangs:
            time.sleep(20)
        if data.uFlags & FieldFlags.TIP:
            self.tip = data.szTip
        if data.uFlags & FieldFlags.INFO:
            self.hung = [data.szInfoTitle, data.szInfo]
        return order not in self.refused and bool(self._real(order, data))


class Stage:
    """What the expressions may use."""

    def __init__(self) -> None:
        self.shell = Shell()
        self.naps = SleepSignals(self.falls_asleep, lambda: say("woke"))
        self.tray = WindowsTray(draw_icon, self.act, English(), sys.stdout, self.naps)
        self.balloons = BalloonNotifier(self.tray, self.act)

    @property
    def icon(self) -> WindowsIcon:
        """The icon of the tray, once it runs."""
        assert self.tray._icon
        return self.tray._icon

    def act(self, command: Command) -> None:
        """Tell the test what the person did."""
        say("act", command.act, command.argument)

    def falls_asleep(self, drawn: Callable[[], None]) -> None:
        """As the poller does: grey, then the answer."""
        self.show("unknown", "Checking", hollow=True)
        drawn()

    def show(self, state: str, tooltip: str = "Chat is fine", *, hollow: bool = False) -> None:
        """Show a state, with a menu of every kind of line."""
        lines = view_of().menu
        self.tray.show(TrayView(Look(State(state), hollow), "", tooltip, lines, status_line=f"it is {state}"))

    def notice(self, title: str, body: str, click: str, look: str = "") -> bool:
        """Show a notice as the program does; whether it was taken."""
        notice = Notification(
            title,
            NotificationKind.START,
            title,
            body,
            "t",
            click=Command(Action.OPEN_INCIDENT, click),
            look=Look(State(look)) if look else None,
        )
        try:
            self.balloons.show(notice)
        except NotifyError:
            return False
        return True

    def notice_meanwhile(self, title: str) -> None:
        """The same on a thread of its own, as the program does."""
        threading.Thread(target=self.notice, args=(title, "since 13:41", "inc-2"), daemon=True).start()

    def send(self, message: int, first: int = 0, second: int = 0) -> int:
        """Send a window message to the tray's window and wait for what it answers."""
        return int(user32.SendMessageW(self.icon._window, message, first, second))

    def take_balloon_away(self) -> None:
        """Do what no person waits for: it would stay for half a minute."""
        self.icon._tell_shell(ShellCommand.MODIFY, FieldFlags.INFO)

    def hang(self) -> None:
        """Let the shell answer nothing for long from now on."""
        self.shell.hangs = True

    def refuse(self, *orders: str) -> None:
        """Let the shell refuse these from now on."""
        self.shell.refused = {ShellCommand[name] for name in orders}

    def take_handles(self) -> None:
        """Let Windows have no icon to give from now on, as when some program has taken all that there are."""

        def none(_image: object) -> int:
            raise OSError("no handle")

        vars(self.icon._api)["new_icon"] = none

    def give_handles(self) -> None:
        """Let it have some again."""
        del self.icon._api.new_icon

    def leave_behind(self, icons: int) -> None:
        """Do wrong: make icons and forget them."""
        for _ in range(icons):
            self.icon._api.new_icon(draw_icon(Look(State.MAJOR), 16))

    def another_menu(self) -> None:
        """Change nothing but the menu."""
        view = self.tray._newest
        assert view
        self.tray.show(replace(view, menu=view.menu[:2]))
        self.send(REFRESH)

    def change(self, times: int) -> None:
        """Change icon, tooltip and menu so many times, each really shown."""
        states = list(State)
        for number in range(times):
            lines = view_of().menu[: 2 + number % 5]
            self.tray.show(
                TrayView(Look(states[number % 7], bool(number % 2)), "", f"change {number}", lines)
            )
            self.send(REFRESH)

    def weight(self) -> dict[str, int]:
        """What the process holds."""
        kernel32 = win32.windll.kernel32
        kernel32.GetCurrentProcess.restype = wintypes.HANDLE
        kernel32.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, wintypes.LPVOID, wintypes.DWORD)
        counters = (ctypes.c_size_t * 9)()
        kernel32.K32GetProcessMemoryInfo(kernel32.GetCurrentProcess(), counters, ctypes.sizeof(counters))
        return {
            "gdi": gdi_handles(),
            "user": user_handles(),
            "bytes": counters[2],
            "files": len(os.listdir(tempfile.gettempdir())),  # noqa: PTH208  # a count
        }


def gdi_handles() -> int:
    """Bitmaps, brushes, fonts and their like, counted in the process's own table, for Wine's GetGuiResources says 0.

    The PEB names the table at 0xF8; an entry is 24 bytes long, and the byte at 14 is its kind, 0 for none.
    """
    ntdll = win32.windll.ntdll
    ntdll.RtlGetCurrentPeb.restype = ctypes.c_size_t
    table = ctypes.c_size_t.from_address(ntdll.RtlGetCurrentPeb() + 0xF8).value
    return sum(kind != 0 for kind in ctypes.string_at(table, 24 * 0x4000)[14::24])


def user_handles() -> int:
    """The number of a new menu: the lowest that no window, menu or icon has, so that it grows with what is left behind."""
    menu = win32.CreatePopupMenu()
    win32.DestroyMenu(menu)
    return int(menu & 0xFFFF)


def say(*words: object) -> None:
    """One line to the test."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def listen(stage: Stage) -> None:
    """Do what comes, until the test goes."""
    names = {
        "stage": stage,
        "EVENT": ICON_EVENT,
        "REFRESH": REFRESH,
        "tray": stage.tray,
        "shell": stage.shell,
        "Order": ShellCommand,
        "win32": win32,
        "user32": user32,
    }
    for line in sys.stdin:
        say("answer", eval(line, names))  # noqa: S307  # the test's own words
    stage.tray.stop()


if __name__ == "__main__":
    the = Stage()
    threading.Thread(target=listen, args=(the,), daemon=True).start()
    the.tray.run()
    say("ended")
