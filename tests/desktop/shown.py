"""A tray icon on a real desktop's panel, and what a person does with it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from PIL import Image

from tests.desktop.desktops import PANEL_FROM, Desktop, Place
from tests.desktop.menus import menu_lines, something_stands
from tests.desktop.views import BETWEEN, CHECK, DEFAULT, LINES, MORE, QUIT, English
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import Command, Look, MenuLine, State, TrayView
from trayapp.model.appearance import COLOURS


class Shown:
    """A tray on the panel, its main loop on a thread, and what was done."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self._lines = 0
        self.acts: list[Command] = []
        self.bus = Bus.connect()
        self.tray = LinuxTray(self.bus, draw_icon, self.acts.append, English(), None)
        self._thread = threading.Thread(target=self.tray.run)
        self._thread.start()

    def show(self, view: TrayView) -> Place:
        """Show it; where its colour is on the screen."""
        self.tray.show(view)
        self._lines = sum(not line.separator for line in view.menu)
        return self.desktop.wait_colour(COLOURS[view.look.state])

    def stop(self) -> None:
        """End, at once."""
        began = time.monotonic()
        self.tray.stop()
        self._thread.join(10)
        assert time.monotonic() - began < 1
        self.bus.close()

    def wait_act(self, command: Command | None) -> None:
        """Wait for a command."""
        self.desktop.wait_until(lambda: self.acts, what=f"{command}")
        assert self.acts == [command]
        self.acts.clear()

    def each_look(self, picture: str) -> None:
        """Show every state, full and hollow: its colour is on the panel at the bottom, and no two look the same."""
        seen: list[Image.Image] = []
        for look in [Look(state, hollow=hollow) for state in State for hollow in (False, True)]:
            before = self.desktop.grab()
            # As in life: an outage asks for attention, and many hosts then draw another picture than else.
            self.tray.show(
                TrayView(look, "", "", LINES, needs_attention=look.state in {State.PARTIAL, State.MAJOR})
            )
            # A change and the colour: the smoothed edge of one grey is the other grey.
            self.desktop.wait_until(lambda before=before: self.desktop.grab() != before, what=f"{look}")  # type: ignore[misc]
            assert self.desktop.wait_colour(COLOURS[look.state])[1] > PANEL_FROM
            assert self.desktop.grab() not in seen
            seen.append(self.desktop.grab())
            self.desktop.screenshot(f"{picture}-{look.state}{'' if look.hollow else '-full'}")
        assert self.tray.is_docked()

    def read_back(self) -> str:
        """What a host reads of the item: all its properties."""
        return self.desktop.ask(
            self.bus.unique_name,
            "/StatusNotifierItem",
            "org.freedesktop.DBus.Properties.GetAll",
            "string:org.kde.StatusNotifierItem",
        )

    def open_menu(self, icon: Place) -> list[Place]:
        """Click right on the icon and wait for the menu; a place on each of its lines, the lowest first."""
        before = self.desktop.grab()
        self.desktop.click(*icon, 3)
        places: list[Place] = []

        def stands() -> bool:
            places[:] = menu_lines(before, self.desktop.grab(), icon)
            return len(places) == self._lines

        self.desktop.wait_until(stands, what=f"a menu of {self._lines} lines")
        return places

    def something_stands(self, before: Image.Image) -> bool:
        """Whether a menu or a tooltip has come since that picture."""
        return something_stands(before, self.desktop.grab())

    def choose(self, icon: Place, row: int, *further: Place, picture: str) -> None:
        """Click on a line of the menu, counted from below; `further` leads into its submenu."""
        x, y = self.open_menu(icon)[row]
        for right, down in further:
            self._open_submenu((x, y), (x + right, y + down))
            x, y = x + right, y + down
            self.desktop.move(x - 4, y)
            time.sleep(0.2)  # and on Wayland takes clicks only from a pointer that has moved in it
        self.desktop.screenshot(picture)
        self.desktop.click(x, y)

    def _open_submenu(self, line: Place, below: Place) -> None:
        """Rest on a line until something stands at `below`; Qt passes over a pointer's first moves."""
        before = self.desktop.grab().getpixel(below)

        def stands() -> bool:
            self.desktop.move(line[0] - 4, line[1])
            self.desktop.move(*line)
            time.sleep(0.4)
            return self.desktop.grab().getpixel(below) != before

        self.desktop.wait_until(stands, what="the submenu")

    def each_kind_of_line(self, picture: str) -> None:
        """Click a plain line, a ticked one, a chosen one, one in a submenu, and one that is only said."""
        icon = self.show(TrayView(Look(State.OPERATIONAL), "", "", LINES))
        for row, command in ((0, LINES[-1].command), (5, CHECK.command), (3, LINES[4].command)):
            self.choose(icon, row, picture=picture)
            self.wait_act(command)
        self.choose(icon, 2, picture=picture)
        self.wait_act(LINES[5].command)
        self.choose(icon, 1, (160, 0), picture=f"{picture}-submenu")
        self.wait_act(LINES[6].lines[0].command)
        self.choose(icon, 4, picture=picture)
        self.desktop.key("Escape")
        self.desktop.click(*icon)
        self.desktop.click(*icon)
        self.desktop.wait_until(lambda: self.acts, what="the click after the menu")
        assert set(self.acts) == {DEFAULT.command}

    def pictured_lines(self, picture: str) -> None:
        """Open a menu with a line for each state: its picture's colour stands above the panel, one below the other."""
        lines = tuple(
            MenuLine(f"product:{state}", f"The {state} one", QUIT.command, look=Look(state))
            for state in State
        )
        icon = self.show(TrayView(Look(State.MAINTENANCE), "", "", (DEFAULT, BETWEEN, *lines, MORE, QUIT)))
        self.desktop.click(*icon, 3)
        found: list[Place | None] = []

        def stand() -> bool:
            found[:] = [
                self.desktop.find_colour(COLOURS[state], tolerance=4, above=PANEL_FROM) for state in State
            ]
            rows = [place[1] for place in found if place is not None]
            return len(rows) == len(State) and rows == sorted(set(rows))

        self.desktop.wait_until(stand, what=f"a picture on each line, {found}")
        self.desktop.screenshot(picture)
        self.desktop.key("Escape")

    def renamed_submenu(self, picture: str) -> None:
        """Give a submenu another name, open it and click in it: it has its lines and its name."""
        icon = self.show(TrayView(Look(State.OPERATIONAL), "", "", LINES))
        self.open_menu(icon)
        self.desktop.click(700, 100)
        renamed = tuple(replace(line, text="Mode") if line.lines else line for line in LINES)
        self.show(TrayView(Look(State.DEGRADED), "", "", renamed))
        self.choose(icon, 1, (160, 0), picture=picture)
        self.wait_act(LINES[6].lines[0].command)

    def marks_stay(self) -> None:
        """Choose a ticked and a chosen line, whose choice changes nothing here: the menu looks as it did."""
        icon = self.show(TrayView(Look(State.OPERATIONAL), "", "", LINES))
        before = self._menu_picture(icon)
        for row, command in ((3, LINES[4].command), (2, LINES[5].command)):
            self.choose(icon, row, picture="marks")
            self.wait_act(command)
            assert self._menu_picture(icon) == before

    def _menu_picture(self, icon: Place) -> Image.Image:
        """The open menu, no line of it under the pointer; it is closed again."""
        without = self.desktop.grab()
        self.open_menu(icon)
        time.sleep(0.3)  # until it is drawn whole
        picture = self.desktop.grab().crop((0, 300, 800, PANEL_FROM))
        self.desktop.click(700, 100)  # waybar's takes no Escape
        self.desktop.wait_until(lambda: not self.something_stands(without), what="the menu's end")
        return picture
