"""A browser's part in opening the page: it follows where it is sent, with the cookie that it was given."""

from __future__ import annotations

from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

LIMIT = 60.0


def visitor() -> OpenerDirector:
    """One with no cookies yet, and no proxy."""
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


def visit(url: str) -> str:
    """The page that a browser comes to."""
    with visitor().open(url, timeout=LIMIT) as answer:
        return bytes(answer.read()).decode()
