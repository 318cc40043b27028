"""Makes the still pictures of the READMEs: `python -m tests.pictures` from the root of the project.

`assets/looks/` has one picture for each row of the table of icons. `assets/looks.png` shows all looks at true size;
`out/pictures/looks.png` shows the same three times as large, pixel by pixel, for the eye that judges them. `assets/panel.png` shows them on a real panel, `assets/menu*.png` the menu in each
language and where an organisation has set something, and `assets/details.png` the details page. These are cut out of the pictures that the tests of the panel and
of the languages and `tests.web_page.pictures` have left in `out/pictures`. `tests.moving_picture` makes the moving one.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import Look, State

ROOT = Path(__file__).parent.parent
SIZES = (16, 22, 24, 32, 48)
PANELS = {"dark panel": "#2d2d2d", "grey panel": "#808080", "light panel": "#f0f0f0"}
LOOKS = [Look(state, hollow) for hollow in (False, True) for state in State]

LABEL, ROW, GAP, HEAD = 280, 60, 10, 40
PANEL = sum(SIZES) + GAP * (len(SIZES) + 1)
MAGNIFIED = 3
CORNER = (70, 28)
"""Pixels of the panel's corner with the icon, wide and high."""
TABLE = {
    **{state.value: Look(state, hollow=False) for state in State},
    "unconfirmed": Look(State.MAJOR, hollow=True),
    "looking": Look(State.UNKNOWN, hollow=True),
}
"""Name of a picture in the table of icons -> the look; drawn twice as large as the table shows it."""
MENUS = {code: "menu.png" if code == "en" else f"menu.{code}.png" for code in LANGUAGE_CODES}
SELECTED = (21, 83, 158)
"""Colour of the menu's selected line, which is as wide as the menu."""
DETAILS = (74, 14, 926, 992)
"""Left, top, right and bottom of the details page's first parts, down to “Is it just me?”."""


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
        icon = draw_icon(look, size)
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


def panel_sheet(pictures: Path) -> Image.Image:
    """The corner of the real panel for each look, twice as large; raises OSError where the test left no pictures."""
    sheet = Image.new("RGB", (LABEL + CORNER[0] * 2, CORNER[1] * 2 * len(LOOKS)), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=14)
    for row, look in enumerate(LOOKS):
        top = row * CORNER[1] * 2
        with Image.open(pictures / f"panel-{look.state}{'' if look.hollow else '-full'}.png") as picture:
            corner = picture.crop((0, picture.height - CORNER[1], CORNER[0], picture.height))
        sheet.paste(corner.resize((CORNER[0] * 2, CORNER[1] * 2), Image.Resampling.NEAREST), (LABEL, top))
        pen.text((GAP, top + CORNER[1]), label(look), "black", font, anchor="lm")
    return sheet


def cut_menu(screen: Image.Image) -> Image.Image:
    """The menu and the panel below it, out of a picture of the whole screen whose wall is black."""
    wide = screen.width - next(x for x in range(screen.width) if _has(screen, screen.width - 1 - x, SELECTED))
    first = next(y for y in range(screen.height) if screen.getpixel((5, y)) != (0, 0, 0))
    return screen.crop((0, first, wide, screen.height))


def cut_locked(screen: Image.Image) -> Image.Image:
    """The menu with the submenu that stands open beside it, without the panel; the wall is black."""
    above = screen.crop((0, 0, screen.width, screen.height - CORNER[1] - 4))
    return above.crop(above.getbbox())


def _has(picture: Image.Image, column: int, colour: tuple[int, int, int]) -> bool:
    return any(picture.getpixel((column, y)) == colour for y in range(picture.height))


def main() -> None:
    """Make and write all pictures."""
    sheet = contact_sheet()
    sheet.quantize(128).save(ROOT / "assets" / "looks.png", optimize=True)
    for name, look in TABLE.items():
        draw_icon(look, 48).save(ROOT / "assets" / "looks" / f"{name}.png", optimize=True)
    pictures = ROOT / "out" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    large = sheet.resize((sheet.width * MAGNIFIED, sheet.height * MAGNIFIED), Image.Resampling.NEAREST)
    large.save(pictures / "looks.png")
    panel_sheet(pictures).quantize(64).save(ROOT / "assets" / "panel.png", optimize=True)
    for language, name in MENUS.items():
        with Image.open(pictures / f"{language}-menu.png") as screen:
            cut_menu(screen.convert("RGB")).quantize(256).save(ROOT / "assets" / name, optimize=True)
    with Image.open(pictures / "menu-locked-level.png") as screen:
        cut_locked(screen.convert("RGB")).quantize(256).save(
            ROOT / "assets" / "menu.locked.png", optimize=True
        )
    with Image.open(pictures / "details" / "major-en-desktop-light.png") as page:
        page.convert("RGB").crop(DETAILS).quantize(256).save(ROOT / "assets" / "details.png", optimize=True)


if __name__ == "__main__":
    main()
