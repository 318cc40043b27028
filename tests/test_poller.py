"""The background thread: it goes on whatever a look, the disk or a person does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.core.pages import page
from tests.desktop.desktops import wait_until
from trayapp.app.languages import load_translator
from trayapp.desktop.clocks import create_clock, reread_zone
from trayapp.engine.poller import Poller
from trayapp.engine.ports import CommandRequest, PollerPorts, PollerQueue, PollerSettings
from trayapp.model import (
    Action,
    Cause,
    Command,
    DisplayedNotification,
    Level,
    Limits,
    MenuChoices,
    Miss,
    Moment,
    Notification,
    NotificationKind,
    PageReading,
    PollPlan,
    Round,
    SavedMemory,
    SavedProduct,
    State,
    Transition,
    TrayView,
)
from trayapp.store import Store

PACE = 300.0
"""The stage's seconds are that much quicker than real ones; its clock, its queue and its threads are real."""

Looked = Callable[[PollPlan], PageReading | Miss]


class Chosen:
    """A person's settings as a test sets them; `change` is what an edited file does."""

    def __init__(self, limits: Limits) -> None:
        self.settings = PollerSettings(
            limits, load_translator("en"), "https://status.example", MenuChoices(limits.follow, limits.level)
        )
        self.done: list[Command] = []
        self.answer: str | None = None

    def change(self, **changes: object) -> None:
        """What is chosen from now on."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # a field by its name

    def current_settings(self) -> PollerSettings:
        """As they are."""
        return self.settings

    def run_command(self, command: Command) -> str | None:
        """What a person asked of them."""
        self.done.append(command)
        return self.answer


class Stage:
    """A poller on a stage: what it looks at is scripted, what it shows and tells is kept."""

    def __init__(self, folder: Path) -> None:
        self.queue: PollerQueue = SimpleQueue()
        self.views: list[TrayView] = []
        self.told: list[Notification] = []
        self.happened: list[str] = []
        self.opened: list[tuple[str, str]] = []
        self.details = True
        self.browser = True
        self.renewed = 0
        self.quit = threading.Event()
        self.slept = 0.0
        self.seen: Looked = lambda _: page()
        self.file = folder / "state.db"
        self.keeper: Callable[[], Store] = lambda: Store.open(self.file, self._clock().wall)
        self._real = create_clock(PACE)
        self.poller: Poller | None = None
        self.chosen = Chosen(Limits())
        self.passed_on: list[Transition] = []
        self.recalled: list[Mapping[str, DisplayedNotification]] = []
        self.taken_back: list[str] = []

    def _clock(self) -> Moment:
        now = self._real()
        return Moment(now.wall + timedelta(seconds=self.slept), now.awake, now.boot + self.slept)

    def begin(self, limits: Limits | None = None) -> None:
        """Start the program's thread."""
        if limits is not None:
            self.chosen = Chosen(limits)
        world = PollerPorts(
            poll=self._look,
            drop_connections=self._renew,
            open_store=self._keeper,
            notify=self._tell,
            show=self.views.append,
            open_link=self._open,
            open_details=self._open_details,
            has_tray=lambda: True,
            clock=self._clock,
            dice=lambda: 0.5,
            quit=self.quit.set,
            preferences=self.chosen,
            report_transition=self.passed_on.append,
            reread_zone=reread_zone,
            restore_displayed=self.recalled.append,
            withdraw=self.taken_back.extend,
            poll_timeout=1.0,
            pace=PACE,
        )
        self.poller = Poller(world, self.queue)
        self.poller.start()

    def end(self) -> None:
        """Stop it."""
        if self.poller is not None:
            self.poller.stop(timeout=5.0)

    def _look(self, plan: PollPlan) -> Round:
        return Round(self._clock(), page=self.seen(plan) if plan.page else None)

    def _renew(self) -> None:
        self.renewed += 1

    def _keeper(self) -> Store:
        keeper = self.keeper()
        save = keeper.save

        def note_and_save(
            kept: SavedMemory,
            told: Sequence[Transition] = (),
            intents: Sequence[Notification] = (),
            *,
            now: datetime,
        ) -> None:
            self.happened.extend(f"kept {t.change}" for t in told if not t.silent)
            save(kept, told, intents, now=now)

        keeper.save = note_and_save  # type: ignore[method-assign, assignment]  # only to note the order
        return keeper

    def _tell(self, notice: Notification) -> None:
        self.happened.append(f"told {notice.kind}")
        self.told.append(notice)

    def _open(self, url: str, token: str) -> bool:
        self.opened.append((url, token))
        return self.browser

    def _open_details(self, token: str) -> bool:
        self.opened.append(("details", token))
        return self.details

    def now(self) -> datetime:
        """What time it is on the stage."""
        return self._clock().wall

    def state(self) -> State | None:
        """What the icon shows now."""
        return self.views[-1].look.state if self.views else None

    def kinds(self) -> list[NotificationKind]:
        """What was told, the welcome apart."""
        return [n.kind for n in self.told if n.kind is not NotificationKind.WELCOME]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage that is cleared at the end."""
    one = Stage(tmp_path)
    yield one
    one.end()


def test_the_icon_is_grey_until_the_first_round_has_ended(stage: Stage) -> None:
    """The first view is unknown and hollow; green comes with the page's word."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)

    assert stage.views[0].look.state is State.UNKNOWN
    assert stage.views[0].look.hollow


