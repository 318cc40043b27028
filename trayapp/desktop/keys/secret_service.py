"""The keyring of a Linux desktop, by the Secret Service (https://specifications.freedesktop.org/secret-service/).

The session is "plain": the key goes over the session bus, whose socket only this user's programs can reach, and any of
them may ask the keyring for it as well. A keyring that wants to ask the person something is never waited for: its
prompts would stand on the screen for as long as nobody is there.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from contextlib import suppress

from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, NoReply, unpacked
from trayapp.desktop.keys.base import Key, KeyTrouble, Trouble, Where

_log = logging.getLogger(__name__)

NAME = "org.freedesktop.secrets"
PATH = "/org/freedesktop/secrets"
SERVICE = "org.freedesktop.Secret.Service"
COLLECTION = "org.freedesktop.Secret.Collection"
ITEM = "org.freedesktop.Secret.Item"
SESSION = "org.freedesktop.Secret.Session"
PROMPT = "org.freedesktop.Secret.Prompt"
ATTRIBUTES = {"application": "openai-status-tray", "purpose": "key-check"}
LABEL = "OpenAI Status Tray: API key"
PATIENCE = 4.0
"""Seconds for all that one reading, keeping or forgetting takes; a keyring needs some milliseconds."""

_NONE = "/"
"""How the service spells that there is no such object, or no prompt."""
_MOST_ITEMS = 20
_A_PATH = re.compile(r"/|(?:/[A-Za-z0-9_]+)+", re.ASCII)
_ABSENT = ("ServiceUnknown", "NameHasNoOwner", "Spawn.", "NoReply", "Disconnected")
_AN_ERROR = re.compile(r"[A-Za-z0-9_.]{1,120}", re.ASCII)


class SecretService:
    """The keyring on a session bus."""

    where = Where.KEYRING

    def __init__(self, bus: Bus, patience: float = PATIENCE) -> None:
        self._bus = bus
        self._patience = patience
        self._ends = 0.0

    def is_running(self) -> bool:
        """Whether it is there without being started for the question."""
        self._begin()
        try:
            (owned,) = unpacked(
                self._bus_call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (NAME,)), bool
            )
        except BusError:
            return False
        return bool(owned)

    def read(self) -> Key | None:
        """The key; None where none is kept."""
        self._begin()
        unlocked, locked = self._search()
        if unlocked:
            return self._secret_of(unlocked)
        if locked:
            raise KeyTrouble(Trouble.LOCKED)
        return None

    def keep(self, key: Key) -> None:
        """Keep it in the default collection, look whether it is there, and delete earlier ones."""
        self._begin()
        collection = self._path(self._call(PATH, SERVICE, "ReadAlias", "s", ("default",)))
        if collection == _NONE:
            raise KeyTrouble(Trouble.NO_COLLECTION)
        session = self._open_session()
        item, prompt = self._paths(
            self._call(
                collection,
                COLLECTION,
                "CreateItem",
                "a{sv}(oayays)b",
                (
                    {f"{ITEM}.Label": ("s", LABEL), f"{ITEM}.Attributes": ("a{ss}", ATTRIBUTES)},
                    (session, b"", key.reveal().encode("ascii"), "text/plain"),
                    True,
                ),
            )
        )
        self._close_session(session)
        self._refuse_prompt(prompt)
        if item == _NONE or self._secret_of([item]) != key:
            raise KeyTrouble(Trouble.BROKEN)
        earlier, _ = self._search()
        for path in earlier:
            if path != item:
                self._delete(path)

    def forget(self) -> bool:
        """Delete it; whether there was one."""
        self._begin()
        unlocked, locked = self._search()
        for path in unlocked:
            self._delete(path)
        if locked:
            raise KeyTrouble(Trouble.LOCKED)
        return bool(unlocked)

    def _begin(self) -> None:
        self._ends = time.monotonic() + self._patience

    def _search(self) -> tuple[list[str], list[str]]:
        """The items that are ours: those that can be read, and those that are locked."""
        found = self._unpacked(self._call(PATH, SERVICE, "SearchItems", "a{ss}", (ATTRIBUTES,)), list, list)
        unlocked, locked = (self._as_paths(paths[:_MOST_ITEMS]) for paths in found)
        return unlocked, locked

    def _secret_of(self, items: list[str]) -> Key:
        session = self._open_session()
        (secrets,) = self._unpacked(self._call(PATH, SERVICE, "GetSecrets", "aoo", (items, session)), dict)
        self._close_session(session)
        for item in items:
            secret = secrets.get(item)
            if isinstance(secret, tuple) and len(secret) == 4 and isinstance(secret[2], bytes):
                with suppress(KeyTrouble):
                    return Key.from_bytes(secret[2])
        raise KeyTrouble(Trouble.BROKEN)

    def _delete(self, item: str) -> None:
        self._refuse_prompt(self._path(self._call(item, ITEM, "Delete")))

    def _refuse_prompt(self, prompt: str) -> None:
        if prompt == _NONE:
            return
        self._bus.ask(NAME, prompt, PROMPT, "Dismiss", "", (), lambda _: None)
        raise KeyTrouble(Trouble.LOCKED)

    def _open_session(self) -> str:
        _, session = self._unpacked(
            self._call(PATH, SERVICE, "OpenSession", "sv", ("plain", ("s", ""))), tuple, str
        )
        return self._as_paths([session])[0]

    def _close_session(self, session: str) -> None:
        self._bus.ask(NAME, session, SESSION, "Close", "", (), lambda _: None)

    def _path(self, body: Body) -> str:
        (path,) = self._paths(body, 1)
        return path

    def _paths(self, body: Body, count: int = 2) -> list[str]:
        return self._as_paths(self._unpacked(body, *[str] * count))

    @staticmethod
    def _as_paths(found: Iterable[object]) -> list[str]:
        """Paths of objects. The bus would hang up on whoever sends it another text as one, the icon's owner included."""
        paths = [path for path in found if isinstance(path, str) and _A_PATH.fullmatch(path)]
        if len(paths) != len([*found]):
            raise KeyTrouble(Trouble.BROKEN)
        return paths

    @staticmethod
    def _unpacked(body: Body, *kinds: type) -> Body:
        try:
            return unpacked(body, *kinds)
        except BusError:
            raise KeyTrouble(Trouble.BROKEN) from None

    def _call(self, path: str, interface: str, member: str, signature: str = "", body: Body = ()) -> Body:
        try:
            return self._bus_call(NAME, path, interface, member, signature, body)
        except NoReply:
            raise KeyTrouble(Trouble.SILENT) from None
        except BusError as error:  # not its text, which is the keyring's own and may be the key
            name = error.name if _AN_ERROR.fullmatch(error.name) else ""
            _log.debug("the keyring answered %s with %s", member, name)
            raise KeyTrouble(_trouble_of(name)) from None

    def _bus_call(  # noqa: PLR0913, PLR0917  # the words of a D-Bus call
        self, destination: str, path: str, interface: str, member: str, signature: str, body: Body
    ) -> Body:
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise KeyTrouble(Trouble.SILENT)
        return self._bus.call(destination, path, interface, member, signature, body, timeout=remaining)


def _trouble_of(name: str) -> Trouble:
    if name == "org.freedesktop.Secret.Error.IsLocked":
        return Trouble.LOCKED
    of_the_bus = name.removeprefix("org.freedesktop.DBus.Error.")
    return Trouble.NO_KEYRING if of_the_bus != name and of_the_bus.startswith(_ABSENT) else Trouble.BROKEN
