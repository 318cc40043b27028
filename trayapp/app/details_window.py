"""Opens the running program's details page in the browser; it is built and served only on request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from trayapp.app.context import CommandContext
from trayapp.app.upgrade import ProgramReplacedError, UpgradeWatch
from trayapp.model import Verdict

if TYPE_CHECKING:
    from trayapp.web_page.server import DetailsServer

log = logging.getLogger(__name__)


class DetailsWindow:
    """Serves the details page. The server is loaded at the first opening, to keep an idle program small."""

    def __init__(
        self,
        context: Callable[[], CommandContext],
        verdict: Callable[[], Verdict | None],
        now: Callable[[], datetime],
        upgrade: UpgradeWatch,
    ) -> None:
        self._context = context
        self._verdict = verdict
        self._now = now
        self._upgrade = upgrade
        self._server: DetailsServer | None = None

    def open(self, token: str) -> bool:
        """Open the page in the person's browser. Return False, and log the reason, if that is not possible."""
        from trayapp.desktop.links import open_url

        try:
            self._server = self._server or self._load_server()
            url = self._server.open()
        except (OSError, ProgramReplacedError) as error:
            log.warning("the details page could not be served: %r", error)
            return False
        return open_url(url, frozenset(), token, own=self._server.urls)

    def close(self) -> None:
        """Stop serving the page."""
        if self._server is not None:
            self._server.close()

    def _load_server(self) -> DetailsServer:
        """Load all that the page needs before the browser opens. Raises ProgramReplacedError if a part is missing."""
        with self._upgrade.guard_loading():
            from trayapp.app.details_document import render_details, user_page_source
            from trayapp.web_page.server import DetailsServer

            self._render_html = render_details
        return DetailsServer(user_page_source(self._render_page, self._context), idle=600.0)

    def _render_page(self, server: str) -> str:
        return self._render_html(self._context(), self._verdict(), self._now(), server=server)
