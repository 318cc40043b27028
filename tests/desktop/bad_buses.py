"""System buses that are no help with sleep, each by its name: absent, silent, refusing, lying, gone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.logind import Login
from trayapp.desktop.sleep.logind import NO_LOCK, NO_LOGIND
from trayapp.desktop.sleep.signals import TOO_EARLY, TOO_OFTEN


@dataclass(frozen=True)
class SystemBus:
    """What stands in the place of the system's bus."""

    address: str
    act: Callable[[], object] = lambda: None
    """What it does once the program runs; over when the program may have heard of it."""


Making = Callable[[Path], Iterator[SystemBus]]
BY_CLOCKS = r"noticed by the clocks, half a minute late at most \({}"
HEARD = "heard from the system"


def _absent(_folder: Path) -> Iterator[SystemBus]:
    yield SystemBus("unix:path=/nowhere/at/all")


def _nonsense(_folder: Path) -> Iterator[SystemBus]:
    yield SystemBus("a b:c=%zz;;")


def _silent(folder: Path) -> Iterator[SystemBus]:
    """It takes the connection and says nothing."""
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(folder / "hung"))
        hung.listen()
        yield SystemBus(f"unix:path={folder / 'hung'}")


def _without_logind(folder: Path) -> Iterator[SystemBus]:
    with closing(PrivateBus(folder)) as bus:
        yield SystemBus(bus.address)


def _ends(folder: Path) -> Iterator[SystemBus]:
    """It ends while the program runs."""
    bus = PrivateBus(folder)
    with closing(Login(bus.address)) as login:

        def act() -> None:
            wait_until(lambda: login.held == 1, what="the program's lock")
            bus.close()

        yield SystemBus(bus.address, act)


def _logind(doing: Callable[[Login], object], **manner: bool) -> Making:
    """A logind that does this once the program has asked it for a lock."""

    def make(folder: Path) -> Iterator[SystemBus]:
        with closing(PrivateBus(folder)) as bus, closing(Login(bus.address, **manner)) as login:

            def act() -> None:
                wait_until(lambda: login.asked, what="the program asking for a lock")
                doing(login)

            yield SystemBus(bus.address, act)

    return make


def _wakes_unasked(login: Login) -> None:
    wait_until(lambda: login.held == 1, what="the program's lock")
    for _ in range(20):
        login.says(False)


def _says_nonsense(login: Login) -> None:
    wait_until(lambda: login.held == 1, what="the program's lock")
    for signature, values in (("", ()), ("s", ("true",)), ("ub", (1, True)), ("as", (["x"] * 1000,))):
        login.emit(*values, signature=signature)


def _sleeps_a_hundred_times(login: Login) -> None:
    for _ in range(100):
        login.says(True)
        login.says(False)


BAD_BUSES: Mapping[str, tuple[Making, str]] = {
    "absent": (_absent, BY_CLOCKS.format("no system bus")),
    "at an address that is none": (_nonsense, BY_CLOCKS.format("no system bus")),
    "silent": (_silent, BY_CLOCKS.format(f"({TOO_EARLY}|no system bus)")),
    "without logind": (_without_logind, BY_CLOCKS.format(NO_LOGIND)),
    "ends": (_ends, BY_CLOCKS.format("the system bus is gone")),
    "refuses the lock": (_logind(lambda _: None, refuses=True), rf"{HEARD} \({NO_LOCK}"),
    "never answers for the lock": (_logind(lambda _: None, silent=True), rf"{HEARD} \({NO_LOCK}"),
    "wakes without sleep": (_logind(_wakes_unasked), f"{HEARD}$"),
    "says nonsense": (_logind(_says_nonsense), f"{HEARD}$"),
    "sleeps a hundred times in a second": (_logind(_sleeps_a_hundred_times), BY_CLOCKS.format(TOO_OFTEN)),
}
"""How each is made, and a pattern of what `doctor` then says of sleep, asked of the running program."""


@contextmanager
def bad_bus(name: str, folder: Path) -> Iterator[SystemBus]:
    """That bus; its files are in the folder."""
    making, _ = BAD_BUSES[name]
    yield from making(folder)
