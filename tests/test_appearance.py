"""Colours and outlines stand in one place: changed there, they change in the tray, on the page and in the application's icon."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.source_files import nodes
from trayapp.model import State
from trayapp.model.appearance import (
    COLOURS,
    CONTRAST_ON_WHITE,
    DARK,
    LIGHT,
    PALE,
    contrast_with_white,
    darken_for_white,
    format_hex,
)

ROOT = Path(__file__).parent.parent
HOME = ROOT / "trayapp" / "model" / "appearance.py"
CHANGE = """
import runpy
from trayapp.model import Look, State, appearance

state = State.OPERATIONAL
appearance.COLOURS[state] = (0x70, 0x10, 0x90)
appearance.SHAPES[state] = appearance.Shape(((3, 3), (13, 3), (13, 13), (3, 13)))

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.web_page.silhouettes import state_glyph, tab_icon_url
from trayapp.web_page.style import STYLE

icon = draw_icon(Look(state), 16)
print(icon.getpixel((3, 3)) == icon.getpixel((8, 8)) == (0x70, 0x10, 0x90, 255))
print(STYLE.count("--operational:#701090;") == 2)
print("M3 3L13 3L13 13L3 13z" in state_glyph(Look(state)))
print("%23701090" in tab_icon_url(Look(state)) and "M3%203L13%203" in tab_icon_url(Look(state)))
svg = runpy.run_path("build/make_icons.py")["svg"]()
print("#701090" in svg and "M3 3L13 3L13 13L3 13z" in svg)
"""


def test_one_change_reaches_tray_page_and_application_icon() -> None:
    """Another colour and outline for a state is drawn by everything that draws it."""
    done = subprocess.run(
        [sys.executable, "-c", CHANGE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.split(), done.stderr) == (["True"] * 5, "")


def _literal_colours(inner: Sequence[ast.AST]) -> set[tuple[object, ...]]:
    """The triples of numbers, and the colours in texts, that a file spells out."""
    triples: set[tuple[object, ...]] = {
        tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
        for node in inner
        if isinstance(node, ast.Tuple) and len(node.elts) == 3
    }
    texts = [node.value for node in inner if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return triples | {
        colour for colour in COLOURS.values() if any(format_hex(colour) in text for text in texts)
    }


def test_no_other_file_spells_out_a_colour_of_a_state() -> None:
    """Neither as numbers nor in a style sheet."""
    own = {*COLOURS.values(), DARK, LIGHT, PALE}
    spelled = {
        ROOT / top / path: _literal_colours(inner)
        for top in ("trayapp", "build")
        for path, inner in nodes(ROOT / top).items()
    }
    assert own <= spelled.pop(HOME)
    assert [str(path) for path, colours in spelled.items() if own & colours] == []


@pytest.mark.parametrize("state", State)
def test_every_mark_stands_out_from_a_white_page(state: State) -> None:
    """WCAG asks a contrast of 3 of graphics; a colour that has more is left as it is."""
    colour = COLOURS[state]
    shade = darken_for_white(colour)
    assert contrast_with_white(shade) >= CONTRAST_ON_WHITE > 3
    assert shade == colour or contrast_with_white(colour) < CONTRAST_ON_WHITE
