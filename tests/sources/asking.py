"""Asking for one thing at a time."""

from __future__ import annotations

from trayapp.model import Cause, Miss
from trayapp.sources.http import Http
from trayapp.sources.messages import Answer, Ask


def one(http: Http, ask: Ask, deadline: float = 10.0) -> Answer | Miss:
    """The answer to a single ask."""
    return http.fetch([ask], deadline)[0]


def answer(http: Http, ask: Ask) -> Answer:
    """The answer to a single ask that must come."""
    got = one(http, ask)
    assert isinstance(got, Answer), got
    return got


def cause(got: Answer | Miss) -> Cause:
    """Why an ask brought nothing."""
    assert isinstance(got, Miss), got
    return got.cause
