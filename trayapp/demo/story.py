"""Holds and plays the outage of the demo: a made-up hour on a made-up status page.

The outage begins before anything is posted, hits one component after the other, and ends for them one by one, so that
every look of the icon and every kind of notification is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent, build_pages
from trayapp.demo.server import (
    API_PATH,
    HEALTHY_ANSWERS,
    JSON_HEADERS,
    UNAVAILABLE,
    CannedAnswer,
    EndpointAnswer,
    StatusServer,
)
from trayapp.model import Stage, State, worst_state

INCIDENT_NAME = "High error rates on API requests"


@dataclass(frozen=True, slots=True)
class StoryStep:
    """The changes in one minute of the story."""

    minute: int
    note: str
    new_states: Mapping[tuple[str, str], State] | None = None
    """(group, component) -> its new state; None if the page does not change."""
    post: tuple[Stage, str] | None = None
    failing_paths: tuple[str, ...] = ()
    """The probes' paths that fail from this minute on; all others work."""
    people: int = 0
    """How many people report it on GitHub within 20 minutes; in other places fewer do."""


@dataclass(frozen=True, slots=True)
class Frame:
    """All answers from one minute on until the next frame."""

    minute: int
    note: str
    """A sentence for the person who watches."""
    pages: Mapping[str, bytes]
    """Path -> JSON body of the status page."""
    endpoints: Mapping[str, EndpointAnswer]
    """Path -> answer of every other endpoint."""
    people: int = 0
    """How many people report the outage."""


_CHAT_COMPLETIONS = ("APIs", "Chat Completions")
_RESPONSES = ("APIs", "Responses")
_EMBEDDINGS = ("APIs", "Embeddings")
_REALTIME = ("APIs", "Realtime")
_CONVERSATIONS = ("ChatGPT", "Conversations")
_CODEX_API = ("Codex", "Codex API")

STORY = (
    StoryStep(0, "A calm day."),
    StoryStep(3, "The API stops answering. Nobody has posted anything.", failing_paths=(API_PATH,), people=8),
    StoryStep(
        10,
        "OpenAI investigates: one component is degraded.",
        new_states={_RESPONSES: State.DEGRADED},
        post=(
            Stage.INVESTIGATING,
            "Some API requests fail with status 503. We are looking into it.",
        ),
        failing_paths=(API_PATH,),
        people=14,
    ),
    StoryStep(
        14,
        "The cause is identified: a partial outage.",
        new_states={_RESPONSES: State.PARTIAL, _CHAT_COMPLETIONS: State.DEGRADED},
        post=(
            Stage.IDENTIFIED,
            "A **configuration change** overloads the gateway in front of the models. We are taking it back.",
        ),
        failing_paths=(API_PATH,),
        people=20,
    ),
    StoryStep(
        17,
        "More components follow, in ChatGPT and Codex too.",
        new_states={
            _CHAT_COMPLETIONS: State.PARTIAL,
            _REALTIME: State.DEGRADED,
            _CONVERSATIONS: State.DEGRADED,
            _CODEX_API: State.DEGRADED,
        },
        failing_paths=(API_PATH,),
        people=24,
    ),
    StoryStep(
        20,
        "The API is down: a major outage.",
        new_states={
            _RESPONSES: State.MAJOR,
            _CHAT_COMPLETIONS: State.MAJOR,
            _EMBEDDINGS: State.PARTIAL,
            _CONVERSATIONS: State.PARTIAL,
        },
        post=(
            Stage.IDENTIFIED,
            "Most API requests fail now, and ChatGPT answers slowly. Taking the change back takes longer than hoped.",
        ),
        failing_paths=(API_PATH,),
        people=30,
    ),
    StoryStep(
        28,
        "A fix is in place and watched. The API answers again.",
        new_states={
            _RESPONSES: State.PARTIAL,
            _CHAT_COMPLETIONS: State.PARTIAL,
            _EMBEDDINGS: State.OPERATIONAL,
        },
        post=(
            Stage.MONITORING,
            "The change is taken back. Error rates are falling; we keep watching.",
        ),
        people=14,
    ),
    StoryStep(
        31,
        "ChatGPT and Codex are back.",
        new_states={_CONVERSATIONS: State.OPERATIONAL, _CODEX_API: State.OPERATIONAL},
        people=6,
    ),
    StoryStep(
        34,
        "The API is back, while the fix is still watched.",
        new_states={
            _CHAT_COMPLETIONS: State.OPERATIONAL,
            _REALTIME: State.OPERATIONAL,
            _RESPONSES: State.OPERATIONAL,
        },
    ),
    StoryStep(
        40,
        "OpenAI says it is resolved.",
        post=(
            Stage.RESOLVED,
            "All requests succeed again. We are sorry for the trouble.",
        ),
    ),
    StoryStep(50, "A calm day again."),
)


