"""A person at a real panel: the icon they see, the menu they go through with the keys, the notifications they close."""

from __future__ import annotations

import time

from tests.desktop.desktops import PANEL_FROM, Desktop, Place
from trayapp.desktop.tray.linux import dbusmenu, sni, sni_item
from trayapp.model import State
from trayapp.model.appearance import COLOURS

ON_THE_FIRST = (700, 75)
"""A place on the uppermost notification."""
FROM_BELOW = {
    "quit": 1, "about": 2, "legend": 3, "settings": 4, "level": 5, "me": 6, "follow": 7, "pause": 8, "tell": 9,
    "copy when all is well": 9, "status page when all is well": 10,
}  # fmt: skip
"""How many steps up from nowhere lead to a line of the menu; separators are stepped over."""

_SERVER = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
_DUNST = "org.dunstproject.cmd0"


class Person:
    """Somebody who looks at the panel and uses it."""

    def __init__(self, xfce: Desktop) -> None:
        self.xfce = xfce
        self._icon: Place = (0, 0)

    def sees(self, state: State, limit: float = 60.0) -> Place:
        """Wait until the icon has that state's colour; its place."""
        self._icon = self.xfce.wait_colour(COLOURS[state], limit, f"an icon that says {state}", PANEL_FROM)
        return self._icon

    def sees_nothing_of(self, state: State) -> bool:
        """Whether that colour is nowhere on the panel."""
        return self.xfce.find_colour(COLOURS[state], below=PANEL_FROM) is None

    def opens_menu(self) -> None:
        """Click right on the icon and wait until the menu stands."""
        before = self.xfce.grab()
        self.xfce.click(*self._icon, button=3)
        self.xfce.wait_until(lambda: self.xfce.grab() != before, what="the menu")
        self._settle()

    def chooses(self, line: str, *down_steps: int, picture: str = "") -> None:
        """Open the menu and go to a line with the keys; each number is a line of a submenu. Then press Return."""
        self.goes_to(line, *down_steps, picture=picture)
        self.xfce.key("Return")

    def reads(self, line: str, *down_steps: int, picture: str) -> None:
        """The same, but only to look: the menu is closed again."""
        self.goes_to(line, *down_steps, picture=picture)
        for _ in range(len(down_steps) + 1):
            self.xfce.key("Escape")

    def goes_to(self, line: str, *down_steps: int, picture: str = "") -> None:
        """Open the menu and go to a line."""
        self.opens_menu()
        for _ in range(FROM_BELOW[line]):
            self.xfce.key("Up")
        for steps in down_steps:
            self.xfce.key("Right")
            self._settle()
            for _ in range(steps):
                self.xfce.key("Down")
        if picture:
            self._settle()
            self.xfce.screenshot(picture)

    def menu(self) -> str:
        """All of the menu's lines with their marks, as the panel reads them over the bus."""
        names = "array:string:label,toggle-state"
        return self._asks_item(dbusmenu.PATH, f"{dbusmenu.INTERFACE}.GetLayout", "int32:0", "int32:-1", names)

    def tooltip(self) -> str:
        """What stands beside the icon when the pointer rests on it, and all else that the panel reads of it."""
        return self._asks_item(
            sni.PATH, "org.freedesktop.DBus.Properties.GetAll", f"string:{sni_item.INTERFACE}"
        )

    def _asks_item(self, path: str, member: str, *arguments: str) -> str:
        """Ask the icon that is registered at the panel's watcher."""
        items = self.xfce.ask(
            sni.WATCHER,
            sni.WATCHER_PATH,
            "org.freedesktop.DBus.Properties.Get",
            f"string:{sni.WATCHER}",
            "string:RegisteredStatusNotifierItems",
        )
        owner = next(word for word in items.replace("/", " /").split() if word.startswith(":"))
        return self.xfce.ask(owner, path, member, *arguments)

    def closes_all_notices(self) -> None:
        """Close every notification."""
        self.xfce.ask(*_SERVER, f"{_DUNST}.NotificationCloseAll")
        self.xfce.wait_until(lambda: self.notices_on_screen() == 0, what="no notification on the screen")

    def notices_on_screen(self) -> int:
        """How many notifications stand there."""
        answer = self.xfce.ask(
            *_SERVER, "org.freedesktop.DBus.Properties.Get", f"string:{_DUNST}", "string:displayedLength"
        )
        return int(answer.split()[-1])

    def _settle(self) -> None:
        """A submenu is asked for over the bus, and takes no key before it stands."""

        def still() -> bool:
            before = self.xfce.grab()
            time.sleep(0.3)
            return self.xfce.grab() == before

        self.xfce.wait_until(still, what="a still screen")
