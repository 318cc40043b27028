"""Reads the proxy in GNOME's settings by GNOME's own program, `gsettings`, which knows where and how they are kept.

Schema: https://gitlab.gnome.org/GNOME/gsettings-desktop-schemas/-/blob/master/schemas/org.gnome.system.proxy.gschema.xml.in
"""

from __future__ import annotations

import ast
import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from trayapp.desktop.hooks import hook_environment, resolve_command
from trayapp.desktop.process_group import ProcessGroup
from trayapp.model import ProxySource, SystemProxyAnswer

_log = logging.getLogger(__name__)

SCHEMA = "org.gnome.system.proxy"
COMMAND = ("gsettings", "list-recursively", SCHEMA)
LIMIT = 3.0
"""Seconds for the program; it needs some hundredths of one."""
_VARIABLES = (
    *("XDG_CONFIG_HOME", "XDG_DATA_DIRS", "XDG_DATA_HOME", "XDG_CURRENT_DESKTOP"),
    *("GSETTINGS_BACKEND", "GSETTINGS_SCHEMA_DIR", "DCONF_PROFILE", "GIO_EXTRA_MODULES"),
)
"""Variables that say where a person's settings are kept."""
_LINE = re.compile(r"org\.gnome\.system\.proxy(?:\.(\w+))? ([a-z-]+) (.+)")


class PacFileError(Exception):
    """The settings name a PAC file, whose address is `address`; "" for the one that the network names."""

    def __init__(self, address: str) -> None:
        super().__init__("a PAC file")
        self.address = address


class GnomeSettings:
    """GNOME's settings of the proxy, by "mode", "http.host" and the like."""

    def __init__(self, printed: str) -> None:
        """`printed`: what `gsettings list-recursively` prints."""
        self._values: dict[str, object] = {}
        for line in printed.splitlines():
            found = _LINE.fullmatch(line.strip())
            if found:
                self._values[f"{found[1]}.{found[2]}".removeprefix("None.")] = _read_value(found[3])

    @property
    def is_known(self) -> bool:
        """Whether they could be read."""
        return self._text("mode") in {"none", "manual", "auto"}

    def answer(self, url: str) -> SystemProxyAnswer:
        """Return the proxy for an address. Raises PacFileError where a PAC file decides."""
        mode = self._text("mode")
        if mode == "auto":
            raise PacFileError(self._text("autoconfig-url"))
        proxy = self._manual_proxy(urlsplit(url).scheme) if mode == "manual" else ""
        listed = self._values.get("ignore-hosts")
        exceptions = tuple(map(str, listed)) if isinstance(listed, list) else ()
        return SystemProxyAnswer(ProxySource.GNOME, (proxy or "direct://",), exceptions=exceptions)

    def _manual_proxy(self, scheme: str) -> str:
        """Choose as GLib does (`gproxyresolvergnome.c`): the scheme's own, the one for all, SOCKS."""
        kinds = [(scheme, "http"), ("socks", "socks")]
        if self._values.get("use-same-proxy", True):
            kinds.insert(1, ("http", "http"))
        for kind, by in kinds:
            host, port = self._text(f"{kind}.host").strip(), self._values.get(f"{kind}.port")
            if host and port:
                return f"{by}://{self._login() if kind != 'socks' else ''}{host}:{port}"
        return ""

    def _login(self) -> str:
        if self._values.get("http.use-authentication") is not True:
            return ""
        user, password = self._text("http.authentication-user"), self._text("http.authentication-password")
        return f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""

    def _text(self, key: str) -> str:
        value = self._values.get(key, "")
        return value if isinstance(value, str) else ""


def read_gnome_settings(env: Mapping[str, str]) -> GnomeSettings | None:
    """Read the settings; None where there is no such program or schema, or it does not answer."""
    given = hook_environment(env, getattr(sys, "_MEIPASS", None))
    given |= {name: env[name] for name in _VARIABLES if name in env} | {"LC_ALL": "C.UTF-8"}
    try:
        group = ProcessGroup(resolve_command(COMMAND), given, stdout=subprocess.PIPE)
    except OSError as error:
        _log.debug("GNOME's settings: %s", error)
        return None
    try:
        printed, _ = group.child.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        group.kill()
        group.child.communicate()
        _log.warning("GNOME's settings: no answer in %g s", LIMIT)
        return None
    finally:
        group.release()
    settings = GnomeSettings(printed.decode("utf-8", "replace"))
    return settings if settings.is_known else None


def _read_value(text: str) -> object:
    """Read a value as GVariant prints it, which for these types is Python's own form but for "true" and "@as []"."""
    plain = text.removeprefix("@as ").strip()
    if plain in {"true", "false"}:
        return plain == "true"
    try:
        value: object = ast.literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value
