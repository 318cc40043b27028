"""Stores the key in a Linux keyring by the Secret Service (https://specifications.freedesktop.org/secret-service/).

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

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, NoReply, unpack_body
from trayapp.desktop.keys.base import Key, KeyAccessError, KeyProblem, KeyPurpose, KeyStorageKind

_log = logging.getLogger(__name__)

SERVICE_NAME = "org.freedesktop.secrets"
SERVICE_PATH = "/org/freedesktop/secrets"
SERVICE_INTERFACE = "org.freedesktop.Secret.Service"
COLLECTION = "org.freedesktop.Secret.Collection"
ITEM = "org.freedesktop.Secret.Item"
SESSION = "org.freedesktop.Secret.Session"
PROMPT = "org.freedesktop.Secret.Prompt"
LABELS = {
    KeyPurpose.API: f"{APP_TITLE}: API key",
    KeyPurpose.DOWNDETECTOR: f"{APP_TITLE}: Downdetector's key",
}
TOTAL_TIMEOUT = 4.0
"""Seconds for a whole read, save or delete; a keyring needs some milliseconds."""

_NO_OBJECT = "/"
"""The path by which the service says that there is no such object, or no prompt."""
_MAX_ITEMS = 20
_OBJECT_PATH = re.compile(r"/|(?:/[A-Za-z0-9_]+)+", re.ASCII)
_ABSENT_ERRORS = ("ServiceUnknown", "NameHasNoOwner", "Spawn.", "NoReply", "Disconnected")
_ERROR_NAME = re.compile(r"[A-Za-z0-9_.]{1,120}", re.ASCII)


class SecretService:
    """The keyring on a session bus."""

    kind = KeyStorageKind.KEYRING

    def __init__(
        self, bus: Bus, purpose: KeyPurpose = KeyPurpose.API, *, patience: float = TOTAL_TIMEOUT
    ) -> None:
        self._bus = bus
        self._label = LABELS[purpose]
        self._attributes = {"application": APP_ID, "purpose": str(purpose)}
        self._patience = patience
        self._deadline = 0.0

    def is_running(self) -> bool:
        """Whether the keyring runs, without starting it for the question."""
        self._start_deadline()
        try:
            (owned,) = unpack_body(
                self._bus_call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (SERVICE_NAME,)), bool
            )
        except BusError:
            return False
        return bool(owned)

    def read(self) -> Key | None:
        """Read the key; None where none is stored."""
        self._start_deadline()
        unlocked, locked = self._search_items()
        if unlocked:
            return self._read_secret(unlocked)
        if locked:
            raise KeyAccessError(KeyProblem.LOCKED)
        return None

    def save(self, key: Key) -> None:
        """Save the key in the default collection, check that it is there, and delete earlier ones."""
        self._start_deadline()
        collection = self._read_path(
            self._call_keyring(SERVICE_PATH, SERVICE_INTERFACE, "ReadAlias", "s", ("default",))
        )
        if collection == _NO_OBJECT:
            raise KeyAccessError(KeyProblem.NO_COLLECTION)
        session = self._open_session()
        item, prompt = self._read_paths(
            self._call_keyring(
                collection,
                COLLECTION,
                "CreateItem",
                "a{sv}(oayays)b",
                (
                    {f"{ITEM}.Label": ("s", self._label), f"{ITEM}.Attributes": ("a{ss}", self._attributes)},
                    (session, b"", key.reveal().encode("ascii"), "text/plain"),
                    True,
                ),
            )
        )
        self._close_session(session)
        self._refuse_prompt(prompt)
        if item == _NO_OBJECT or self._read_secret([item]) != key:
            raise KeyAccessError(KeyProblem.BAD_ANSWER)
        earlier, _ = self._search_items()
        for path in earlier:
            if path != item:
                self._delete_item(path)

    def delete(self) -> bool:
        """Delete the key; returns whether there was one."""
        self._start_deadline()
        unlocked, locked = self._search_items()
        for path in unlocked:
            self._delete_item(path)
        if locked:
            raise KeyAccessError(KeyProblem.LOCKED)
        return bool(unlocked)

    def _start_deadline(self) -> None:
        self._deadline = time.monotonic() + self._patience

    def _search_items(self) -> tuple[list[str], list[str]]:
        """Find the program's items: the unlocked and the locked ones."""
        found = self._unpack_body(
            self._call_keyring(SERVICE_PATH, SERVICE_INTERFACE, "SearchItems", "a{ss}", (self._attributes,)),
            list,
            list,
        )
        unlocked, locked = (self._check_paths(paths[:_MAX_ITEMS]) for paths in found)
        return unlocked, locked

    def _read_secret(self, items: list[str]) -> Key:
        session = self._open_session()
        (secrets,) = self._unpack_body(
            self._call_keyring(SERVICE_PATH, SERVICE_INTERFACE, "GetSecrets", "aoo", (items, session)), dict
        )
        self._close_session(session)
        for item in items:
            secret = secrets.get(item)
            if isinstance(secret, tuple) and len(secret) == 4 and isinstance(secret[2], bytes):
                with suppress(KeyAccessError):
                    return Key.from_bytes(secret[2])
        raise KeyAccessError(KeyProblem.BAD_ANSWER)

    def _delete_item(self, item: str) -> None:
        self._refuse_prompt(self._read_path(self._call_keyring(item, ITEM, "Delete")))

    def _refuse_prompt(self, prompt: str) -> None:
        if prompt == _NO_OBJECT:
            return
        self._bus.call_async(SERVICE_NAME, prompt, PROMPT, "Dismiss", "", (), lambda _: None)
        raise KeyAccessError(KeyProblem.LOCKED)

    def _open_session(self) -> str:
        _, session = self._unpack_body(
            self._call_keyring(SERVICE_PATH, SERVICE_INTERFACE, "OpenSession", "sv", ("plain", ("s", ""))),
            tuple,
            str,
        )
        return self._check_paths([session])[0]

    def _close_session(self, session: str) -> None:
        self._bus.call_async(SERVICE_NAME, session, SESSION, "Close", "", (), lambda _: None)

    def _read_path(self, body: Body) -> str:
        (path,) = self._read_paths(body, 1)
        return path

    def _read_paths(self, body: Body, count: int = 2) -> list[str]:
        return self._check_paths(self._unpack_body(body, *[str] * count))

    @staticmethod
    def _check_paths(found: Iterable[object]) -> list[str]:
        """Check object paths: the bus disconnects a sender of a malformed one, and the icon would go with it."""
        paths = [path for path in found if isinstance(path, str) and _OBJECT_PATH.fullmatch(path)]
        if len(paths) != len([*found]):
            raise KeyAccessError(KeyProblem.BAD_ANSWER)
        return paths

    @staticmethod
    def _unpack_body(body: Body, *kinds: type) -> Body:
        try:
            return unpack_body(body, *kinds)
        except BusError:
            raise KeyAccessError(KeyProblem.BAD_ANSWER) from None

    def _call_keyring(
        self, path: str, interface: str, member: str, signature: str = "", body: Body = ()
    ) -> Body:
        try:
            return self._bus_call(SERVICE_NAME, path, interface, member, signature, body)
        except NoReply:
            raise KeyAccessError(KeyProblem.TIMED_OUT) from None
        except BusError as error:  # not its text, which is the keyring's own and may be the key
            name = error.name if _ERROR_NAME.fullmatch(error.name) else ""
            _log.debug("the keyring answered %s with %s", member, name)
            raise KeyAccessError(_problem_from_error(name)) from None

    def _bus_call(  # noqa: PLR0913, PLR0917  # the words of a D-Bus call
        self, destination: str, path: str, interface: str, member: str, signature: str, body: Body
    ) -> Body:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise KeyAccessError(KeyProblem.TIMED_OUT)
        return self._bus.call(destination, path, interface, member, signature, body, timeout=remaining)


def _problem_from_error(name: str) -> KeyProblem:
    if name == "org.freedesktop.Secret.Error.IsLocked":
        return KeyProblem.LOCKED
    of_the_bus = name.removeprefix("org.freedesktop.DBus.Error.")
    return (
        KeyProblem.NO_KEYRING
        if of_the_bus != name and of_the_bus.startswith(_ABSENT_ERRORS)
        else KeyProblem.BAD_ANSWER
    )
