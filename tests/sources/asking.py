"""Asking for one thing at a time."""

from __future__ import annotations

from trayapp.model import Cause, Miss
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse


def one(http: HttpClient, ask: HttpRequest, deadline: float = 10.0) -> HttpResponse | Miss:
    """The answer to a single ask."""
    return http.fetch([ask], deadline)[0]


def answer(http: HttpClient, ask: HttpRequest) -> HttpResponse:
    """The answer to a single ask that must come."""
    got = one(http, ask)
    assert isinstance(got, HttpResponse), got
    return got


def cause(got: HttpResponse | Miss) -> Cause:
    """Why an ask brought nothing."""
    assert isinstance(got, Miss), got
    return got.cause
