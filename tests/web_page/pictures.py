"""Draws the details page in all its states: `python -m tests.web_page.pictures` from the root of the project.

Needs Chromium (`make desktop-tools`). The pictures lie in `out/pictures/details`.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.core.scenes import translator_of
from tests.web_page.browser import Browser, picture
from tests.web_page.scenes import all_scenes
from trayapp.core.details_page.page import build_details_page
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.web_page.page import render_page

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "out" / "pictures" / "details"
WIDTHS = {"desktop": 1000, "phone": 390}


def main(wanted: list[str]) -> None:
    """Draw all, or those whose name holds one of the given words."""
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, Browser() as browser:
        for (scene, details), language in product(all_scenes().items(), LANGUAGE_CODES):
            file = Path(folder) / f"{scene}.html"
            file.write_text(
                render_page(build_details_page(translator_of(language), details)), encoding="utf-8"
            )
            for (device, width), scheme in product(WIDTHS.items(), ("light", "dark")):
                name = f"{scene}-{language}-{device}-{scheme}"
                if not wanted or any(word in name for word in wanted):
                    (OUT / f"{name}.png").write_bytes(picture(browser, file.as_uri(), width, scheme))


if __name__ == "__main__":
    main(sys.argv[1:])
