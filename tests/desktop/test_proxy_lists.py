"""How Windows and macOS write proxies and exceptions, read on any system."""

from __future__ import annotations

import pytest

from trayapp.desktop.network.system_proxy.exceptions import read_exceptions
from trayapp.desktop.network.system_proxy.macos import MacSettings
from trayapp.desktop.network.system_proxy.windows import read_proxy_list
from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer
from trayapp.sources.proxies import apply_exceptions

API = "https://api.openai.com/"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("", ()),
        ("near:3128", ("http://near:3128",)),
        ("near:3128;far:8080", ("http://near:3128", "http://far:8080")),
        ("near:3128 far", ("http://near:3128", "http://far")),
        ("http=a:1;https=b:2;ftp=c:3;socks=d:4", ("http://b:2",)),
        ("http=a:1", ()),
        ("HTTPS=http://b:2", ("http://b:2",)),
        ("http=a:1;socks=d:4", ("socks://d:4",)),
        (";;  ;", ()),
    ],
)
def test_windows_lists_of_proxies(text: str, listed: tuple[str, ...]) -> None:
    """For https; one for another kind of address does not count."""
    assert read_proxy_list(text, "https") == listed


@pytest.mark.parametrize(
    ("listed", "host", "direct"),
    [
        (["<local>"], "mirror", True),
        (["<local>"], "mirror.corp", False),
        (["*.corp", "<local>"], "mirror.corp", True),
        (["10.*"], "10.1.2.3", True),
        (["192.168.*.*"], "192.168.7.1", True),
        (["192.168.*"], "192.169.7.1", False),
        (["169.254/16"], "169.254.9.9", True),
        (["10/8"], "11.0.0.1", False),
        (["<-loopback>", "", "?"], "mirror.corp", False),
        (["*"], "mirror.corp", True),
    ],
)
def test_exceptions_of_windows_and_macos(listed: list[str], host: str, direct: bool) -> None:
    """Stars within addresses, short ranges, names without a dot."""
    answer = SystemProxyAnswer(
        ProxySource.WINDOWS, ("http://near:3128",), exceptions=read_exceptions(listed, host)
    )
    left = apply_exceptions(answer, f"https://{host}/").addresses
    assert left == (("direct://",) if direct else ("http://near:3128",))


MANUAL = """<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
    2 : *.corp
  }
  ExcludeSimpleHostnames : 1
  FTPPassive : 1
  HTTPEnable : 1
  HTTPPort : 8080
  HTTPProxy : far.test
  HTTPSEnable : 1
  HTTPSPort : 3128
  HTTPSProxy : near.test
  ProxyAutoConfigEnable : 0
  SOCKSEnable : 0
  __SCOPED__ : <dictionary> {
    en0 : <dictionary> {
      HTTPSEnable : 1
      HTTPSPort : 1
      HTTPSProxy : scoped.test
    }
  }
}
"""
PAC = """<dictionary> {
  HTTPEnable : 0
  HTTPSEnable : 0
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://corp.test/proxy.pac
  ProxyAutoDiscoveryEnable : 0
}
"""
NONE = "<dictionary> {\n  FTPPassive : 1\n  ProxyAutoDiscoveryEnable : 1\n}\n"


def test_macos_settings_by_hand() -> None:
    """The scheme's own proxy; a plain name is excepted where that is ticked; one interface's own are not for all."""
    settings = MacSettings(MANUAL)
    assert settings.answer(API).addresses == ("http://near.test:3128",)
    assert settings.answer("http://api.openai.com/").addresses == ("http://far.test:8080",)
    assert settings.answer(API).exceptions == ("*.local", "169.254.0.0/16", "*.corp")
    assert settings.answer("https://mirror/").exceptions == ("*",)


def test_macos_pac_file_is_named_and_not_followed() -> None:
    """What the network might name by itself is no trouble: there is mostly nothing."""
    assert MacSettings(PAC).answer(API).trouble is ProxyTrouble.PAC_NOT_FOLLOWED
    for printed in (NONE, "", "No such key\n"):
        assert MacSettings(printed).answer(API) == SystemProxyAnswer(ProxySource.MACOS, ("direct://",))