def build_frames(start: datetime) -> tuple[Frame, ...]:
    """Builds the frames of the story, which begins at `start` (aware)."""
    frames: list[Frame] = []
    changed_at = start - timedelta(days=60)
    troubled: dict[tuple[str, str], State] = {}
    posts: list[DemoPost] = []
    for turn, step in enumerate(STORY):
        at = start + timedelta(minutes=step.minute)
        if step.post:
            posts.append(DemoPost(at, *step.post))
        if step.new_states or step.post:
            changed_at = at
        if step.new_states:
            troubled = {
                component: state
                for component, state in {**troubled, **step.new_states}.items()
                if state is not State.OPERATIONAL
            }
        content = PageContent(
            changed_at, troubled, (*_past_incident(start), *_outage_incident(posts, troubled)), turn
        )
        frames.append(
            Frame(
                step.minute,
                step.note,
                build_pages(content),
                _endpoint_answers(step.failing_paths),
                step.people,
            )
        )
    return tuple(frames)


def play_story(
    server: StatusServer,
    speed: float,
    sleep: Callable[[float], bool],
    now: Callable[[], datetime],
    tell: Callable[[Frame], None] = lambda _frame: None,
) -> None:
    """Shows the story on a server, frame by frame, and returns after the last one.

    Args:
        server: the server that shows it.
        speed: minutes of the story per real minute.
        sleep: waits for some real seconds and returns whether to stop, as `threading.Event.wait` does.
        now: the story's clock, `speed` times as fast as a real one.
        tell: called with each frame as it begins.
    """
    start = now()
    for frame in build_frames(start):
        due = start + timedelta(minutes=frame.minute)
        if sleep(max(0.0, (due - now()).total_seconds() / speed)):
            return
        show_frame(server, frame)
        tell(frame)


def show_frame(server: StatusServer, frame: Frame) -> None:
    """Sets the server's answers to those of one frame."""
    page = {path: CannedAnswer(200, body, JSON_HEADERS) for path, body in frame.pages.items()}
    server.set_answers({**page, **frame.endpoints})


def _endpoint_answers(failing: tuple[str, ...]) -> dict[str, EndpointAnswer]:
    return {**HEALTHY_ANSWERS, **dict.fromkeys(failing, UNAVAILABLE)}


def _outage_incident(
    posts: list[DemoPost], troubled: Mapping[tuple[str, str], State]
) -> tuple[DemoIncident, ...]:
    """Builds the story's incident: while open, its impact is that of the worst component; at the end, MAJOR."""
    if not posts:
        return ()
    over = posts[-1].stage is Stage.RESOLVED
    impact = State.MAJOR if over else worst_state(troubled.values(), default=State.DEGRADED)
    return (DemoIncident(2, INCIDENT_NAME, impact, tuple(posts)),)


def _past_incident(start: datetime) -> tuple[DemoIncident, ...]:
    """Builds a past incident for the list: one of 95 minutes, 60 days ago."""
    began = start - timedelta(days=60, minutes=95)
    return (
        DemoIncident(
            1,
            "Slow uploads of files",
            State.DEGRADED,
            (
                DemoPost(began, Stage.INVESTIGATING, "Uploads take longer than usual."),
                DemoPost(began + timedelta(minutes=95), Stage.RESOLVED, "Uploads are as fast as before."),
            ),
        ),
    )
