"""plyer as the last resort: a stand-in for notify-send on PATH, seen through the real plyer."""

import json
import sys
from pathlib import Path
from threading import Event

import pytest

from tests.desktop.desktops import wait_until
from trayapp.desktop.notifications import command_line, plyer_fallback
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.plyer_fallback import PlyerNotifier
from trayapp.model import Notification, NotificationKind

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="notify-send is Linux's")

START = Notification(id="n1", kind=NotificationKind.START, title="Chat is down", body="since 13:41")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; dbus-python, which plyer would take first, is out of sight."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "dbus", None)
    return tmp_path


def install(folder: Path, then: str = "") -> Path:
    """Put a notify-send on PATH that records its arguments and then does something; the record."""
    record = folder / "record"
    script = folder / "notify-send"
    script.write_text(
        f"#!{sys.executable} -I\nimport json, os, sys, time\n"
        f"json.dump(sys.argv[1:], open({str(record)!r} + '.part', 'w'))\n"
        f"os.rename({str(record)!r} + '.part', {str(record)!r})\n{then}\n"
    )
    script.chmod(0o755)
    return record


def arguments(record: Path) -> list[str]:
    """What notify-send was called with."""
    value = json.loads(record.read_text())
    assert isinstance(value, list)
    return value


def test_a_notice_goes_out_through_notify_send(folder: Path) -> None:
    """Title and body reach notify-send as its first two arguments, with the program's name."""
    record = install(folder)
    PlyerNotifier().show(START)
    assert arguments(record)[:2] == ["Chat is down", "since 13:41"]
    assert "OpenAI Status Tray" in arguments(record)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("--version", " --version", " --version"),
        ("-u", " -u", " -u"),
        ("\0-u", " -u", " -u"),
        ("it's", "it’s", "it’s"),
        ("<b>&", "<b>&", "&lt;b&gt;&amp;"),
        ("a\0b\x1bc\u202ed", "a b c d", "a b c d"),
        ("\\n", "＼n", "＼n"),
        ("half \ud83d", "half  ", "half  "),
        ("🙂" * 5000, "🙂" * 5000, "🙂" * 5000),
    ],
)
def test_hostile_text_stays_text(folder: Path, text: str, title: str, body: str) -> None:
    """No text is taken for an option, an escape, markup or the end of a string."""
    record = install(folder)
    PlyerNotifier().show(Notification(id="n", kind=NotificationKind.START, title=text, body=text))
    assert arguments(record)[:2] == [title, body]


def test_a_failing_notify_send_is_an_error(folder: Path) -> None:
    """A notify-send that found no server has shown nothing, and that is said."""
    install(folder, "sys.exit(1)")
    with pytest.raises(NotifyError):
        PlyerNotifier().show(START)


def test_without_any_means_it_says_so_quietly(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With nothing to show it there is one error and neither a traceback nor a warning on the terminal."""
    with pytest.raises(NotifyError):
        PlyerNotifier().show(START)
    assert capfd.readouterr() == ("", "")


def test_a_hung_notify_send_is_ended_in_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notify-send that never returns costs the limit, is killed, and the next notice can go out."""
    for module in (plyer_fallback, command_line):
        monkeypatch.setattr(module, "SHOW_TIMEOUT", 1.5)
    record = install(folder, "open(sys.argv[0] + '.pid', 'w').write(str(os.getpid())); time.sleep(600)")
    plyer = PlyerNotifier()
    with pytest.raises(NotifyError):
        plyer.show(START)
    pid = int((folder / "notify-send.pid").read_text())
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), what="notify-send to be gone")
    install(folder)
    plyer.show(START)
    assert arguments(record)[0] == START.title


def test_a_plyer_that_never_returns_is_left_behind(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A call that cannot be ended costs the limit once; while it hangs, further notices fail at once."""
    release = Event()

    class Stuck:
        def notify(self, **_texts: str) -> None:
            release.wait(60)

    monkeypatch.setattr(plyer_fallback, "SHOW_TIMEOUT", 0.1)
    monkeypatch.setattr(plyer_fallback, "_load_backend", Stuck)
    plyer = PlyerNotifier()
    for _ in range(2):
        with pytest.raises(NotifyError):
            plyer.show(START)
    assert plyer._thread
    assert plyer._thread.daemon
    release.set()
    plyer._thread.join(20)
    plyer.show(START)
