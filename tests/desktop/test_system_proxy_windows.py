"""The proxy as Windows has it, asked of Windows itself by WinHTTP: settings by hand, a PAC file, one that cannot be had."""

from __future__ import annotations

import ctypes
import http.server
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer

if sys.platform == "win32":
    import winreg

    from trayapp.desktop.network.system_proxy.chooser import is_present, look_up_proxies
else:
    pytest.skip("needs WinHTTP", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further

API, PAGE = "https://api.openai.com/", "https://status.openai.com/"
KEY = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
PAC = b"""function FindProxyForURL(url, host) {
    if (host == "api.openai.com") return "PROXY near.test:3128";
    return "DIRECT";
}"""


def look_up_all(*urls: str) -> dict[str, SystemProxyAnswer]:
    """Every answer."""
    found: dict[str, SystemProxyAnswer] = {}
    look_up_proxies(urls or (PAGE, API), found.__setitem__)
    return found


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    """The person's settings of the internet, which name nothing at the end."""
    yield
    write()


def write(proxy: str = "", exceptions: str = "", pac_file: str = "", *, detects: bool = False) -> None:
    """Write the settings in the form in which Windows' own panel keeps them: flags, then texts with their lengths."""
    flags = 1 | (2 if proxy else 0) | (4 if pac_file else 0) | (8 if detects else 0)
    texts = (text.encode("ascii") for text in (proxy, exceptions, pac_file))
    blob = struct.pack("<III", 0x46, 1, flags) + b"".join(struct.pack("<I", len(t)) + t for t in texts)
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, KEY) as key:
        winreg.SetValueEx(key, "DefaultConnectionSettings", 0, winreg.REG_BINARY, blob + bytes(32))


@contextmanager
def serving(text: bytes, pause: float = 0.0) -> Iterator[str]:
    """The address of a PAC file."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(pause)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ns-proxy-autoconfig")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(text)

        def log_message(self, *_arguments: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/proxy.pac"
    server.shutdown()
    server.server_close()


def test_nothing_set_is_direct() -> None:
    """As on most computers."""
    assert is_present()
    answers = look_up_all()
    assert set(answers) == {PAGE, API}
    assert {answer.addresses for answer in answers.values()} == {("direct://",)}


def test_a_proxy_set_by_hand_with_its_exceptions() -> None:
    """In the form in which Windows keeps them."""
    write("near.test:3128", "*.corp;<local>")
    answer = look_up_all(API)[API]
    assert (answer.source, answer.addresses) == (ProxySource.WINDOWS, ("http://near.test:3128",))
    assert answer.exceptions == ("*.corp",)
    assert look_up_all("https://mirror/")["https://mirror/"].exceptions == ("*",)


def test_one_for_each_kind_of_address() -> None:
    """The one for https."""
    write("http=a.test:1;https=b.test:2")
    assert look_up_all(API)[API].addresses == ("http://b.test:2",)


def test_a_pac_file_is_fetched_and_evaluated() -> None:
    """For each server by itself."""
    with serving(PAC) as address:
        write(pac_file=address)
        answers = look_up_all()
    assert answers[API].addresses == ("http://near.test:3128",)
    assert answers[PAGE].addresses == ("direct://",)


def test_where_the_network_names_none_what_is_set_by_hand_counts() -> None:
    """Windows looks for the network's own by default (WPAD), and mostly there is nothing."""
    write(detects=True)
    assert look_up_all(API)[API].addresses == ("direct://",)
    write("near.test:3128", detects=True)
    assert look_up_all(API)[API].addresses == ("http://near.test:3128",)


@pytest.mark.parametrize("text", [b"rubbish {{{", b"", b"function FindProxyForURL(u, h) { throw 1; }"])
def test_a_pac_file_that_is_rubbish_is_said(text: bytes) -> None:
    """Or gives the direct way; never an address."""
    with serving(text) as address:
        write(pac_file=address)
        answer = look_up_all(API)[API]
    assert answer.trouble is ProxyTrouble.FAILED or answer.addresses == ("direct://",)


def test_a_pac_file_that_cannot_be_had_is_said() -> None:
    """Nobody listens there."""
    write(pac_file="http://127.0.0.1:9/proxy.pac")
    assert look_up_all(API)[API].trouble in {ProxyTrouble.FAILED, ProxyTrouble.LATE}


def test_what_windows_allocates_is_freed() -> None:
    """A hundred questions do not make the program grow by what they bring."""
    write("x" * 20_000 + ":1")
    look_up_all(API)
    before = _private_bytes()
    for _ in range(100):
        look_up_all(API)
    assert _private_bytes() - before < 1_500_000


def _private_bytes() -> int:
    class Counters(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint32), ("faults", ctypes.c_uint32), ("sizes", ctypes.c_size_t * 9))

    counters = Counters(size=ctypes.sizeof(Counters))
    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
    assert kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
    return int(counters.sizes[8])
