"""A failing life taken apart: fewer events, shorter gaps, and it still breaks the same rule."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from tools.fuzz.events import Event, Story
from tools.fuzz.run import Lived, live

SECONDS = 120.0
"""Of processor time for one life."""
SHORTER = (0.0, 30.0, 130.0, 600.0, 3600.0)


def shrink(story: Story, rule: str, seconds: float = SECONDS) -> Story:
    """The smallest life found that breaks the rule. Works in the order: later events, groups of events, gaps."""
    ends = time.process_time() + seconds

    def breaks(candidate: Story) -> bool:
        return time.process_time() < ends and live(candidate).rule == rule

    found: Lived = live(story)
    story = _cut(story, found.at)
    plain = replace(story, dice=False)
    story = plain if breaks(plain) else story
    size = max(1, len(story.events) // 2)
    while size >= 1:
        at = 0
        while at < len(story.events):
            rest = _without(story.events, at, at + size)
            # Without their time first: a short life is also tried again sooner.
            sooner = (*story.events[:at], *story.events[at + size :])
            fewer = next((e for e in (sooner, rest) if breaks(replace(story, events=e))), None)
            if fewer is None:
                at += size
            else:
                story = replace(story, events=fewer)
        size //= 2
    for at, event in enumerate(story.events):
        for gap in SHORTER:
            if gap >= event.gap:
                break
            shorter = replace(story, events=_with_gap(story.events, at, gap))
            if breaks(shorter):
                story = shorter
                break
    return story


def _cut(story: Story, at: float) -> Story:
    """The life up to a second."""
    real, events = 0.0, []
    for event in story.events:
        events.append(event)
        real += event.gap
        if real > at:
            break
    return replace(story, events=tuple(events))


def _without(events: Sequence[Event], start: int, end: int) -> tuple[Event, ...]:
    """The events without some of them, the others at their times."""
    gap = sum(event.gap for event in events[start:end])
    rest = list(events[end:])
    if rest:
        rest[0] = replace(rest[0], gap=rest[0].gap + gap)
    return (*events[:start], *rest)


def _with_gap(events: Sequence[Event], at: int, gap: float) -> tuple[Event, ...]:
    return (*events[:at], replace(events[at], gap=gap), *events[at + 1 :])
