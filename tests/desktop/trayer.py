"""X11's old tray and nothing else."""

from __future__ import annotations

from tests.desktop.desktops import Desktop


class Trayer(Desktop):
    """A bare X11 tray, and a bus on which nobody hosts icons."""

    def start_tray(self) -> None:
        """Start the tray in the lower right corner, on a background no icon has."""
        self.start(
            "trayer",
            *[
                "--edge",
                "bottom",
                "--align",
                "right",
                "--width",
                "40",
                "--height",
                "28",
                "--transparent",
                "true",
                "--alpha",
                "0",
            ],
            "--tint",
            "0x5500aa",
        )
