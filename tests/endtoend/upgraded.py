"""A program that is replaced by another version while it runs: what a person sees of it and does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Reader, Watcher
from tests.endtoend.command import configure_home, settings
from tests.endtoend.running import Program
from tests.film import own_film
from trayapp.demo.server import StatusServer
from trayapp.desktop.control import send_request
from trayapp.desktop.dbus.bus import Bus

RESTART = "Restart to finish the update"


def go_through_an_upgrade(
    home: Path,
    command: Sequence[str],
    env: Mapping[str, str],
    join: Callable[[], Bus],
    *,
    replace: Callable[[], None],
    finish: Callable[[], None],
) -> Program:
    """Run it on `env`'s bus, `replace` it while it runs, ask for the details, `finish` replacing it, restart it, quit."""
    watcher = Watcher(join(), has_host=True)
    with StatusServer(own_film().scenes[0]) as server:
        configure_home(home, settings(server.url))
        with Program(home, env=env, command=command) as program:
            item = _calm(watcher, join(), 1)
            assert RESTART not in item.ids()

            replace()
            send_request(home, {"do": "open"})
            wait_until(lambda: RESTART in item.ids(), what="the line in the menu")
            assert "Traceback" not in program.log

            finish()
            process = program.process.pid
            item.menu("Event", "isvu", item.ids()[RESTART], "clicked", ("i", 0), 0)
            again = _calm(watcher, join(), 2)
            assert (program.process.pid, program.process.poll()) == (process, None)
            assert RESTART not in again.ids()
            assert "error" not in send_request(home, {"do": "quit"})
            assert program.process.wait(5.0) == 0
        return program


def _calm(watcher: Watcher, bus: Bus, number: int) -> Reader:
    """The icon that was registered as the `number`-th, once its first look has found all well."""
    wait_until(lambda: len(watcher.registered) == number, 60.0, "the icon")
    item = Reader(bus, watcher.registered[-1][0])
    wait_until(lambda: "fine" in str(item.layout()), what="the first poll")
    return item
