"""Offers a text on X11's clipboard, where the program that copied it keeps it and sends it to each program that pastes.

So a thread waits for them, until another program copies something. X11's own documents call this the selection's
owner (ICCCM, section 2).
"""

from __future__ import annotations

import logging
import threading
from queue import Empty, SimpleQueue
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.protocol import event

_log = logging.getLogger(__name__)


def offer_text(text: str, limit: float) -> None:
    """Take the clipboard and send the text to programs that paste. Raises OSError, also after `limit` seconds of silence."""
    taken: SimpleQueue[Exception | None] = SimpleQueue()
    threading.Thread(target=_run_owner, args=(text, taken), name="clipboard", daemon=True).start()
    try:
        error = taken.get(timeout=limit)
    except Empty:
        raise TimeoutError("the display does not answer") from None
    if error is not None:
        raise OSError(str(error)) from error


def _run_owner(text: str, taken: SimpleQueue[Exception | None]) -> None:
    try:
        offered = _SelectionOwner(text)
    except (DisplayError, XError, ConnectionClosedError, OSError) as error:
        taken.put(error)
    else:
        taken.put(None)
        offered.serve_requests()


class _SelectionOwner:
    """Owns the clipboard for one text, on its own connection."""

    def __init__(self, text: str) -> None:
        """Connect to the display. Raises Xlib's errors and OSError."""
        self._display: Any = Display()
        self._display.set_error_handler(_log_lost_answer)
        self._window = self._display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._targets = self._intern_atom("TARGETS")
        utf8, plain = self._intern_atom("UTF8_STRING"), self._intern_atom("text/plain;charset=utf-8")
        self._data = {
            utf8: (utf8, text.encode(errors="replace")),
            plain: (plain, text.encode(errors="replace")),
            Xatom.STRING: (Xatom.STRING, text.encode("latin-1", errors="replace")),
        }
        """Target that may be requested -> its type and its bytes."""
        clipboard = self._intern_atom("CLIPBOARD")
        self._window.set_selection_owner(clipboard, X.CurrentTime)
        owner = self._display.get_selection_owner(clipboard)
        if owner != self._window:
            self._display.close()
            raise OSError("another program keeps the clipboard")

    def serve_requests(self) -> None:
        """Answer until another program copies, or the display ends."""
        try:
            while True:
                happened = self._display.next_event()
                if happened.type == X.SelectionClear:
                    break
                if happened.type == X.SelectionRequest:
                    self._answer_request(happened)
            self._display.close()
        except (XError, ConnectionClosedError, OSError) as error:
            _log.info("the clipboard has gone with its display: %s", error)

    def _answer_request(self, asked: Any) -> None:
        """Write the requested target into the requester's property and notify it; None for an unknown target."""
        place = asked.property or asked.target  # old programs name no property
        if asked.target == self._targets:
            asked.requestor.change_property(place, Xatom.ATOM, 32, [self._targets, *self._data])
        elif asked.target in self._data:
            kind, data = self._data[asked.target]
            asked.requestor.change_property(place, kind, 8, data)
        else:
            place = X.NONE
        asked.requestor.send_event(
            event.SelectionNotify(
                time=asked.time,
                requestor=asked.requestor,
                selection=asked.selection,
                target=asked.target,
                property=place,
            )
        )
        self._display.flush()

    def _intern_atom(self, name: str) -> int:
        return int(self._display.intern_atom(name))


def _log_lost_answer(error: object, _request: object) -> None:
    """Log an error, as for a requester that has gone; Xlib would print it."""
    _log.debug("an answer from the clipboard reached nobody: %s", error)
