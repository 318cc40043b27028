"""Secrets are hidden, and what is not secret stays readable."""

from __future__ import annotations

import pytest

from trayapp.redact import redact


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("key sk-proj-abcDEF123456_x-y used", "key sk-*** used"),
        ("Authorization: Bearer abc.def-123==", "Authorization: ***"),
        ("sent bearer abcdef", "sent bearer ***"),
        ("{'authorization': 'Basic dTpw', 'age': '1'}", "{'authorization': ***, 'age': '1'}"),
        ("Proxy-Authorization: Basic dTpw\nAge: 1", "Proxy-Authorization: ***\nAge: 1"),
        ("Cookie: a=b; c=d", "Cookie: ***"),
        ("[(b'Set-Cookie', b'a=b; Path=/'), (b'Age', b'1')]", "[(b'Set-Cookie', ***), (b'Age', b'1')]"),
        ("via http://ann:s3cret@proxy.example:3128/", "via http://***@proxy.example:3128/"),
        ("via http://ann:p@ss/w0rd@proxy.example:3128/", "via http://***@proxy.example:3128/"),
        ("via http://token@proxy.example", "via http://***@proxy.example"),
        ("via ann:s3cret@proxy.example", "via ***@proxy.example"),
    ],
)
def test_a_secret_is_hidden_and_its_surroundings_stay(text: str, hidden: str) -> None:
    """Keys, tokens, cookies and credentials, however they are spelled."""
    assert redact(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "GET https://status.example.com/api/v2/summary.json 200",
        "at 13:41 ann@example.com wrote",
        "a basic idea, a sketchy task-force and a cookie jar",
        "https://example.com:8443/@somebody",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """A log without addresses and times would be of no use."""
    assert redact(text) == text


def test_a_long_text_does_not_take_for_ever() -> None:
    """A hostile page cannot stop the program with what it writes."""
    for piece in ("a", ":", "a:", "://", "cookie", "sk-"):
        assert redact(piece * 20_000)
