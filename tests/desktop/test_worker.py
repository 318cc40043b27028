"""The worker that tells: order, fall-through, and that it holds up nobody."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest

from tests.desktop.desktops import wait_until
from tests.desktop.views import English
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.plyer_fallback import PlyerNotifier
from trayapp.desktop.notifications.worker import LONG_RETRY_SPAN, RETRY_SPAN, NotificationWorker
from trayapp.desktop.tray.chooser import choose_tray
from trayapp.model import DisplayedNotification, Notification, NotificationKind

ROOT = Path(__file__).parents[2]


class Recorder:
    """A notifier that notes titles; it first does what the test gives it to do."""

    def __init__(self, before: Callable[[Notification], None] = lambda _: None) -> None:
        self.titles: list[str] = []
        self.closed = False
        self._before = before

    def show(self, notice: Notification) -> None:
        """Note the title."""
        self._before(notice)
        self.titles.append(notice.title)

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def ids_to(queue: SimpleQueue[str]) -> Callable[[Notification, DisplayedNotification | None], None]:
    """Note which notices were shown."""
    return lambda notice, _standing: queue.put(notice.id)


def unheard(_notice: Notification, _standing: DisplayedNotification | None) -> None:
    """Of no interest here."""


def notice(number: int) -> Notification:
    """Some notice."""
    return Notification(id=f"n{number}", kind=NotificationKind.START, title=f"title {number}", body="")


def refuse(_notice: Notification) -> None:
    """A server that is away."""
    raise NotifyError("away")


def break_down(_notice: Notification) -> None:
    """A fault nobody thought of."""
    raise ValueError("a fault")


def test_notices_go_out_in_order_and_are_reported() -> None:
    """Each notice is shown by the first notifier, in the order told, and its id is reported after that."""
    first, second, shown = Recorder(), Recorder(), SimpleQueue[str]()
    teller = NotificationWorker((first, second), ids_to(shown))
    for number in range(20):
        teller.notify(notice(number))
    assert [shown.get(timeout=20) for _ in range(20)] == [f"n{number}" for number in range(20)]
    assert first.titles == [f"title {number}" for number in range(20)]
    assert second.titles == []
    teller.close(20)
    assert first.closed
    assert second.closed


def test_whether_the_newest_notice_was_shown_is_reported() -> None:
    """A server that comes later ends the silence."""
    away, mute = [True], SimpleQueue[bool]()
    teller = NotificationWorker((Recorder(lambda one: refuse(one) if away[0] else None),), unheard, mute.put)
    teller.notify(notice(1))
    assert mute.get(timeout=20)
    away[0] = False
    teller.notify(notice(2))
    assert not mute.get(timeout=20)
    teller.close(20)


@pytest.mark.parametrize("trouble", [refuse, break_down])
def test_the_next_notifier_takes_over(trouble: Callable[[Notification], None]) -> None:
    """Where one cannot, or breaks, the next one shows the notice."""
    second, shown = Recorder(), SimpleQueue[str]()
    teller = NotificationWorker((Recorder(trouble), second), ids_to(shown))
    teller.notify(notice(1))
    assert shown.get(timeout=20) == "n1"
    assert second.titles == ["title 1"]
    teller.close(20)


def test_what_nobody_shows_is_logged_and_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    """A notice that nobody could show is in the log and does not count as shown; its text forges no line."""
    shown = SimpleQueue[str]()
    teller = NotificationWorker((Recorder(refuse),), ids_to(shown))
    teller.notify(Notification(id="n1", kind=NotificationKind.START, title="bad\nline", body=""))
    teller.close(20)
    assert shown.empty()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert len(caplog.text.splitlines()) == 1


def test_a_failing_report_silences_nobody() -> None:
    """When reporting fails, the notices after it are told all the same."""
    first = Recorder()
    teller = NotificationWorker((first,), lambda one, _standing: break_down(one))
    teller.notify(notice(1))
    teller.notify(notice(2))
    teller.close(20)
    assert first.titles == ["title 1", "title 2"]


def test_telling_never_waits_and_closing_waits_only_so_long() -> None:
    """With a notifier that hangs, tell returns, and close gives up after its time."""
    release = Event()

    def hang(_notice: Notification) -> None:
        release.wait(60)

    hung = Recorder(hang)
    shown = SimpleQueue[str]()
    teller = NotificationWorker((hung,), ids_to(shown))
    teller.notify(notice(1))
    teller.notify(notice(2))
    teller.close(0.05)
    assert hung.closed
    assert shown.empty()
    release.set()
    assert shown.get(timeout=20) == "n1"


def test_what_is_abandoned_is_not_shown_in_another_way() -> None:
    """At the program's end a hung call fails; what would be started in its place would outlive the program."""
    release = Event()

    def hang_and_fail(one: Notification) -> None:
        release.wait(60)
        refuse(one)

    other = Recorder()
    teller = NotificationWorker((Recorder(hang_and_fail), other), unheard)
    teller.notify(notice(1))
    teller.close(0.05)
    release.set()
    teller._thread.join(20)
    assert not teller._thread.is_alive()
    assert other.titles == []


