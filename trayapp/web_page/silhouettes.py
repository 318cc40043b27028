"""Draws the icon's looks as SVG: each state has its own shape, as in the tray, because colour alone is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from trayapp.model import Look, State
from trayapp.web_page.markup import Markup, tag

_DISC = "M8 1.6a6.4 6.4 0 1 0 0 12.8a6.4 6.4 0 1 0 0-12.8z"
_HEXAGON = "M4.8 2h6.4l3.3 6l-3.3 6H4.8L1.5 8z"
_TRIANGLE = "M8 1.9L14.6 13.9H1.4z"
_DIAMOND = "M8 1.2L14.8 8L8 14.8L1.2 8z"
_CROSS = "M4.8 1.8L8 5l3.2-3.2l3 3L11 8l3.2 3.2l-3 3L8 11l-3.2 3.2l-3-3L5 8L1.8 4.8z"
_SQUARE = "M3.2 2h9.6L14 3.2v9.6L12.8 14H3.2L2 12.8V3.2z"
_CLOUD = "M4.6 13a3.2 3.2 0 0 1-.5-6.3a4 4 0 0 1 7.7.4A3 3 0 0 1 11.6 13z"

SHAPES: Mapping[State, tuple[str, str]] = {
    State.OPERATIONAL: (_DISC, "M5 8.2l2.2 2.2L11.2 6"),
    State.MAINTENANCE: (_HEXAGON, "M5.6 10.4l3.2-3.2M8.8 4.8l-.3 1.8l1.2 1.2l1.7-.4"),
    State.DEGRADED: (_TRIANGLE, "M8 6.2v3.2M8 11.7v.1"),
    State.PARTIAL: (_DIAMOND, "M8 4.8v3.8M8 11v.1"),
    State.MAJOR: (_CROSS, ""),
    State.UNKNOWN: (_SQUARE, "M6 6.3a2 2 0 1 1 3 1.7q-1 .6-1 1.5M8 11.7v.1"),
    State.OFFLINE: (_CLOUD, "M3 3l10 10"),
}
"""Silhouette and sign, as SVG paths on a square of 16 by 16 units."""

_PLAIN_COLOURS: Mapping[State, str] = {
    State.OPERATIONAL: "#1a9e4b",
    State.MAINTENANCE: "#2f7bf0",
    State.DEGRADED: "#e0a800",
    State.PARTIAL: "#f58220",
    State.MAJOR: "#f03c37",
    State.UNKNOWN: "#8a9199",
    State.OFFLINE: "#8a9199",
}
"""The colours for the browser's tab, which no style sheet reaches."""


def state_glyph(look: Look, kind: str = "glyph") -> Markup:
    """Draws a look. Its words always stand beside it, so that screen readers skip it."""
    shape, sign = SHAPES[look.state]
    hollow = " hollow" if look.hollow else ""
    return tag(
        "svg",
        tag("path", d=shape, class_="shape"),
        tag("path", d=sign, class_="sign") if sign else Markup(),
        class_=f"{kind} s-{look.state.value}{hollow}",
        viewBox="0 0 16 16",
        aria_hidden="true",
    )


def tab_icon_url(look: Look) -> str:
    """Returns a look for the browser's tab as a `data:` address."""
    shape, sign = SHAPES[look.state]
    colour = _PLAIN_COLOURS[look.state]
    svg = tag(
        "svg",
        tag("path", d=shape, fill="#ffffff" if look.hollow else colour, stroke=colour, stroke_width="1.6"),
        tag(
            "path",
            d=sign,
            fill="none",
            stroke=colour if look.hollow else "#ffffff",
            stroke_width="1.6",
            stroke_linecap="round",
        ),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 16 16",
    )
    return "data:image/svg+xml," + quote(svg)