def test_a_look_that_raises_is_a_miss_and_the_loop_goes_on(stage: Stage) -> None:
    """A fault in a look leaves the icon grey, and the next look is believed."""
    failing = True

    def read_page(_: PollPlan) -> PageReading:
        if failing:
            raise ValueError("a fault of our own")
        return page()

    stage.seen = read_page
    stage.begin()
    wait_until(lambda: len(stage.views) > 1)
    assert stage.state() is State.UNKNOWN

    failing = False
    wait_until(lambda: stage.state() is State.OPERATIONAL)


def test_a_click_is_answered_while_a_look_hangs(stage: Stage) -> None:
    """A person who clicks during a look that does not come back gets the page at once."""
    hanging, release = threading.Event(), threading.Event()

    def read_page(_: PollPlan) -> PageReading:
        hanging.set()
        release.wait(0.9)
        return page()

    stage.seen = read_page
    stage.begin()
    hanging.wait(10)
    stage.queue.put(Command(Action.OPEN_PAGE, token="t1"))
    wait_until(lambda: stage.opened)
    release.set()

    assert stage.opened == [("https://status.example", "t1")]


@pytest.mark.long
def test_a_look_that_never_comes_back_costs_one_round(stage: Stage) -> None:
    """It counts as lost after twice its deadline, and the next look is a new one."""
    release = threading.Event()
    looks = 0

    def read_page(_: PollPlan) -> PageReading:
        nonlocal looks
        looks += 1
        if looks == 1:
            release.wait(60)
        return page()

    stage.seen = read_page
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    release.set()

    assert looks > 1


def test_what_must_arrive_is_kept_before_it_is_told(stage: Stage) -> None:
    """A major outage's start is on disk before it is on the screen."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())

    assert stage.happened.index("kept start") < stage.happened.index("told start")


def test_an_intent_that_was_not_carried_out_is_told_at_the_next_start(stage: Stage) -> None:
    """Killed between keeping and showing, the program shows it when it starts again, and once only."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())
    stage.end()
    stage.told.clear()

    stage.begin()
    wait_until(lambda: stage.kinds() == [NotificationKind.START])


def test_a_notice_that_was_shown_is_not_told_again(stage: Stage) -> None:
    """Its receipt ends the intent."""
    from trayapp.engine.ports import NotificationReceipt

    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())
    stage.queue.put(NotificationReceipt(next(n for n in stage.told if n.kind is NotificationKind.START)))
    wait_until(stage.queue.empty)
    stage.end()
    stage.told.clear()

    stage.begin()
    wait_until(lambda: stage.state() is State.MAJOR)
    assert stage.kinds() == []


