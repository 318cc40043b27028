"""Draws the contact sheet of all looks: `python -m tests.pictures` from the root of the project.

`assets/looks.png` shows them at true size, for the README; `out/pictures/looks.png` shows the same three times as
large, pixel by pixel, for the eye that judges them.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from trayapp.desktop.icon import draw
from trayapp.model import Look, State

ROOT = Path(__file__).parent.parent
SIZES = (16, 22, 24, 32, 48)
PANELS = {"dark panel": "#2d2d2d", "grey panel": "#808080", "light panel": "#f0f0f0"}
LOOKS = [Look(state, hollow) for hollow in (False, True) for state in State]

LABEL, ROW, GAP, HEAD = 280, 60, 10, 40
PANEL = sum(SIZES) + GAP * (len(SIZES) + 1)
MAGNIFIED = 3


def label(look: Look) -> str:
    """What a look means, in a few words."""
    if look == Look(State.UNKNOWN, hollow=True):
        return "checking"
    words = look.state.replace("_", " ")
    return f"{words}, unconfirmed or checking" if look.hollow else words


def contact_sheet() -> Image.Image:
    """All looks, one a row, in all sizes on all panels."""
    sheet = Image.new("RGB", (LABEL + PANEL * len(PANELS), HEAD + ROW * len(LOOKS)), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=14)
    for row, look in enumerate(LOOKS):
        pen.text((GAP, HEAD + ROW * row + ROW // 2), label(look), "black", font, anchor="lm")
    for column, (name, ground) in enumerate(PANELS.items()):
        left = LABEL + PANEL * column
        pen.rectangle((left, HEAD, left + PANEL - 1, sheet.height), ground)
        pen.text((left + PANEL // 2, HEAD // 2 - 8), name, "black", font, anchor="mm")
        for row, look in enumerate(LOOKS):
            place_sizes(sheet, look, left, HEAD + ROW * row)
        name_sizes(pen, left)
    return sheet


def place_sizes(sheet: Image.Image, look: Look, left: int, top: int) -> None:
    """One look in all sizes, side by side."""
    for size in SIZES:
        left += GAP
        icon = draw(look, size)
        sheet.paste(icon, (left, top + (ROW - size) // 2), icon)
        left += size


def name_sizes(pen: ImageDraw.ImageDraw, left: int) -> None:
    """The sizes in pixels, each above its column."""
    for size in SIZES:
        left += GAP
        pen.text(
            (left + size // 2, HEAD - 8), str(size), "#555555", ImageFont.load_default(size=10), anchor="mm"
        )
        left += size


def main() -> None:
    """Draw and write both pictures."""
    sheet = contact_sheet()
    sheet.quantize(128).save(ROOT / "assets" / "looks.png", optimize=True)
    pictures = ROOT / "out" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    large = sheet.resize((sheet.width * MAGNIFIED, sheet.height * MAGNIFIED), Image.Resampling.NEAREST)
    large.save(pictures / "looks.png")


if __name__ == "__main__":
    main()
