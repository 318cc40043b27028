"""Draws the icon's looks as SVG: each state has its own shape, as in the tray, because colour alone is not enough."""

from __future__ import annotations

from urllib.parse import quote

from trayapp.model import Look
from trayapp.model.appearance import COLOURS, LIGHT, SHAPES, darken_for_white, format_hex, format_svg_path
from trayapp.web_page.markup import Markup, tag


def state_glyph(look: Look, kind: str = "glyph") -> Markup:
    """Draws a look. Its words always stand beside it, so that screen readers skip it."""
    edge, sign = _svg_paths(look)
    hollow = " hollow" if look.hollow else ""
    return tag(
        "svg",
        tag("path", d=edge, class_="shape"),
        tag("path", d=sign, class_="sign") if sign else Markup(),
        class_=f"{kind} s-{look.state.value}{hollow}",
        viewBox="0 0 16 16",
        aria_hidden="true",
    )


def tab_icon_url(look: Look) -> str:
    """Returns a look for the browser's tab as a `data:` address, with its colours: no style sheet reaches it there."""
    edge, sign = _svg_paths(look)
    # A tab may be white: its own colour would be lost on it, for the mark has no rim.
    colour, white = format_hex(darken_for_white(COLOURS[look.state])), format_hex(LIGHT)
    svg = tag(
        "svg",
        tag(
            "path",
            d=edge,
            fill=white if look.hollow else colour,
            stroke=colour,
            stroke_width="2",
            stroke_linejoin="round",
        ),
        tag(
            "path",
            d=sign,
            fill="none",
            stroke=colour if look.hollow else white,
            stroke_width="1.6",
            stroke_linecap="round",
        ),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 16 16",
    )
    return "data:image/svg+xml," + quote(svg)


def _svg_paths(look: Look) -> tuple[str, str]:
    """Returns the SVG paths of the outline and of the signs on it."""
    shape = SHAPES[look.state]
    lines = (*shape.choose_signs(hollow=look.hollow), *((shape.slash,) if shape.slash else ()))
    return format_svg_path(shape.edge, closed=True), "".join(map(format_svg_path, lines))