def down_and_shown(stage: Stage) -> Notification:
    """ChatGPT goes down, and its start stands on the screen for good."""
    from trayapp.engine.ports import NotificationReceipt

    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())
    start = next(n for n in stage.told if n.kind is NotificationKind.START)
    stage.queue.put(
        NotificationReceipt(start, DisplayedNotification("bus :1.7", 42, start.lasting, start.click))
    )
    wait_until(stage.queue.empty)
    return start


def test_the_next_run_is_told_what_stands_on_the_screen_before_it_tells_anything(stage: Stage) -> None:
    """Its notices take the place of those that the last run left."""
    start = down_and_shown(stage)
    stage.end()
    stage.told.clear()
    stage.seen = lambda _: page()

    stage.begin()
    wait_until(lambda: stage.kinds() == [NotificationKind.END])
    assert stage.recalled == [{}, {start.thread: DisplayedNotification("bus :1.7", 42, True, start.click)}]
    assert stage.told[0].thread == start.thread


@pytest.mark.long
@pytest.mark.parametrize("how", ["followed no more", "level nothing"])
def test_what_lasts_is_taken_back_where_its_end_is_not_told(stage: Stage, how: str) -> None:
    """Nobody would take it from the screen."""
    start = down_and_shown(stage)
    assert stage.taken_back == []
    limits = stage.chosen.settings.limits
    if how == "followed no more":
        stage.chosen.change(limits=replace(limits, follow=("APIs",)))
    else:
        stage.chosen.change(limits=replace(limits, level=Level.NOTHING))
        stage.seen = lambda _: page()
    stage.queue.put(None)
    wait_until(lambda: stage.taken_back)
    assert stage.taken_back == [start.thread]
    assert stage.kinds() == [NotificationKind.START]


def test_waking_turns_the_icon_grey_and_looks_again_over_new_connections(stage: Stage) -> None:
    """What was known before sleep is not shown after it until a round has ended."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.slept += 8 * 3600
    wait_until(lambda: stage.renewed)
    greys = [v for v in stage.views[1:] if v.look.state is State.UNKNOWN]
    wait_until(lambda: stage.state() is State.OPERATIONAL)

    assert greys


def test_a_sleep_in_the_middle_of_a_look_is_noticed(stage: Stage) -> None:
    """What that look brought may be as old as the sleep was long."""

    def dozing(_plan: PollPlan) -> PageReading:
        stage.slept = 8 * 3600
        return page()

    stage.seen = dozing
    stage.begin()
    wait_until(lambda: stage.renewed)


def test_the_first_run_is_welcomed_once(stage: Stage) -> None:
    """The welcome comes at the first start and never again."""
    stage.begin()
    wait_until(lambda: stage.told)
    stage.end()
    assert [n.kind for n in stage.told] == [NotificationKind.WELCOME]

    stage.told.clear()
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    assert stage.told == []


def test_a_fault_of_the_disk_is_told_once(stage: Stage) -> None:
    """The store's complaint becomes one notification however often it is written."""
    stage.file.parent.mkdir(exist_ok=True)
    stage.file.write_bytes(b"this is not a database" * 100)
    stage.begin()
    wait_until(lambda: NotificationKind.PROGRAM_TROUBLE in stage.kinds())
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())

    assert stage.kinds().count(NotificationKind.PROGRAM_TROUBLE) == 1


