"""Reads the proxies in macOS' settings by its own program, `scutil --proxy`.

Written by its manual and by listings in public reports; tried on no Mac yet. A PAC file is named and not followed: to have
it evaluated, a run loop of Apple's own would have to run in this program.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from trayapp.desktop.hooks import hook_environment
from trayapp.desktop.network.system_proxy.exceptions import read_exceptions
from trayapp.desktop.process_group import ProcessGroup
from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer

_log = logging.getLogger(__name__)

COMMAND = ("/usr/sbin/scutil", "--proxy")
LIMIT = 3.0
"""Seconds for the program."""


class MacSettings:
    """The settings that hold now, as `scutil --proxy` prints them."""

    def __init__(self, printed: str) -> None:
        self._values: dict[str, str] = dict(re.findall(r"^ {2}(\w+) : ([^\n<]+)$", printed, re.MULTILINE))
        array = re.search(
            r"^ {2}ExceptionsList : <array> \{\n(.*?)^ {2}\}", printed, re.MULTILINE | re.DOTALL
        )
        self._exceptions = re.findall(r"^ +\d+ : (.+)$", array[1], re.MULTILINE) if array else []

    def answer(self, url: str) -> SystemProxyAnswer:
        """Return the proxy for an address."""
        parts = urlsplit(url)
        proxy = self._proxy(parts.scheme.upper(), "http") or self._proxy("SOCKS", "socks")
        if not proxy and self._is_on("ProxyAutoConfigEnable"):
            return SystemProxyAnswer(ProxySource.MACOS, trouble=ProxyTrouble.PAC_NOT_FOLLOWED)
        exceptions = read_exceptions(
            self._exceptions, parts.hostname or "", plain_names=self._is_on("ExcludeSimpleHostnames")
        )
        return SystemProxyAnswer(ProxySource.MACOS, (proxy or "direct://",), exceptions=exceptions)

    def _proxy(self, kind: str, scheme: str) -> str:
        host, port = self._values.get(f"{kind}Proxy", "").strip(), self._values.get(f"{kind}Port", "").strip()
        if not host or not self._is_on(f"{kind}Enable"):
            return ""
        name = f"[{host}]" if ":" in host else host
        return f"{scheme}://{name}:{port}" if port else f"{scheme}://{name}"

    def _is_on(self, key: str) -> bool:
        return self._values.get(key, "").strip() == "1"


def look_up(urls: Sequence[str], report: Callable[[str, SystemProxyAnswer], None]) -> None:
    """Answer for these addresses by the settings."""
    try:
        group = ProcessGroup(COMMAND, hook_environment(os.environ, None), stdout=subprocess.PIPE)
    except OSError as error:
        _log.warning("macOS' proxy settings: %s", error)
        return
    try:
        printed, _ = group.child.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        group.kill()
        group.child.communicate()
        for url in urls:
            report(url, SystemProxyAnswer(ProxySource.MACOS, trouble=ProxyTrouble.LATE))
        return
    finally:
        group.release()
    settings = MacSettings(printed.decode("utf-8", "replace"))
    for url in urls:
        report(url, settings.answer(url))
