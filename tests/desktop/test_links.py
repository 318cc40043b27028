"""Opening addresses: which ones, by whom, in what environment."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.desktop.desktops import wait_until
from tests.systems import unix
from trayapp.desktop import links
from trayapp.desktop.links import ALLOWED_HOSTS, clean_environment, is_allowed_url, open_file, open_url
from trayapp.model.other_sources import OTHER_SOURCE_URLS

INCIDENT = "https://status.openai.com/incidents/01ABC"


@pytest.mark.parametrize(
    "url",
    [
        INCIDENT,
        "https://status.openai.com",
        "https://STATUS.OpenAI.com/",
        "https://help.openai.com/en/articles/1?x=y&z=%20#top",
    ],
)
def test_https_on_a_listed_host_is_allowed(url: str) -> None:
    """Plain https addresses on the built-in hosts pass, whatever the case of the host."""
    assert is_allowed_url(url, ALLOWED_HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://status.openai.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:status.openai.com",
        "https://status.openai.com.evil.example/",
        "https://evil.example/https://status.openai.com/",
        "https://evilstatus.openai.com/",
        "https://openai.com/",
        "https://status.openai.com./",
        "https://status.openai.com:443/",
        "https://me@status.openai.com/",
        "https://status.openai.com@evil.example/",
        "https://status.openai.com\\@evil.example/",
        "https://evil.example\\.status.openai.com/",
        "https://status.openai.com/\n--help",
        "https://status.openai.com/ x",
        "https://status.openai.com/\0",
        "https://status.openai.com/\u202e",
        "https://status.openai.сom/",
        "https://status.openai.com/`id`",
        "https://status.openai.com/<script>",
        " https://status.openai.com/",
        "-https://status.openai.com/",
        "https://status.openai.com/" + "a" * 3000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    """Other schemes, hosts, ports, users, characters and endless addresses do not pass."""
    assert not is_allowed_url(url, ALLOWED_HOSTS)


OTHERS = frozenset(
    {
        "downdetector.com",
        "downdetector.tr",
        "downdetector.id",
        "downdetector.co.uk",
        "xn--allestrungen-9ib.de",
        "x.com",
        "news.google.com",
        "trends.google.com",
        "hn.algolia.com",
        "www.reddit.com",
        "github.com",
    }
)
"""Hosts on which others say what they see."""


def test_where_others_speak_is_a_short_list_of_hosts() -> None:
    """A new one is named here too, by who has looked at it."""
    parts = [urlsplit(address) for address in OTHER_SOURCE_URLS]
    assert {part.netloc for part in parts} == OTHERS
    assert {part.scheme for part in parts} == {"https"}
    assert not OTHERS & ALLOWED_HOSTS


@pytest.mark.parametrize("address", sorted(OTHER_SOURCE_URLS))
def test_each_address_where_others_speak_is_allowed_and_nothing_else_there(address: str) -> None:
    """Anybody writes on these hosts: a status page's link to another page of theirs is as good as one to anywhere."""
    host = urlsplit(address).netloc
    assert is_allowed_url(address, ALLOWED_HOSTS)
    assert is_allowed_url(address, OTHERS), "it must be an address that a browser reads in one way only"
    for kin in (
        address.replace("https:", "http:"),
        f"https://{host}/",
        f"https://{host}/login",
        f"https://m.{host}/",
        f"https://{host}.evil.example/",
        f"https://{host}@evil.example/",
        f"https://{host}:8443/",
        f"https://{host.partition('.')[2]}/",
        address + "x",
        address + "#/../evil",
        address.replace(host, host.upper()),
        address.replace(host, host + "."),
    ):
        assert kin == address or not is_allowed_url(kin, ALLOWED_HOSTS), kin


