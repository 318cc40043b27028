"""Asks Windows for the proxy by WinHTTP, which finds (WPAD), fetches and evaluates PAC files.

https://learn.microsoft.com/windows/win32/winhttp/winhttp-autoproxy-support. In Windows' own order: what the network names, the
PAC file in the settings, the proxy in the settings. A PAC file that wants a login is not fetched: no name or password of
the person's is sent to whoever calls itself the network's.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from trayapp.desktop.network.system_proxy.exceptions import read_exceptions
from trayapp.desktop.system32 import load_library
from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer

_DWORD = ctypes.c_uint32
_BOOL = ctypes.c_int32
_ACCESS_NO_PROXY = 1
_ACCESS_NAMED_PROXY = 3
_AUTO_DETECT = 1
_CONFIG_URL = 2
_BY_DHCP_AND_DNS = 3
_TIMED_OUT = 12002
"""ERROR_WINHTTP_TIMEOUT."""
_NOT_DETECTED = 12180
"""ERROR_WINHTTP_AUTODETECTION_FAILED: the network names no PAC file, which is as usual."""

Report = Callable[[str, SystemProxyAnswer], None]


class _CurrentConfig(ctypes.Structure):
    """WINHTTP_CURRENT_USER_IE_PROXY_CONFIG."""

    _fields_ = (
        ("detects", _BOOL),
        ("pac_file", ctypes.c_void_p),
        ("proxy", ctypes.c_void_p),
        ("bypass", ctypes.c_void_p),
    )


class _AutoProxyOptions(ctypes.Structure):
    """WINHTTP_AUTOPROXY_OPTIONS."""

    _fields_ = (
        ("flags", _DWORD),
        ("detect_flags", _DWORD),
        ("pac_file", ctypes.c_wchar_p),
        ("reserved", ctypes.c_void_p),
        ("reserved_too", _DWORD),
        ("logs_in", _BOOL),
    )


class _ProxyInfo(ctypes.Structure):
    """WINHTTP_PROXY_INFO."""

    _fields_ = (("access", _DWORD), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p))


def look_up(urls: Sequence[str], report: Report) -> None:
    """Ask about these addresses, and report each answer as it comes. Raises OSError where there is no WinHTTP."""
    library = _load()
    detects, pac_file, proxy, bypass = _read_current_config(library)
    with _session(library) as session:
        for url in urls:
            report(url, _answer(library, session, url, (detects, pac_file), (proxy, bypass)))


def read_proxy_list(text: str, scheme: str) -> tuple[str, ...]:
    """Read a list of proxies as Windows writes it: "host:port", or "http=host:port;https=host:port;socks=host:port"."""
    entries = [entry for entry in re.split(r"[;\s]+", text) if entry]
    named = [entry.partition("=") for entry in entries if "=" in entry]
    own = [place for kind, _, place in named if kind.lower() == scheme]
    plain = [entry for entry in entries if "=" not in entry]
    socks = [f"socks://{place.rpartition('//')[2]}" for kind, _, place in named if kind.lower() == "socks"]
    web = [place if "://" in place else f"http://{place}" for place in own or plain]
    return tuple(web or socks)


def _load() -> Any:
    library = load_library("winhttp")
    library.WinHttpOpen.restype = ctypes.c_void_p
    library.WinHttpOpen.argtypes = (ctypes.c_wchar_p, _DWORD, ctypes.c_wchar_p, ctypes.c_wchar_p, _DWORD)
    library.WinHttpSetTimeouts.argtypes = (ctypes.c_void_p, *(ctypes.c_int,) * 4)
    library.WinHttpCloseHandle.argtypes = (ctypes.c_void_p,)
    library.WinHttpGetProxyForUrl.argtypes = (
        ctypes.c_void_p,
        ctypes.c_wchar_p,
        ctypes.POINTER(_AutoProxyOptions),
        ctypes.POINTER(_ProxyInfo),
    )
    return library


@contextmanager
def _session(library: Any) -> Iterator[int]:
    session = library.WinHttpOpen(None, _ACCESS_NO_PROXY, None, None, 0)
    if not session:
        raise OSError(f"WinHttpOpen: error {_last_error()}")
    try:
        library.WinHttpSetTimeouts(session, 5000, 5000, 5000, 10000)
        yield session
    finally:
        library.WinHttpCloseHandle(session)


def _read_current_config(library: Any) -> tuple[bool, str, str, str]:
    """Read the person's settings: whether the network is asked, the PAC file, the proxy and its exceptions."""
    config = _CurrentConfig()
    if not library.WinHttpGetIEProxyConfigForCurrentUser(ctypes.byref(config)):
        return False, "", "", ""  # there are none yet
    texts = [_take_text(each) for each in (config.pac_file, config.proxy, config.bypass)]
    return bool(config.detects), texts[0], texts[1], texts[2]


def _answer(
    library: Any, session: int, url: str, automatic: tuple[bool, str], manual: tuple[str, str]
) -> SystemProxyAnswer:
    (detects, pac_file), trouble = automatic, None
    for options in (
        _AutoProxyOptions(_AUTO_DETECT, _BY_DHCP_AND_DNS) if detects else None,
        _AutoProxyOptions(_CONFIG_URL, 0, pac_file) if pac_file else None,
    ):
        if options is None:
            continue
        info = _ProxyInfo()
        if library.WinHttpGetProxyForUrl(session, url, ctypes.byref(options), ctypes.byref(info)):
            proxy, bypass = _take_text(info.proxy), _take_text(info.bypass)
            return _make_answer(url, proxy if info.access == _ACCESS_NAMED_PROXY else "", bypass)
        error = _last_error()
        if error != _NOT_DETECTED:
            trouble = ProxyTrouble.LATE if error == _TIMED_OUT else ProxyTrouble.FAILED
    if trouble and not manual[0]:
        return SystemProxyAnswer(ProxySource.WINDOWS, trouble=trouble)
    return _make_answer(url, *manual)


def _make_answer(url: str, proxy: str, bypass: str) -> SystemProxyAnswer:
    parts = urlsplit(url)
    listed = read_proxy_list(proxy, parts.scheme) or ("direct://",)
    exceptions = read_exceptions(re.split(r"[;\s]+", bypass), parts.hostname or "")
    return SystemProxyAnswer(ProxySource.WINDOWS, listed, exceptions=exceptions)


def _take_text(pointer: int | None) -> str:
    """Read a text that Windows allocated, and free it."""
    if not pointer:
        return ""
    text = ctypes.wstring_at(pointer)
    free = load_library("kernel32").GlobalFree
    free.argtypes, free.restype = (ctypes.c_void_p,), ctypes.c_void_p
    free(pointer)
    return text


def _last_error() -> int:
    error: int = ctypes.get_last_error()  # type: ignore[attr-defined, unused-ignore]  # on Windows only
    return error
