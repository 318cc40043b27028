"""A person's day: the real schedule, judge and words on clocks of the film's own, told as what a person sees.

day = Life()                      # 09:00, all is well, every probe is answered
day.page = page(ChatGPT=MAJOR)    # from now on the page says so
day.until("10:00")
day.heard                         # ["09:02 ChatGPT is down"]
day.icons                         # ["09:00 operational", "09:02 major_outage"]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.core.films import LIMITS, moment
from tests.core.minutes import Shown
from tests.core.pages import BEGAN, page
from trayapp.app.languages import load_translator
from trayapp.core.alerts.crowd_alert import record_crowd_notification
from trayapp.core.alerts.quiet_hours import hush_at
from trayapp.core.crowd.votes import WINDOW
from trayapp.core.judge import judge_round, rejudge
from trayapp.core.schedule import (
    plan_full_poll,
    plan_next_poll,
    plan_poll_after_key_check,
    start_schedule,
    update_schedule,
)
from trayapp.core.state.clock_jumps import measure_gap
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.view import build_view
from trayapp.core.tray_view.view import icon_look as icon
from trayapp.core.wording.crowd_notification import crowd_notification
from trayapp.core.wording.headline import status_sentence
from trayapp.core.wording.notifications import build_notification
from trayapp.engine import actions
from trayapp.model import (
    Action,
    AnswerFinding,
    Command,
    ConnectionState,
    Incident,
    KeyUsage,
    Limits,
    Miss,
    Moment,
    NativeReading,
    Notification,
    Outcome,
    PageReading,
    PollPlan,
    ProbeResult,
    QuietHours,
    Round,
    RoundTerms,
    SavedMemory,
    Transition,
    TrayView,
    Verdict,
)
from trayapp.model.crowd import CrowdCount, CrowdReport, CrowdSource, CrowdWindow
from trayapp.sources.answers.outcome import OUTCOMES
from trayapp.store.codec import from_json, to_json

ENGLISH = load_translator("en")
CHECK_TAKES = 2.0
"""Seconds, of the check with the key."""
_STATUS = {Outcome.ALIVE: 401, Outcome.ODD: 404, Outcome.NEUTRAL: 429}


@dataclass
class Life:
    """One program on one computer. What the world brings is set between the stretches of time."""

    limits: Limits = LIMITS
    page: PageReading | Miss = field(default_factory=page)
    past: tuple[Incident, ...] | None = ()
    """What the page's list of past incidents holds, None while it cannot be read; it is read only when it is asked for."""
    native: NativeReading | Miss = field(default_factory=lambda: NativeReading({}, {}))
    answers: Mapping[str, Outcome | float] = field(default_factory=dict)
    """Probe -> outcome, or the share of its polls that fails; without one it is alive."""
    findings: Mapping[str, AnswerFinding] = field(default_factory=dict)
    """Probe with the person's key -> what becomes of its answers; without one they come whole."""
    signed: bool = False
    """Whether failures are answers that OpenAI signed."""
    line: ConnectionState | None = None
    network: str = ""
    people: Mapping[CrowdSource, int] | None = None
    """Source -> people who report trouble, wherever somebody asks for it."""
    people_name: tuple[str, ...] = ("ChatGPT",)
    """The products that they name."""
    quiet_hours: QuietHours | None = None
    local: Callable[[datetime], datetime] = lambda at: at
    """The person's own clock on the wall; without one it is UTC."""
    seed: int = 1

    def __post_init__(self) -> None:
        self.told: list[tuple[datetime, Transition, Notification]] = []
        self.icons: list[str] = []
        self.plans: list[tuple[float, PollPlan]] = []
        self.memory = Memory()
        self.verdict: Verdict | None = None
        self._second, self._asleep, self._clock_set = 0.0, 0.0, 0.0
        self._rng = Random(self.seed)  # noqa: S311 - a world's luck is no secret
        self._speech = replace(ENGLISH, to_local=self.local)
        self._due: PollPlan | None = None
        self._joining: tuple[float, ProbeResult] | None = None
        self._reported: CrowdReport | None = None
        self.crowd_told: list[Notification] = []
        self._begin(SavedMemory())

    # ------------------------------------------------------------------------------------------ what a person sees

    @property
    def heard(self) -> list[str]:
        """What was notified: time and title."""
        return [Shown(f"{self.clock(at)} {one.title}") for at, _, one in self.told]

    @property
    def bodies(self) -> list[str]:
        """The notifications' bodies."""
        return [Shown(one.body) for _, _, one in self.told]

    @property
    def notices(self) -> list[Transition]:
        """What was notified, as transitions."""
        return [transition for _, transition, _ in self.told]

    @property
    def sentence(self) -> str:
        """What `status` would say now."""
        assert self.verdict is not None
        return Shown(status_sentence(self._speech, self.verdict))

    @property
    def view(self) -> TrayView:
        """What the tray shows now."""
        return build_view(self.verdict, self.memory.saved, self._speech, self.now.wall)

    def clock(self, at: datetime) -> str:
        """A time as it is written here: the day is added from the second one on."""
        at = self.local(at)
        day = "" if at.date() == BEGAN.date() else f"{at.day} "
        return f"{day}{at:%H:%M}"

    # ------------------------------------------------------------------------------------------ what goes on

    @property
    def now(self) -> Moment:
        """What the computer's clocks show."""
        return moment(self._second, asleep=self._asleep, clock_set=self._clock_set)

    def until(self, time: str) -> Life:
        """Live until a time of the day, of the next one if that has gone by."""
        return self.for_seconds(self._seconds_until(time))

    def for_seconds(self, seconds: float) -> Life:
        """Live for so long."""
        end = self._second + seconds
        while True:
            plan = self._due or plan_next_poll(self.schedule, self.memory, RoundTerms(self.now, self.limits))
            wait = 0.0 if self._due else max(plan.wait, 0.5)
            if self._joining and self._joining[0] <= self._second + wait:
                # The check with the key, begun beside an earlier round, has its result.
                wait = max(0.0, self._joining[0] - self._second)
                plan = plan_poll_after_key_check(
                    self.schedule, self.memory, RoundTerms(self.now, self.limits)
                )
            self._due = None
            if self._second + wait > end:
                self._second = end
                return self
            self._second += wait
            self._round(plan)

    def sleep_until(self, time: str) -> Life:
        """The lid is closed, and opened at a time; the first poll comes 8 s later."""
        self._asleep += self._seconds_until(time)
        return self._wake()

    def sleep_for(self, span: timedelta) -> Life:
        """The lid stays closed for so long."""
        self._asleep += span.total_seconds()
        return self._wake()

    def freeze_until(self, time: str) -> Life:
        """A virtual machine is paused: only the clock on the wall runs on."""
        self._clock_set += self._seconds_until(time)
        return self._wake()

    def set_clock(self, by: timedelta) -> Life:
        """Somebody sets the clock."""
        self._clock_set += by.total_seconds()
        return self._wake()

    def restart(self, *, off_until: str | None = None) -> Life:
        """The program ends and starts again, at once or at a time."""
        if off_until is not None:
            self._second += self._seconds_until(off_until)
        self._begin(from_json(SavedMemory, to_json(self.memory.saved)))
        return self

    def do(self, act: Action, argument: str = "") -> Life:
        """A click in the menu."""
        kept = actions.update_saved(
            Command(act, argument), self.memory.saved, self.verdict, self.now.wall, self.local
        )
        assert kept is not None
        self.memory = replace(self.memory, saved=kept)
        return self

    def change(self, limits: Limits) -> Life:
        """Other settings, while it runs."""
        self.limits = limits
        self.memory = replace(self.memory, saved=actions.keep_followed(self.memory.saved, limits.follow))
        self.memory, self.verdict = rejudge(self.memory, limits)
        return self

    def _seconds_until(self, time: str) -> float:
        """Seconds until the person's clock shows a time of the day next."""
        hour, minute = map(int, time.split(":"))
        here = self.local(self.now.wall)
        at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        at = at if at > here else at + timedelta(days=1)
        return (at.astimezone(UTC) - self.now.wall).total_seconds()

    def _wake(self) -> Life:
        if self.memory.moment and measure_gap(self.memory.moment, self.now, self.limits).is_disturbance:
            self._due = plan_full_poll(self.limits, "the computer slept")
        self._second += 8.0
        return self

    def _begin(self, kept: SavedMemory) -> None:
        self.memory = Memory(saved=kept)
        self.schedule = start_schedule(self.now, self.limits, lambda: 0.5)
        # A person's program has been running: its probes have been answered in the first round already.
        self._due = plan_full_poll(self.limits, "start")

    def _round(self, plan: PollPlan) -> None:
        keyed = [spec.name for spec in self.limits.probes if spec.keyed and spec.name in plan.probes]
        probes = tuple(self._answer(name) for name in plan.probes if name not in keyed)
        spent = KeyUsage(len(keyed))
        if self._joining and self._joining[0] <= self._second:
            probes, self._joining = (*probes, self._joining[1]), None
            spent += KeyUsage(0, 12, 2)
        if keyed:
            self._joining = self._second + CHECK_TAKES, self._answer(keyed[0])
        failed = any(p.outcome in {Outcome.FAILURE, Outcome.LOCAL} for p in probes)
        wants_page = plan.page or (plan.page_if_failing and failed)
        reading: PageReading | Miss | None = self._reading(plan) if wants_page else None
        line = ConnectionState.NOT_CHECKED
        if failed or isinstance(reading, Miss):
            line = self.line or ConnectionState.GOOD
        round_ = Round(
            self.now,
            reading,
            self.native if plan.native else None,
            probes,
            line,
            self.network,
            spent,
            self._reported,
        )
        self._reported = self._ask_people() if plan.crowd else None
        self.plans.append((self._second, plan))
        held = hush_at(self.quiet_hours, self.local(self.now.wall), even_major=False)
        limits = replace(self.limits, hush=held)
        self.memory, self.verdict, told = judge_round(self.memory, round_, limits)
        self.schedule = update_schedule(self.schedule, self.memory, round_, self.limits, lambda: 0.5, plan)
        self._note(told)
        if noted := record_crowd_notification(self.memory, self.verdict, RoundTerms(self.now, limits)):
            self.memory = noted
            self.crowd_told.append(crowd_notification(self._speech, self.verdict))

    def _ask_people(self) -> CrowdReport:
        """What the next round hears: the asking goes on beside this one."""
        at, named = self.now.wall, self.people_name
        window = CrowdWindow(at - WINDOW, at)
        counts = (CrowdCount(source, n, window, products=named) for source, n in (self.people or {}).items())
        return CrowdReport(tuple(counts))

    def _note(self, told: tuple[Transition, ...]) -> None:
        assert self.verdict is not None
        look = icon(self.verdict)
        shown = f"{look.state}{' hollow' if look.hollow else ''}"
        if not self.icons or self.icons[-1].partition(" ")[2].removeprefix(_day(self.icons[-1])) != shown:
            self.icons.append(Shown(f"{self.clock(self.now.wall)} {shown}"))
        wall = self.now.wall
        self.told += [
            (wall, t, build_notification(self._speech, t, self.verdict)) for t in told if not t.silent
        ]

    def _reading(self, plan: PollPlan) -> PageReading | Miss:
        if isinstance(self.page, Miss) or not plan.incidents or self.past is None:
            return self.page if isinstance(self.page, Miss) else replace(self.page, past_read=False)
        known = {i.id for i in self.page.incidents}
        over = tuple(i for i in self.past if i.id not in known)
        return replace(self.page, incidents=(*self.page.incidents, *over), past_read=True)

    def _answer(self, name: str) -> ProbeResult:
        spec = next(spec for spec in self.limits.probes if spec.name == name)
        if spec.keyed:
            finding = self.findings.get(name, AnswerFinding.WHOLE)
            signed = finding in {AnswerFinding.FAILED, AnswerFinding.OVERLOADED}
            return ProbeResult(
                name, spec.product, OUTCOMES[finding], status=200, signed=signed, finding=finding
            )
        found = self.answers.get(name, Outcome.ALIVE)
        if isinstance(found, float):
            found = Outcome.FAILURE if self._rng.random() < found else Outcome.ALIVE
        signed = self.signed and found is Outcome.FAILURE
        status = 503 if signed else _STATUS.get(found)
        return ProbeResult(name, spec.product, found, status=status, signed=signed)


def _day(entry: str) -> str:
    """The time of a second day's entry, which stands behind its day."""
    rest = entry.partition(" ")[2]
    return rest[:6] if rest[2:3] == ":" else ""