def test_the_programs_own_page_is_allowed_only_when_named_exactly() -> None:
    """A loopback page passes when it is given as the program's own, and no other page there does."""
    own = {"http://127.0.0.1:8123/secret/"}
    assert is_allowed_url("http://127.0.0.1:8123/secret/", ALLOWED_HOSTS, own)
    assert not is_allowed_url("http://127.0.0.1:8123/secret/other", ALLOWED_HOSTS, own)
    assert not is_allowed_url("http://127.0.0.1:8123/secret/", ALLOWED_HOSTS)


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording stand-in for xdg-open, alone on PATH; the file that it writes when it is done."""
    record = tmp_path / "record"
    script = tmp_path / "bin" / "xdg-open"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable} -I\n"
        "import os, sys\n"
        f"part = {str(record)!r} + '.part'\n"
        "lines = [repr(sys.argv[1:]), *(f'{n}={v}' for n, v in os.environ.items())]\n"
        "lines.append('session leader' if os.getsid(0) == os.getpid() else 'in our session')\n"
        "lines.append('stdin ' + os.readlink('/proc/self/fd/0'))\n"
        "open(part, 'w').write('\\n'.join(lines))\n"
        f"os.rename(part, {str(record)!r})\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent))
    return record


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
def test_the_opener_sees_exactly_the_address_and_no_bundle(
    opener: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xdg-open gets the address as its only argument, the activation token, and the person's own environment."""
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/app/_internal", raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/app/_internal:/usr/local/lib")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    monkeypatch.setenv("GI_TYPELIB_PATH", "/opt/app/_internal/gi_typelibs")
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/opt/app/run")
    url = "https://status.openai.com/incidents/01ABC?a=1&b=$(id)'"

    assert open_url(url, ALLOWED_HOSTS, "token-1")
    wait_until(opener.exists, what="xdg-open to have run")

    lines = opener.read_text().splitlines()
    assert lines[0] == repr([url])
    assert "XDG_ACTIVATION_TOKEN=token-1" in lines
    assert "LD_LIBRARY_PATH=/usr/local/lib" in lines
    assert "session leader" in lines
    assert "stdin /dev/null" in lines
    assert not [
        line for line in lines if "_internal" in line or line.startswith(("_PYI_", "GI_", "LD_LIBRARY_PATH_"))
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
def test_a_hostile_token_is_left_out(opener: Path) -> None:
    """A token with a NUL, which no environment can hold, does not keep the address from being opened."""
    assert open_url(INCIDENT, ALLOWED_HOSTS, "a\0b")
    wait_until(opener.exists, what="xdg-open to have run")
    assert "XDG_ACTIVATION_TOKEN" not in opener.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
@pytest.mark.parametrize("token", ["", "fresh-2"])
def test_the_leave_to_raise_a_window_is_this_click_s_and_never_the_programs_own(
    opener: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """What the program was started with is used up: a browser with it stays behind all other windows."""
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    for name in names:
        monkeypatch.setenv(name, "stale-1")
    assert open_url(INCIDENT, ALLOWED_HOSTS, token)
    wait_until(opener.exists, what="xdg-open to have run")
    lines = opener.read_text().splitlines()
    assert {line for line in lines if line.startswith(names)} == (
        {f"{n}={token}" for n in names} if token else set()
    )


@pytest.fixture
def browsers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for every browser that the real xdg-open knows: some need a display, some are for a terminal.

    The file to which each adds its name when it has shown something.
    """
    if shutil.which("xdg-open") is None:
        pytest.skip("needs xdg-open")
    shown = tmp_path / "shown"
    for names, body in {
        "www-browser links2 elinks links lynx w3m": f'echo "$0" >> {shown}',
        "x-www-browser firefox iceweasel seamonkey mozilla epiphany konqueror chromium chromium-browser google-chrome": (
            f'[ -n "$DISPLAY$WAYLAND_DISPLAY" ] && echo "$0" >> {shown}'
        ),
        "run-mailcap": f'echo "$0" >> {shown}',
    }.items():
        for name in names.split():
            (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
            (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name in ("XDG_DATA_DIRS", "XDG_DATA_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "no-settings"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"):
        monkeypatch.delenv(name, raising=False)
    return shown


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
def test_without_a_display_no_text_browser_speaks_to_nobody(
    browsers: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The real xdg-open would call that opened; so it is said that it was not, and one line is in the log."""
    assert not open_url(INCIDENT, ALLOWED_HOSTS)
    assert not open_file(browsers)
    assert not browsers.exists()
    assert len(caplog.records) == 2
    monkeypatch.setenv("BROWSER", "w3m")  # the person's own choice stands
    assert open_url(INCIDENT, ALLOWED_HOSTS)
    assert browsers.read_text().endswith("/w3m\n")


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
def test_with_a_display_the_browser_is_the_systems_choice(
    browsers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is put in its way."""
    monkeypatch.setenv("DISPLAY", ":0")
    assert open_url(INCIDENT, ALLOWED_HOSTS)
    assert browsers.read_text().endswith("/x-www-browser\n")


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
def test_the_opener_leaves_no_zombie(opener: Path) -> None:
    """The opener's process is waited for, so that nothing of it remains."""

    def children() -> set[str]:
        tasks = Path("/proc/self/task").iterdir()
        return {child for task in tasks for child in (task / "children").read_text().split()}

    before = children()
    assert open_url(INCIDENT, ALLOWED_HOSTS)
    wait_until(opener.exists, what="xdg-open to have run")
    wait_until(lambda: children() <= before, what="the opener to be reaped")


@unix
def test_a_missing_opener_is_one_log_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without any opener the answer is False and the log has one line."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_url(INCIDENT, ALLOWED_HOSTS)
    assert len(caplog.records) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's opener")
@pytest.mark.parametrize(("then", "opened"), [("exit 3", False), ("exit 0", True), ("exec sleep 5", True)])
def test_an_opener_that_finds_no_browser_is_noticed(
    then: str, opened: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up at once; one that lives on has become the browser and is not waited for."""
    script = tmp_path / "xdg-open"
    script.write_text(f"#!/bin/sh\n{then}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert open_url(INCIDENT, ALLOWED_HOSTS) is opened


def test_a_mac_opens_the_settings_as_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses go to the browser; of a .toml file it would say that no program opens it."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert links.opener_command("https://status.openai.com/") == ("/usr/bin/open",)
    assert links.opener_command("/Users/me/config.toml") == ("/usr/bin/open", "-t")


def test_a_refused_address_starts_nothing(opener: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An address from an unknown host is refused and its line breaks cannot forge a line of the log."""
    assert not open_url("https://evil.example/\nfake line", ALLOWED_HOSTS)
    assert not opener.exists()
    assert len(caplog.text.splitlines()) == 1


def test_an_unfrozen_program_passes_its_environment_on() -> None:
    """Without a bundle nothing is changed, not even names that a bundle would use."""
    env = {"LD_LIBRARY_PATH": "/a", "_PYI_X": "1"}
    assert clean_environment(env, None) == env


def test_only_what_points_into_the_bundle_goes() -> None:
    """Paths in the bundle are cut out of every variable; the person's own parts and settings stay."""
    env = {
        "XDG_DATA_DIRS": f"/b{os.sep}share{os.pathsep}/usr/share",
        "GIO_MODULE_DIR": "/b",
        "GDK_SCALE": "2",
        "HOME": "/bee",
        "EMPTY": "",
    }
    assert clean_environment(env, "/b") == {
        "XDG_DATA_DIRS": "/usr/share",
        "GDK_SCALE": "2",
        "HOME": "/bee",
        "EMPTY": "",
    }
