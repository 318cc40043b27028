"""The details page of the running program: made and served only when a person first asks for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from trayapp.commands.prepared import Prepared
from trayapp.model import Verdict

if TYPE_CHECKING:
    from trayapp.details.server import DetailsServer

log = logging.getLogger(__name__)


class OwnPage:
    """What serves it is loaded at the first opening: most days nobody asks, and an idle program should be light."""

    def __init__(
        self,
        prepared: Callable[[], Prepared],
        verdict: Callable[[], Verdict | None],
        now: Callable[[], datetime],
    ) -> None:
        self._prepared = prepared
        self._verdict = verdict
        self._now = now
        self._server: DetailsServer | None = None

    def open(self, token: str) -> bool:
        """Show it in the person's browser; False, and a line in the log, when that was not possible."""
        from trayapp.desktop.links import open_url
        from trayapp.details.server import DetailsServer

        self._server = self._server or DetailsServer(self._made, idle=600.0)
        try:
            url = self._server.open()
        except OSError as error:
            log.warning("the details page could not be served: %s", error)
            return False
        return open_url(url, frozenset(), token, own=self._server.urls)

    def close(self) -> None:
        """Serve it no longer."""
        if self._server is not None:
            self._server.close()

    def _made(self) -> str:
        from trayapp.commands.details import details_page

        return details_page(self._prepared(), self._verdict(), self._now(), changes=True)
