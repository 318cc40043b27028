"""A sentence that is written down first and put into a language later."""

from __future__ import annotations

import errno

from trayapp.app.languages import load_translator
from trayapp.i18n.deferred import Refusal, os_error_phrase, phrase


def test_a_phrase_is_put_into_the_language_of_who_reads_it() -> None:
    """With its parts, and with what comes from outside as it is."""
    why = phrase("not changed, because of a mistake in it: {why}", why=phrase("is not a file"))
    said = phrase("{file}, line {number}: {why}", file="{x}.toml", number=3, why=why)
    assert (
        load_translator("en").translate_phrase(said)
        == "{x}.toml, line 3: not changed, because of a mistake in it: is not a file"
    )
    assert load_translator("tr").translate_phrase(said).startswith("{x}.toml, 3. satır: değiştirilmedi")
    assert load_translator("id").translate_phrase(said).endswith("bukan berkas")


def test_several_phrases_stand_side_by_side() -> None:
    """Parted by semicolons, each in the language."""
    both = phrase("{what}: {cause}", what="f", cause=(phrase("is not a file"), phrase("permission denied")))
    assert load_translator("id").translate_phrase(both) == "f: bukan berkas; izin ditolak"


def test_a_refusal_is_english_in_the_log() -> None:
    """Whoever mends the program reads one language, whatever the person reads."""
    assert str(Refusal(phrase("is larger than {size} kB", size=64))) == "is larger than 64 kB"


def test_what_the_system_complains_of_is_in_the_language_too() -> None:
    """But for what is rare: that is quoted."""
    assert (
        load_translator("tr").translate_phrase(os_error_phrase(OSError(errno.EACCES, "Permission denied")))
        == "izin verilmedi"
    )
    assert (
        load_translator("tr").translate_phrase(os_error_phrase(OSError(errno.EXDEV, "Cross-device {link}")))
        == "Cross-device {link}"
    )
