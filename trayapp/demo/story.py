"""The outage that the demo plays: a made-up hour on a made-up status page.

It begins before anybody has posted anything, hits one component after the other, and lets them come back one by
one, so that every look of the icon and every kind of notice has its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.demo.page_json import Content, Happening, Post, pages
from trayapp.demo.server import API, HEALTHY, JSON, UNAVAILABLE, Answer, Served, StatusServer
from trayapp.model import Stage, State, worst

NAME = "High error rates on API requests"


@dataclass(frozen=True, slots=True)
class Beat:
    """What changes in one minute of the story."""

    minute: int
    note: str
    now: Mapping[tuple[str, str], State] | None = None
    """(group, component) -> its new state; None when nobody touches the page."""
    post: tuple[Stage, str] | None = None
    failing: tuple[str, ...] = ()
    """Probe paths that fail from this minute on; those not named are well."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the world looks like from one minute on, to the next frame."""

    minute: int
    note: str
    """For the person who watches."""
    pages: Mapping[str, bytes]
    """Path -> JSON body of the status page."""
    endpoints: Mapping[str, Answer]
    """Path -> answer of every other endpoint."""


_CHAT_COMPLETIONS = ("APIs", "Chat Completions")
_RESPONSES = ("APIs", "Responses")
_EMBEDDINGS = ("APIs", "Embeddings")
_REALTIME = ("APIs", "Realtime")
_CONVERSATIONS = ("ChatGPT", "Conversations")
_CODEX_API = ("Codex", "Codex API")

STORY = (
    Beat(0, "A calm day."),
    Beat(3, "The API stops answering. Nobody has posted anything.", failing=(API,)),
    Beat(
        10,
        "OpenAI investigates: one component is degraded.",
        now={_RESPONSES: State.DEGRADED},
        post=(
            Stage.INVESTIGATING,
            "Some API requests fail with status 503. We are looking into it.",
        ),
        failing=(API,),
    ),
    Beat(
        14,
        "The cause is identified: a partial outage.",
        now={_RESPONSES: State.PARTIAL, _CHAT_COMPLETIONS: State.DEGRADED},
        post=(
            Stage.IDENTIFIED,
            "A **configuration change** overloads the gateway in front of the models. We are taking it back.",
        ),
        failing=(API,),
    ),
    Beat(
        17,
        "More components follow, in ChatGPT and Codex too.",
        now={
            _CHAT_COMPLETIONS: State.PARTIAL,
            _REALTIME: State.DEGRADED,
            _CONVERSATIONS: State.DEGRADED,
            _CODEX_API: State.DEGRADED,
        },
        failing=(API,),
    ),
    Beat(
        20,
        "The API is down: a major outage.",
        now={
            _RESPONSES: State.MAJOR,
            _CHAT_COMPLETIONS: State.MAJOR,
            _EMBEDDINGS: State.PARTIAL,
            _CONVERSATIONS: State.PARTIAL,
        },
        post=(
            Stage.IDENTIFIED,
            "Most API requests fail now, and ChatGPT answers slowly. Taking the change back takes longer than hoped.",
        ),
        failing=(API,),
    ),
    Beat(
        28,
        "A fix is in place and watched. The API answers again.",
        now={_RESPONSES: State.PARTIAL, _CHAT_COMPLETIONS: State.PARTIAL, _EMBEDDINGS: State.OPERATIONAL},
        post=(
            Stage.MONITORING,
            "The change is taken back. Error rates are falling; we keep watching.",
        ),
    ),
    Beat(
        31,
        "ChatGPT and Codex are back.",
        now={_CONVERSATIONS: State.OPERATIONAL, _CODEX_API: State.OPERATIONAL},
    ),
    Beat(
        34,
        "The API is back, while the fix is still watched.",
        now={
            _CHAT_COMPLETIONS: State.OPERATIONAL,
            _REALTIME: State.OPERATIONAL,
            _RESPONSES: State.OPERATIONAL,
        },
    ),
    Beat(
        40,
        "OpenAI says it is resolved.",
        post=(
            Stage.RESOLVED,
            "All requests succeed again. We are sorry for the trouble.",
        ),
    ),
    Beat(50, "A calm day again."),
)


def frames(start: datetime) -> tuple[Frame, ...]:
    """The story with its times counted from `start` (aware)."""
    frames: list[Frame] = []
    changed_at = start - timedelta(days=60)
    troubled: dict[tuple[str, str], State] = {}
    posts: list[Post] = []
    for turn, beat in enumerate(STORY):
        at = start + timedelta(minutes=beat.minute)
        if beat.post:
            posts.append(Post(at, *beat.post))
        if beat.now or beat.post:
            changed_at = at
        if beat.now:
            troubled = {
                component: state
                for component, state in {**troubled, **beat.now}.items()
                if state is not State.OPERATIONAL
            }
        content = Content(changed_at, troubled, (*_earlier(start), *_outage(posts, troubled)), turn)
        frames.append(Frame(beat.minute, beat.note, pages(content), _endpoints(beat.failing)))
    return tuple(frames)


def play(
    server: StatusServer,
    speed: float,
    sleep: Callable[[float], bool],
    now: Callable[[], datetime],
    tell: Callable[[Frame], None] = lambda _frame: None,
) -> None:
    """Show the story on a server, frame by frame, and return when the last one stands.

    Args:
        server: what shows it.
        speed: minutes of the story in one real minute.
        sleep: waits so many real seconds and says whether to stop, as `threading.Event.wait` does.
        now: the story's clock, which runs `speed` times as fast as a real one.
        tell: told of each frame as it begins.
    """
    start = now()
    for frame in frames(start):
        due = start + timedelta(minutes=frame.minute)
        if sleep(max(0.0, (due - now()).total_seconds() / speed)):
            return
        show(server, frame)
        tell(frame)


def show(server: StatusServer, frame: Frame) -> None:
    """Make the server's answers those of one frame."""
    page = {path: Served(200, body, JSON) for path, body in frame.pages.items()}
    server.answer_all({**page, **frame.endpoints})


def _endpoints(failing: tuple[str, ...]) -> dict[str, Answer]:
    return {**HEALTHY, **dict.fromkeys(failing, UNAVAILABLE)}


def _outage(posts: list[Post], troubled: Mapping[tuple[str, str], State]) -> tuple[Happening, ...]:
    """The story's own incident: its impact follows its worst component while open, and keeps the worst when over."""
    if not posts:
        return ()
    over = posts[-1].stage is Stage.RESOLVED
    impact = State.MAJOR if over else worst(troubled.values(), default=State.DEGRADED)
    return (Happening(2, NAME, impact, tuple(posts)),)


def _earlier(start: datetime) -> tuple[Happening, ...]:
    """What the list of past incidents holds besides: one of ninety-five minutes, 60 days ago."""
    began = start - timedelta(days=60, minutes=95)
    return (
        Happening(
            1,
            "Slow uploads of files",
            State.DEGRADED,
            (
                Post(began, Stage.INVESTIGATING, "Uploads take longer than usual."),
                Post(began + timedelta(minutes=95), Stage.RESOLVED, "Uploads are as fast as before."),
            ),
        ),
    )
