"""The icon is read at a glance: by shape alone, by every eye, on every panel."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from math import dist

import pytest
from PIL import Image

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.model import Look, State
from trayapp.model.appearance import COLOURS

LOOKS = [Look(state, hollow) for state in State for hollow in (False, True)]
PANELS = (0x00, 0x2D, 0x80, 0xD6, 0xFF)
TRAY_SIZES = (16, 22, 24, 32, 48)

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

# On linear RGB. The deficiencies: Machado, Oliveira and Fernandes 2009, at full severity; the grey: luminance of sRGB.
EYES: dict[str, Matrix] = {
    "full colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "greyscale": ((0.2126, 0.7152, 0.0722),) * 3,
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(value: float) -> float:
    """A channel of sRGB, 0 to 255, as an amount of light, 0 to 1 (IEC 61966-2-1)."""
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def mix(light: Triple, matrix: Matrix) -> Triple:
    """Light through a matrix, kept within what can be shown."""
    red, green, blue = (
        min(1.0, max(0.0, sum(k * v for k, v in zip(row, light, strict=True)))) for row in matrix
    )
    return red, green, blue


def lab(light: Triple) -> Triple:
    """Light as CIE L*a*b* (white point D65), where a distance of 2 is just seen and 20 is plain."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116
        for share in (a / b for a, b in zip(mix(light, to_xyz), white, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def pixels(look: Look, size: int) -> list[tuple[int, int, int, int]]:
    """The icon's pixels as red, green, blue, alpha."""
    data = draw_icon(look, size).tobytes()
    return [(data[i], data[i + 1], data[i + 2], data[i + 3]) for i in range(0, len(data), 4)]


def on_panel(look: Look, size: int, panel: int) -> list[Triple]:
    """The light of the icon's pixels on a panel of one grey."""
    ground = Image.new("RGBA", (size, size), (panel, panel, panel, 255))
    data = Image.alpha_composite(ground, draw_icon(look, size)).tobytes()
    return [(linear(data[i]), linear(data[i + 1]), linear(data[i + 2])) for i in range(0, len(data), 4)]


def luminance(light: Triple) -> float:
    """How bright light looks, 0 to 1."""
    return mix(light, EYES["greyscale"])[0]


def contrast(one: float, other: float) -> float:
    """The contrast of two luminances as WCAG defines it, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def name(look: Look) -> str:
    """A look's name in a test's id."""
    return f"{look.state}{'-hollow' * look.hollow}"


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("panel", PANELS)
def test_every_two_looks_differ_plainly_at_16_pixels(eye: str, panel: int) -> None:
    """Every eye sees at least 28 of 256 pixels differ plainly between any two looks, on every panel."""
    seen = {look: [lab(mix(light, EYES[eye])) for light in on_panel(look, 16, panel)] for look in LOOKS}
    for one, other in combinations(LOOKS, 2):
        plain = sum(dist(a, b) >= 20 for a, b in zip(seen[one], seen[other], strict=True))
        assert plain >= 28, f"{name(one)} and {name(other)} differ in {plain} pixels"


def test_every_state_has_a_silhouette_of_its_own() -> None:
    """The outlines of any two states differ in at least 10 of 256 pixels, those of good and bad in 30."""
    outlines = {state: [p[3] >= 128 for p in pixels(Look(state), 16)] for state in State}
    for one, other in combinations(State, 2):
        differing = sum(a != b for a, b in zip(outlines[one], outlines[other], strict=True))
        calm = {one, other} == {State.OPERATIONAL, State.MAINTENANCE}
        assert differing >= (10 if calm else 30), f"{one} and {other} differ in {differing} pixels"


@pytest.mark.parametrize("state", State)
def test_a_hollow_look_keeps_its_states_silhouette(state: State) -> None:
    """Hollow changes the inside and not the outline."""
    full, hollow = ([p[3] for p in pixels(Look(state, h), 16)] for h in (False, True))
    assert full == hollow


@pytest.mark.parametrize("look", LOOKS, ids=name)
@pytest.mark.parametrize("panel", PANELS)
def test_every_look_stands_out_from_every_panel(look: Look, panel: int) -> None:
    """At least 36 of 256 pixels have the contrast of 3 that WCAG asks of graphics, the panel being what it may."""
    ground = linear(panel)
    clear = sum(contrast(luminance(light), ground) >= 3 for light in on_panel(look, 16, panel))
    assert clear >= 36


@pytest.mark.parametrize("look", LOOKS, ids=name)
@pytest.mark.parametrize("size", TRAY_SIZES[1:])
def test_the_states_exact_colour_can_be_found(look: Look, size: int) -> None:
    """At least one pixel in seven is exactly the colour that COLOURS names."""
    wanted = (*COLOURS[look.state], 255)
    assert pixels(look, size).count(wanted) >= size * size / 7


def test_every_state_has_a_colour_of_its_own() -> None:
    """A pixel's colour tells the state."""
    assert len(set(COLOURS.values())) == len(COLOURS) == len(State)


@pytest.mark.parametrize("size", [*range(16, 65), 127, 128, 256])
def test_any_size_is_filled_and_not_cut(size: int) -> None:
    """The square comes out in the size asked for, filled to within a tenth at each side, and symmetrical."""
    image = draw_icon(Look(State.UNKNOWN), size)
    assert (image.mode, image.size) == ("RGBA", (size, size))
    box = image.getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert left == top == size - right == size - bottom <= size / 10


@pytest.mark.parametrize("size", TRAY_SIZES)
def test_straight_edges_lie_on_whole_pixels(size: int) -> None:
    """A row through the square's middle is either fully drawn or not at all, so the edge is sharp."""
    row = pixels(Look(State.UNKNOWN), size)[size * (size // 2) : size * (size // 2 + 1)]
    assert {p[3] for p in row} <= {0, 255}


def test_drawing_loads_no_image_format() -> None:
    """The running program never pays for Pillow's readers and writers of files."""
    code = (
        "import sys; from trayapp.desktop.icon.drawing import draw_icon; from trayapp.model import Look, State;"
        "draw_icon(Look(State.MAJOR), 22); print([m for m in sys.modules if m.startswith('PIL.') and 'Plugin' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
