"""The real program on a clock that runs ten times as fast: what the law makes last minutes takes seconds.

As the demo does it. Deadlines of requests and of ending are real seconds all the same.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from trayapp.app.context import prepare
from trayapp.app.languages import speech
from trayapp.cli import parser
from trayapp.commands import run

PACE = 10.0

if __name__ == "__main__":
    arguments = parser(speech()).parse_args()
    sys.exit(run.main(replace(prepare(arguments), pace=PACE), arguments))
