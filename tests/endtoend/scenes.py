"""What a made-up status page answers at one time, for stories that no film tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.film import Scene
from trayapp.demo.component_names import COMPONENTS_BY_GROUP
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent, build_pages
from trayapp.demo.server import JSON_HEADERS, CannedAnswer
from trayapp.model import Stage, State

BEFORE = datetime(2031, 5, 8, 12, tzinfo=UTC)
"""When the calm page last changed."""
AFTER = BEFORE + timedelta(hours=1)

HTML = CannedAnswer(200, b"<!doctype html><title>All fine</title>", {"Content-Type": "text/html"})


def calm(at: datetime = BEFORE) -> Scene:
    """All is well."""
    return scene(PageContent(at, {}))


def down(*products: str) -> Scene:
    """All components of these products are down, and nobody has written a word about it."""
    return scene(
        PageContent(AFTER, {(p, name): State.MAJOR for p in products for name in COMPONENTS_BY_GROUP[p]})
    )


def incident(name: str, text: str = "We look into it.") -> Scene:
    """One open incident of that name, a partial outage, which touches no component."""
    happening = DemoIncident(7, name, State.PARTIAL, (DemoPost(AFTER, Stage.INVESTIGATING, text),))
    return scene(PageContent(AFTER, {}, (happening,)))


def unreadable() -> Scene:
    """A web page comes in the place of every answer."""
    return dict.fromkeys(calm(), HTML)


def scene(content: PageContent) -> Scene:
    """What such a page answers."""
    return {path: CannedAnswer(200, body, JSON_HEADERS) for path, body in build_pages(content).items()}
