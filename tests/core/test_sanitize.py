"""Text from outside is harmless and short once it went through `i18n.sanitize`."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.i18n.sanitize import clean_text, clip_text, strip_markdown, utf16_length

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200)
HOSTILE = st.text(
    st.sampled_from("a \n\x00\x1b\u202e\u2066\u200b\ud800\U0001f600\U0001f3fd\u0301\U000e0041*_`[]()<>#~\\"),
    max_size=60,
)


@given(ANYTHING | HOSTILE)
def test_nothing_that_steers_or_hides_survives(text: str) -> None:
    """A cleaned text holds no control, format, surrogate or line-ending character, and can be encoded."""
    cleaned = clean_text(text)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    cleaned.encode("utf-8")


@given(ANYTHING | HOSTILE)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """A cleaned text is NFC, has no blanks at its ends or in a row, and is stable."""
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())


@given(ANYTHING | HOSTILE, st.integers(0, 80))
def test_a_clipped_text_fits_and_is_a_beginning(text: str, most: int) -> None:
    """It takes at most the units it was given, and what stands before the ellipsis is how the text begins."""
    clipped = clip_text(text, most)
    assert utf16_length(clipped) <= most
    assert clipped == text or text.startswith(clipped.removesuffix("…"))


@given(st.text(max_size=200))
def test_units_are_those_of_utf_16(text: str) -> None:
    """The count is what an encoder makes of it, two bytes a unit."""
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(HOSTILE)
def test_plain_text_is_clean_too(text: str) -> None:
    """Taking off the markup puts nothing harmful together."""
    assert clean_text(strip_markdown(text)) == strip_markdown(text)


@pytest.mark.parametrize(
    ("text", "most", "clipped"),
    [
        ("down", 4, "down"),
        ("downtime", 5, "down…"),
        ("ab\U0001f600cd", 4, "ab…"),
        ("ab\U0001f600cd", 5, "ab\U0001f600…"),
        ("abcde\u0301fgh", 6, "abcd…"),
        ("a\U0001f44d\U0001f3fdbcd", 4, "a…"),
        ("a\U0001f1f9\U0001f1f7\U0001f1ee\U0001f1e9", 6, "a\U0001f1f9\U0001f1f7…"),
        ("one two three", 8, "one two…"),
        ("anything", 0, ""),
    ],
)
def test_a_clip_parts_no_letter(text: str, most: int, clipped: str) -> None:
    """Surrogate pairs, accents, skin tones and flags stay whole, and no blank stands before the ellipsis."""
    assert clip_text(text, most) == clipped


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("see [our guide](https://x.test/a_b) now", "see our guide now"),
        ('[a@x.test](mailto:a@x.test "a@x.test")', "a@x.test"),
        ("ask [us](https://x.test 'the form').", "ask us."),
        ("![chart](https://x.test/i.png) up", "chart up"),
        ("<https://x.test>", "https://x.test"),
        ("**bold** and *soft* and __strong__ and _low_", "bold and soft and strong and low"),
        ("~~gone~~ `code`", "gone code"),
        ("max_output_tokens and 2 * 3 * 4", "max_output_tokens and 2 * 3 * 4"),
        ("> quoted\n> twice", "quoted twice"),
        ("## Title\n- one\n- two", "Title one two"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("a<br/>b<br />c", "a b c"),
        ("one\n\n---\n\ntwo", "one two"),
        (r"\*not soft\*", "*not soft*"),
        ("<b>&", "<b>&"),
    ],
)
def test_markdown_becomes_its_words(markdown: str, words: str) -> None:
    """Links give their text and marks go, while names with underscores and arithmetic stay; HTML is only text."""
    assert strip_markdown(markdown) == words


def test_a_right_to_left_override_does_not_turn_a_text_around() -> None:
    """What would be shown backwards is shown in the order it was written."""
    assert clean_text("safe\u202egpj.exe") == "safegpj.exe"


def test_a_letter_and_its_accent_become_one() -> None:
    """NFC, also where something invisible stood between the two."""
    assert clean_text("Tu\u200b\u0308rkiye") == "Türkiye"


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u20dd", "\u0e49", "\u0327"])
def test_no_letter_bears_a_tower_of_marks(mark: str) -> None:
    """Hundreds of them would cover the lines above and below; the words around them stay."""
    cleaned = clean_text("a" + mark * 500 + "b" + mark + " down")
    assert cleaned.endswith(" down")
    assert sum(unicodedata.category(character).startswith("M") for character in cleaned) <= 5


@given(
    st.text(
        st.sampled_from("aé\u0301\u0327\u0489\u0e01\u0e49\u1100\u1161\u09c7\u09be \ufe0f\u200d"), max_size=60
    )
)
def test_no_more_than_four_marks_follow_each_other(text: str) -> None:
    """In any text, and then cleaning changes nothing more."""
    cleaned = clean_text(text)
    assert not re.search(r"M{5}", "".join(unicodedata.category(character)[0] for character in cleaned))
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize("word", ["ที่นี่", "ក្រុម", "שָׁלוֹם", "Việt Nam", "நிறுவனம்", "❤️", "བསྒྲུབས་"])
def test_the_words_of_languages_keep_their_marks(word: str) -> None:
    """Thai, Khmer, Hebrew, Vietnamese, Tamil, Tibetan and emoji pass as they are."""
    assert clean_text(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("filler", "\u3164\u034f\u115f\u1160\u17b4\u17b5\uffa0\u2800\u00ad\u200b")
def test_a_name_of_fillers_is_no_name(filler: str) -> None:
    """What has no shape is nothing, also between letters."""
    assert clean_text(filler * 20) == ""
    assert clean_text(f"Chat{filler}GPT") == "ChatGPT"


def test_a_huge_text_costs_little() -> None:
    """Of a text of megabytes only the beginning is looked at, so that it can be cleaned at every glance."""
    assert len(clean_text("x" * 5_000_000)) < 10_000
    assert len(strip_markdown("[" * 2_000_000 + "*" * 2_000_000)) < 10_000