def test_check_now_looks_now(stage: Stage) -> None:
    """Asked for, a look does not wait for its time."""
    stage.begin(replace(Limits(), page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.DEGRADED)
    stage.queue.put(Command(Action.CHECK))

    wait_until(lambda: stage.state() is State.DEGRADED)


def test_an_answer_that_has_come_is_taken_up_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The round that takes up what the check with the key has found asks nobody else."""
    plans: list[PollPlan] = []
    look = stage._look

    def note_plan(plan: PollPlan) -> Round:
        plans.append(plan)
        return look(plan)

    monkeypatch.setattr(stage, "_look", note_plan)
    stage.begin(replace(Limits(), page_interval=3600.0))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.queue.put(Command(Action.KEY_CHECK_DONE))

    wait_until(lambda: any(plan.reason == "an answer has come" for plan in plans))
    joining = next(plan for plan in plans if plan.reason == "an answer has come")
    assert (joining.page, joining.native, joining.probes) == (False, False, ())


@pytest.mark.long
def test_pausing_holds_the_end_back_and_resuming_tells_it(stage: Stage) -> None:
    """A pause delays what is told and loses nothing; it holds over a restart."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: page(ChatGPT=State.MAJOR)
    wait_until(lambda: NotificationKind.START in stage.kinds())
    stage.queue.put(Command(Action.PAUSE, "1h"))
    stage.seen = lambda _: page()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    before = len(stage.views)
    wait_until(lambda: len(stage.views) > before + 3)
    assert NotificationKind.END not in stage.kinds()

    stage.queue.put(Command(Action.RESUME))
    wait_until(lambda: NotificationKind.END in stage.kinds())


def test_quit_is_passed_on(stage: Stage) -> None:
    """Quitting from the menu ends the tray's loop, which ends the program."""
    stage.begin()
    stage.queue.put(Command(Action.QUIT))

    assert stage.quit.wait(10)


@pytest.mark.long
def test_an_unreadable_page_says_why_and_changes_nothing_that_is_known(stage: Stage) -> None:
    """Good, then unreadable for long: the icon turns grey, nothing is told, and the state on disk stays."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.seen = lambda _: Miss(Cause.HTML)
    wait_until(lambda: stage.state() is State.UNKNOWN)
    stage.end()
    store = Store.open(stage.file, stage._clock().wall)
    known = store.last_saved().products["ChatGPT"]
    store.close()

    assert replace(known, reached=()) == SavedProduct()
    assert set(known.reached) == {None}
    assert stage.kinds() == []


def test_a_fault_at_the_start_is_tried_again(stage: Stage) -> None:
    """A program that cannot even begin says so in its log and begins a little later."""
    keeper, tries = stage.keeper, 0

    def failing() -> Store:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("a fault of our own")
        return keeper()

    stage.keeper = failing
    stage.begin()

    wait_until(lambda: stage.state() is State.OPERATIONAL)
    assert tries == 2


def test_details_without_an_incident_are_the_programs_own_page(stage: Stage) -> None:
    """The icon's click shows the details page; a notification's click shows the incident it is about."""
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.queue.put(Command(Action.DETAILS))
    stage.queue.put(Command(Action.DETAILS, "made-up"))
    wait_until(lambda: len(stage.opened) == 2)

    assert stage.opened == [("details", ""), ("https://status.test/incidents/made-up", "")]


def test_where_the_details_page_cannot_be_served_the_status_page_opens(stage: Stage) -> None:
    """A click is never without an answer."""
    stage.details = False
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.queue.put(Command(Action.DETAILS))
    wait_until(lambda: len(stage.opened) == 2)

    assert stage.opened[-1] == ("https://status.test", "")


@pytest.mark.long
def test_a_fault_over_a_question_is_answered_with_no(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked is not left waiting, nor told that all is well; the poller goes on."""

    def fault(_url: str, _token: str) -> bool:
        raise ZeroDivisionError

    stage.details = False
    monkeypatch.setattr(stage, "_open", fault)
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    answers: SimpleQueue[bool] = SimpleQueue()
    stage.queue.put(CommandRequest(Command(Action.DETAILS), answers.put))
    assert not answers.get(timeout=10.0)
    wait_until(lambda: stage.state() is State.UNKNOWN)
    stage.queue.put(Command(Action.CHECK))
    wait_until(lambda: stage.state() is State.OPERATIONAL)


def test_a_click_that_no_browser_answers_is_told(stage: Stage) -> None:
    """Who asked on the control socket learns it too, and what was not seen does not count as seen."""
    stage.details = stage.browser = False
    stage.begin()
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    answers: SimpleQueue[bool] = SimpleQueue()
    stage.queue.put(CommandRequest(Command(Action.DETAILS), answers.put))

    assert not answers.get(timeout=10.0)
    assert stage.told[-1].body == "No browser could be opened for https://status.test."
