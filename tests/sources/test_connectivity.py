"""What references and the operating system say of the line."""

from __future__ import annotations

import pytest

from trayapp.model import Cause, ConnectionState, Miss, SystemConnectivity
from trayapp.sources.connectivity import (
    ReferenceAnswer,
    connection_by_references,
    connection_by_system,
    is_edge_failing,
    read_reference,
)
from trayapp.sources.messages import HttpResponse

RIGHT, WRONG, NONE = HttpResponse(204), HttpResponse(200, body=b"<html>Sign in"), Miss(Cause.TIMEOUT)


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (HttpResponse(204), ReferenceAnswer.RIGHT),
        (HttpResponse(200, body=b"success\n"), ReferenceAnswer.RIGHT),
        (HttpResponse(204, body=b"?"), ReferenceAnswer.WRONG),
        (HttpResponse(200), ReferenceAnswer.WRONG),
        (HttpResponse(200, body=b"<html>success"), ReferenceAnswer.WRONG),
        (HttpResponse(302), ReferenceAnswer.WRONG),
        (HttpResponse(511), ReferenceAnswer.WRONG),
        (HttpResponse(503), ReferenceAnswer.NONE),
        (Miss(Cause.TIMEOUT), ReferenceAnswer.NONE),
    ],
)
def test_a_references_answer_is_right_wrong_or_none(
    answer: HttpResponse | Miss, reply: ReferenceAnswer
) -> None:
    """A reference's own trouble is no portal."""
    assert read_reference(answer) is reply


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ((RIGHT, NONE), ConnectionState.GOOD),
        ((WRONG, RIGHT), ConnectionState.GOOD),
        ((WRONG, NONE), ConnectionState.PORTAL),
        ((NONE, NONE), ConnectionState.OFFLINE),
        ((), ConnectionState.NOT_CHECKED),
    ],
)
def test_one_right_reference_proves_the_line(
    answers: tuple[HttpResponse | Miss, ...], line: ConnectionState
) -> None:
    """Wrong bodies are a portal's, silence is being offline, and with nobody to ask nothing is known."""
    assert connection_by_references(answers) is line


def test_the_systems_word_decides_only_where_it_is_sure() -> None:
    """That all is well proves nothing about the way to OpenAI."""
    decided = {word: connection_by_system(word) for word in SystemConnectivity if connection_by_system(word)}
    assert decided == {
        SystemConnectivity.PORTAL: ConnectionState.PORTAL,
        SystemConnectivity.NONE: ConnectionState.OFFLINE,
    }


@pytest.mark.parametrize(
    ("trace", "fails"),
    [
        (HttpResponse(200), False),
        (HttpResponse(403), False),
        (HttpResponse(503, {"server": "cloudflare"}), True),
        (Miss(Cause.TIMEOUT), True),
        (Miss(Cause.TLS), False),
    ],
)
def test_cloudflares_edge_fails_as_a_probe_would(trace: HttpResponse | Miss, fails: bool) -> None:
    """A filter of our own on the way is not its trouble."""
    assert is_edge_failing(trace) is fails
