"""Holds how long OpenAI's incidents lasted from 2021 to 2024, for use while this computer knows too few.

Forty quantiles, evenly spaced from 1/80 to 79/80, in minutes. Computed from the stages of 329 incidents that
OpenAI posted from February 2021 to August 2024, as collected by the AtLarge research group (FAILS,
`incident_stages_all.csv`; ICPE 2025, Zenodo 14018219), without those posted only after they had ended.
"""

from __future__ import annotations

TOTAL_MINUTES = (
    *(5, 10, 13, 17, 20, 23, 25, 30, 31, 33, 35, 39, 42, 47, 54, 59, 63, 68, 72, 75),
    *(79, 83, 87, 91, 101, 111, 121, 140, 156, 164, 180, 200, 234, 265, 277, 302, 335, 414, 601, 1661),
)
"""From the first post to "resolved"."""

MONITORING_MINUTES = (
    *(3, 4, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 24, 25, 26),
    *(29, 31, 36, 40, 45, 52, 54, 63, 72, 76, 87, 97, 108, 122, 136, 153, 199, 258, 348, 889),
)
"""From the post that a fix is monitored to "resolved"; 225 of the incidents had such a post."""
