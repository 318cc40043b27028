"""A tray of Windows on a display of ours, pulled by its strings from here (`windows_stage`), and what a person does with it."""

from __future__ import annotations

import json
import subprocess
import threading
from queue import SimpleQueue
from typing import Any

from tests.desktop.desktops import Place, wait_until
from tests.desktop.trayer import Trayer
from tests.desktop.windows import Windows
from trayapp.model import Action, Command, State
from trayapp.model.appearance import COLOURS

ROW = 17
"""Pixels from one line of Wine's menu to the next."""
LOWEST = 13
"""Pixels from the pointer, where the menu's corner is, up to the middle of its lowest line."""
INSIDE = 60
"""Pixels from the pointer to the left, into the menu."""
PANEL = 565
"""Below it is the tray, with the white marks of its icons."""
PAPER = (255, 255, 255)
"""Wine's menus, tooltips and balloons stand on it."""
EMPTY = (300, 200)
"""A place where nothing is."""


class Stage:
    """One program with a tray, and what came of it."""

    def __init__(self, windows: Windows, desktop: Trayer) -> None:
        self.desktop = desktop
        self.acts: list[Command] = []
        self.ended = False
        self.woke = 0
        self._log: list[str] = []
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._process = windows.start(
            "-m", "tests.desktop.windows_stage", stdin=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def ask(self, expression: str) -> Any:
        """The value of an expression over there."""
        assert self._process.stdin
        self._process.stdin.write(expression + "\n")
        self._process.stdin.flush()
        answer = self._answers.get(timeout=60)
        assert answer != "over", self.output()
        return answer

    def close(self) -> None:
        """End it; nothing may have gone wrong."""
        self.end()
        assert "Traceback" not in self.output()

    def end(self) -> None:
        """End it, whatever went wrong."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._reader.join(30)
        self._process.stdout.close()

    def output(self) -> str:
        """What it wrote for a person."""
        return "".join(self._log)

    def show(self, state: State = State.OPERATIONAL) -> Place:
        """Show a state; where its colour is on the tray."""
        self.ask(f'stage.show("{state}")')
        return self.desktop.wait_colour(COLOURS[state], what=state, below=PANEL)

    def wait_gone(self, state: State) -> None:
        """Wait until no icon shows this state."""
        self.desktop.wait_until(lambda: not self.desktop.find_colour(COLOURS[state]), what="the icon's end")

    def wait_paper(self, what: str) -> None:
        """Wait for a menu, a tooltip or a balloon."""
        self.desktop.wait_colour(PAPER, what=what, above=PANEL)

    def wait_act(self, command: Command | None) -> None:
        """Wait for what the person did."""
        self.desktop.wait_until(lambda: self.acts, what=f"{command}")
        assert self.acts == [command]
        self.acts.clear()

    def open_menu(self, state: State = State.OPERATIONAL) -> Place:
        """Click right on the icon and wait for the menu; where its lowest line is."""
        x, y = self.show(state)
        self.desktop.click(x, y, 3)
        self.wait_paper("the menu")
        return x - INSIDE, y - LOWEST

    def close_menu(self) -> None:
        """Turn away from the menu."""
        self.desktop.click(*EMPTY)
        wait_until(lambda: not self.ask("stage.icon._popup._open"), what="the menu's end")

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if not line.startswith("["):
                self._log.append(line)
                continue
            kind, *words = json.loads(line)
            if kind == "answer":
                self._answers.put(words[0])
            elif kind == "act":
                self.acts.append(Command(Action(words[0]), words[1]))
            elif kind == "woke":
                self.woke += 1
            else:
                self.ended = True
        self._answers.put("over")
