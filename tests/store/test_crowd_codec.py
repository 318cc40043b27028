"""What is remembered of other people's reports can be kept like the rest of the memory, and a damaged one is refused."""

from __future__ import annotations

import pytest

from tests.core.crowd.counts import CALM, GITHUB, MASTODON, ask_once, taught_memory
from trayapp.core.crowd.votes import CrowdMemory, judge_crowd
from trayapp.store.codec import CodecError, from_json, to_json


def test_it_comes_back_as_it_was() -> None:
    """With votes in it; a source takes less than 3 kB."""
    memory, now = taught_memory(CALM | {GITHUB: 1})
    memory = ask_once(memory, now, CALM | {GITHUB: 40, MASTODON: 9})
    text = to_json(memory)
    assert from_json(CrowdMemory, text) == memory
    assert len(text) < 3000 * len(CALM)


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[", "[[0, "),
        ("[[", "[[0], ["),
        ("[[0", "[[-1"),
        ("[[0", "[[99999"),
        ("[[0", '[["0"'),
    ],
)
def test_a_damaged_one_is_refused(old: str, new: str) -> None:
    """Rows of another length, impossible counts."""
    text = to_json(taught_memory(days=15)[0])
    assert old in text
    with pytest.raises(CodecError):
        from_json(CrowdMemory, text.replace(old, new, 1))


def test_a_source_of_a_later_version_says_nothing() -> None:
    """It is kept and not judged."""
    memory, now = taught_memory()
    text = to_json(ask_once(memory, now, {MASTODON: 9})).replace('"mastodon"', '"pigeons"')
    assert judge_crowd(from_json(CrowdMemory, text), now).families == ()
