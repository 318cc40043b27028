"""A program that saves without end, to be killed in the middle: `python -m tests.store.writer FILE`.

Generation n is written into every part of what is kept, so that a mix would show. It prints "saving n" before
and "saved n" after; every third notice is shown and done.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from tests.store.values import NOON
from trayapp.model import (
    Notification,
    NotificationKind,
    SavedMemory,
    SavedProduct,
    State,
    Transition,
    TransitionKind,
)
from trayapp.store import Store


def kept_of(n: int) -> SavedMemory:
    """The n-th Kept: large enough to need several pages."""
    products = {f"product {each}": SavedProduct(thread=f"thread {n}") for each in range(40)}
    return SavedMemory(products=products, groups={"generation": str(n)}, tell_when_back=(str(n),))


def outage_start(n: int) -> Transition:
    """What the n-th save tells."""
    return Transition(
        TransitionKind.START, (str(n),), State.OPERATIONAL, State.MAJOR, NOON, NOON, must_arrive=True
    )


def main() -> None:
    """Saves until killed, going on after the newest generation on disk."""
    store = Store.open(Path(sys.argv[1]), NOON)
    for n in count(int((store.last_saved().tell_when_back or ("0",))[0]) + 1):
        print("saving", n, flush=True)  # noqa: T201  # the test reads how far it came
        notice = Notification(f"notice {n}", NotificationKind.START, "down", "", must_arrive=True)
        store.save(kept_of(n), [outage_start(n)], [notice], now=NOON)
        print("saved", n, flush=True)  # noqa: T201  # the same
        if n % 3 == 0:
            store.finish_intent(notice.id)


if __name__ == "__main__":
    main()
