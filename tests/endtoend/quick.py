"""The real program on a clock that runs ten times as fast: what the law makes last minutes takes seconds.

As the demo does it. Deadlines of requests and of ending are real seconds all the same.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from trayapp.app.context import load_context
from trayapp.app.languages import load_translator
from trayapp.cli import build_parser
from trayapp.commands import run

PACE = 10.0

if __name__ == "__main__":
    arguments = build_parser(load_translator()).parse_args()
    sys.exit(run.main(replace(load_context(arguments), pace=PACE), arguments))
