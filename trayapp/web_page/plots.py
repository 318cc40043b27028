"""Draws strips and curves as SVG without text; labels and numbers are HTML, which scales and can be read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from trayapp.model import State
from trayapp.model.details_page import Curve, Curves, Strip, Strips, Table
from trayapp.web_page.markup import Markup, tag

_STRIP_HEIGHT = 24
_BAR_HEIGHTS: Mapping[State, int] = {
    State.OPERATIONAL: 8,
    State.MAINTENANCE: 12,
    State.DEGRADED: 16,
    State.PARTIAL: 20,
    State.MAJOR: 24,
    State.UNKNOWN: 3,
    State.OFFLINE: 3,
}
"""A worse state has a taller bar, so that a strip can be read without its colours."""

_CURVE_HEIGHT = 100
_FEW_TICKS = 5


def strips_figure(plot: Strips, show: str) -> Markup:
    """Writes a plot of strips with its table of numbers."""
    groups = [
        tag(
            "div",
            tag("h4", name),
            *(
                tag(
                    "div",
                    tag("span", strip.label, class_="who", aria_hidden="true"),
                    _strip_svg(strip),
                    class_="strip",
                )
                for strip in found
            ),
            class_="product",
        )
        for name, found in plot.groups
    ]
    return _figure_element(plot.title, (*groups, _tick_row(plot.ticks)), plot.numbers, show)


def curves_figure(plot: Curves, show: str) -> Markup:
    """Writes a plot of curves with its table of numbers."""
    drawn = [
        tag(
            "div",
            tag("h4", curve.label),
            tag(
                "div",
                tag(
                    "div",
                    *(tag("span", text) for text in (*plot.scale_labels, "0")),
                    class_="scale",
                    aria_hidden="true",
                ),
                _curve_svg(curve, plot.top),
                class_="curve",
            ),
            class_="product",
        )
        for curve in plot.curves
    ]
    return _figure_element(plot.title, (*drawn, _tick_row(plot.ticks)), plot.numbers, show)


def table_element(numbers: Table) -> Markup:
    """Writes a table, which scrolls separately if it is too wide."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in numbers.header)))
    rows = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", text) for text in row[1:]))
        for row in numbers.rows
    ]
    return tag(
        "div",
        tag("table", tag("caption", numbers.caption), head, tag("tbody", *rows)),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=numbers.caption,
    )


def _figure_element(title: str, drawn: Sequence[Markup], numbers: Table, show: str) -> Markup:
    return tag(
        "figure",
        tag("figcaption", tag("h3", title)),
        *drawn,
        tag(
            "details",
            tag("summary", show, tag("span", f": {title}", class_="unseen")),
            table_element(numbers),
        ),
    )


def _tick_row(ticks: Sequence[str]) -> Markup:
    # In a narrow window every second one of many is hidden.
    kind = "ticks many" if len(ticks) > _FEW_TICKS else "ticks"
    return tag("div", *(tag("span", text) for text in ticks), class_=kind, aria_hidden="true")


def _svg_element(summary: str, width: int, height: int, *drawn: Markup) -> Markup:
    return tag(
        "svg",
        tag("title", summary),
        *drawn,
        role="img",
        viewBox=f"0 0 {width} {height}",
        preserveAspectRatio="none",
    )


def _strip_svg(strip: Strip) -> Markup:
    """Draws a strip with one path for each state, which keeps the page small however often the state changed."""
    paths: dict[State, list[str]] = {}
    for state, begin, length in _state_runs(strip.cells):
        if state is not None:
            bar = _BAR_HEIGHTS[state]
            paths.setdefault(state, []).append(f"M{begin} {_STRIP_HEIGHT - bar}h{length}v{bar}h-{length}z")
    width = len(strip.cells)
    ground = tag("path", d=f"M0 {_STRIP_HEIGHT - 1}h{width}v1h-{width}z", class_="ground")
    bars = (tag("path", d="".join(found), class_=f"s-{state.value}") for state, found in paths.items())
    return _svg_element(strip.summary, width, _STRIP_HEIGHT, ground, *bars)


def _state_runs(cells: Sequence[State | None]) -> Iterator[tuple[State | None, int, int]]:
    begin = 0
    for state, group in groupby(cells):
        length = len(list(group))
        yield state, begin, length
        begin += length


def _curve_svg(curve: Curve, top: int) -> Markup:
    width = len(curve.values)
    heights = [
        None if v is None else round(_CURVE_HEIGHT - v * _CURVE_HEIGHT / max(top, 1), 1) for v in curve.values
    ]
    line, area = _line_path(heights), _area_path(heights)
    failed = "".join(f"M{n} 0h1v{_CURVE_HEIGHT}h-1z" for n in curve.failed_cells)
    half = _CURVE_HEIGHT // 2
    return _svg_element(
        curve.summary,
        width,
        _CURVE_HEIGHT,
        tag("path", d=f"M0 {half}H{width}M0 0H{width}", class_="rule"),
        tag("path", d=failed, class_="failed") if failed else Markup(),
        tag("path", d=area, class_="area") if area else Markup(),
        tag("path", d=line, class_="line") if line else Markup(),
    )


def _unbroken_stretches(heights: Iterable[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Splits a curve at its gaps, so that they stay visible."""
    for answered, group in groupby(enumerate(heights), key=lambda one: one[1] is not None):
        if answered:
            yield [(n, height) for n, height in group if height is not None]


def _line_path(heights: Sequence[float | None]) -> str:
    return "".join(
        f"M{points[0][0]} {points[0][1]}"
        + "".join(f"H{n + 1}" if i == 0 else f"V{y}H{n + 1}" for i, (n, y) in enumerate(points))
        for points in _unbroken_stretches(heights)
    )


def _area_path(heights: Sequence[float | None]) -> str:
    return "".join(
        f"M{points[0][0]} {_CURVE_HEIGHT}"
        + "".join(f"V{y}H{n + 1}" for n, y in points)
        + f"V{_CURVE_HEIGHT}z"
        for points in _unbroken_stretches(heights)
    )
