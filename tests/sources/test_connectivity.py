"""What references and the operating system say of the line."""

from __future__ import annotations

import pytest

from trayapp.model import Cause, Line, Miss, OsWord
from trayapp.sources.connectivity import Reply, by_os_word, by_references, edge_fails, read_reference
from trayapp.sources.messages import Answer

RIGHT, WRONG, NONE = Answer(204), Answer(200, body=b"<html>Sign in"), Miss(Cause.TIMEOUT)


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (Answer(204), Reply.RIGHT),
        (Answer(200, body=b"success\n"), Reply.RIGHT),
        (Answer(204, body=b"?"), Reply.WRONG),
        (Answer(200), Reply.WRONG),
        (Answer(200, body=b"<html>success"), Reply.WRONG),
        (Answer(302), Reply.WRONG),
        (Answer(511), Reply.WRONG),
        (Answer(503), Reply.NONE),
        (Miss(Cause.TIMEOUT), Reply.NONE),
    ],
)
def test_a_references_answer_is_right_wrong_or_none(answer: Answer | Miss, reply: Reply) -> None:
    """A reference's own trouble is no portal."""
    assert read_reference(answer) is reply


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ((RIGHT, NONE), Line.GOOD),
        ((WRONG, RIGHT), Line.GOOD),
        ((WRONG, NONE), Line.PORTAL),
        ((NONE, NONE), Line.OFFLINE),
        ((), Line.UNASKED),
    ],
)
def test_one_right_reference_proves_the_line(answers: tuple[Answer | Miss, ...], line: Line) -> None:
    """Wrong bodies are a portal's, silence is being offline, and with nobody to ask nothing is known."""
    assert by_references(answers) is line


def test_the_systems_word_decides_only_where_it_is_sure() -> None:
    """That all is well proves nothing about the way to OpenAI."""
    decided = {word: by_os_word(word) for word in OsWord if by_os_word(word)}
    assert decided == {OsWord.PORTAL: Line.PORTAL, OsWord.NONE: Line.OFFLINE}


@pytest.mark.parametrize(
    ("trace", "fails"),
    [
        (Answer(200), False),
        (Answer(403), False),
        (Answer(503, {"server": "cloudflare"}), True),
        (Miss(Cause.TIMEOUT), True),
        (Miss(Cause.TLS), False),
    ],
)
def test_cloudflares_edge_fails_as_a_probe_would(trace: Answer | Miss, fails: bool) -> None:
    """A filter of our own on the way is not its trouble."""
    assert edge_fails(trace) is fails