def test_a_hung_notifier_does_not_keep_the_program_alive() -> None:
    """A program whose notifier hangs for ever still ends."""
    code = (
        "import time\n"
        "from trayapp.desktop.notifications.worker import NotificationWorker\n"
        "from trayapp.model import Notification, NotificationKind\n"
        "class Hung:\n"
        "    def show(self, notice): time.sleep(600)\n"
        "    def close(self): pass\n"
        "teller = NotificationWorker((Hung(),), print)\n"
        "teller.notify(Notification(id='n', kind=NotificationKind.START, title='t', body='b'))\n"
        "teller.close(0.1)\n"
        "print('end')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "end\n"


def test_without_a_bus_plyer_is_all_there_is() -> None:
    """Where there is no session bus, notices go to plyer."""
    (only,) = choose_notifiers(None, print, choose_tray(None, draw_icon, print, English()), Path())
    assert isinstance(only, PlyerNotifier)


def test_what_nobody_could_show_is_shown_when_somebody_can() -> None:
    """A server that was away when an outage began tells it when it is there; the silence ends with it."""
    away, shown, mute = [True], SimpleQueue[str](), SimpleQueue[bool]()
    late = Recorder(lambda one: refuse(one) if away[0] else None)
    teller = NotificationWorker((late,), ids_to(shown), mute.put, again=0.01)
    teller.notify(notice(1))
    assert mute.get(timeout=20)
    away[0] = False
    assert shown.get(timeout=20) == "n1"
    teller.close(20)
    assert late.titles == ["title 1"]
    assert [mute.get() for _ in range(mute.qsize())][-1] is False


def test_of_one_trouble_only_the_newest_word_comes_late() -> None:
    """Who missed start and end is not told of an outage that is over."""
    away, shown, mute = [True], SimpleQueue[str](), SimpleQueue[bool]()
    late = Recorder(lambda one: refuse(one) if away[0] else None)
    teller = NotificationWorker((late,), ids_to(shown), mute.put, again=0.5)
    for number in (1, 2):
        teller.notify(replace(notice(number), thread="incident"))
    teller.notify(notice(3))
    assert [mute.get(timeout=20) for _ in range(3)] == [True, True, True]
    away[0] = False
    assert {shown.get(timeout=20), shown.get(timeout=20)} == {"n2", "n3"}
    teller.close(20)
    assert shown.empty()


def test_what_another_notice_says_is_over_comes_no_more() -> None:
    """A summary of what happened meanwhile ends troubles of several threads; their starts would be false after it."""
    away, shown, mute = [True], SimpleQueue[str](), SimpleQueue[bool]()
    late = Recorder(lambda one: refuse(one) if away[0] else None)
    teller = NotificationWorker((late,), ids_to(shown), mute.put, again=0.5)
    for number in (1, 2):
        teller.notify(replace(notice(number), thread=f"incident {number}", must_arrive=True))
    teller.notify(replace(notice(3), thread="incident 3", ends=("incident 3", "incident 1")))
    assert [mute.get(timeout=20) for _ in range(3)] == [True, True, True]
    away[0] = False
    assert {shown.get(timeout=20), shown.get(timeout=20)} == {"n2", "n3"}
    teller.close(20)
    assert shown.empty()


@pytest.mark.parametrize(("must_arrive", "titles"), [(True, ["title 1"]), (False, [])])
def test_what_may_have_been_shown_is_repeated_only_if_it_must_arrive(
    must_arrive: bool,  # the case
    titles: list[str],
) -> None:
    """A server that took it and gave no answer may yet show it: a major outage is worth two notices, all else is not."""
    mute, tries = SimpleQueue[bool](), [0]

    def unsure(_notice: Notification) -> None:
        tries[0] += 1
        if tries[0] == 1:
            raise NotifyError("no answer", perhaps_shown=True)

    slow = Recorder(unsure)
    teller = NotificationWorker((slow,), unheard, mute.put, again=0.01)
    teller.notify(replace(notice(1), must_arrive=must_arrive))
    assert mute.get(timeout=20)
    if must_arrive:
        assert not mute.get(timeout=20)
    teller.close(20)
    assert slow.titles == titles


@pytest.mark.parametrize(
    ("after", "titles"), [(RETRY_SPAN, ["title 2", "title 3"]), (LONG_RETRY_SPAN, ["title 3"])]
)
def test_old_news_is_told_no_more(after: float, titles: list[str]) -> None:
    """Past its time a notice that nobody could show is let go; one that must arrive has more time."""
    now, away, mute = [0.0], [True], SimpleQueue[bool]()
    late = Recorder(lambda one: refuse(one) if away[0] else None)
    teller = NotificationWorker((late,), unheard, mute.put, again=0.2, clock=lambda: now[0])
    teller.notify(notice(1))
    teller.notify(replace(notice(2), must_arrive=True))
    assert [mute.get(timeout=20) for _ in range(2)] == [True, True]
    now[0] = after
    teller.notify(notice(3))
    while mute.get(timeout=20):
        away[0] = False
    wait_until(lambda: len(late.titles) == len(titles), what="what is still news")
    teller.close(20)
    assert sorted(late.titles) == titles
