"""What a verdict says, in three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.scenes import (
    BEGAN,
    CALM,
    DOWN,
    FINE,
    INCIDENT,
    LANGUAGES,
    NOW,
    OFFLINE,
    SUSPECTED,
    product,
    translator_of,
    unreadable,
)
from trayapp.core.wording import headline
from trayapp.core.wording.short_forms import product_label
from trayapp.i18n.sanitize import utf16_length
from trayapp.model import (
    Cause,
    ConnectionState,
    PageStatus,
    ProductVerdict,
    Reachability,
    Reason,
    ReasonKind,
    State,
    Verdict,
)

EN = translator_of("en")
EDGE = replace(
    CALM,
    state=State.DEGRADED,
    confirmed=False,
    products=(product("ChatGPT", State.DEGRADED, confirmed=False),),
    connection=ConnectionState.EDGE,
    reasons=(Reason(ReasonKind.EDGE),),
)


@pytest.mark.parametrize(
    ("language", "verdict", "sentence"),
    [
        ("en", CALM, "OpenAI reports no trouble with ChatGPT, APIs and Codex."),
        ("tr", CALM, "OpenAI sorun bildirmiyor: ChatGPT, APIs ve Codex."),
        ("id", CALM, "OpenAI tidak melaporkan gangguan pada ChatGPT, APIs, dan Codex."),
        (
            "en",
            DOWN,
            (
                "OpenAI reports a major outage of ChatGPT since 13:41: “Answers are slow to arrive” (Investigating)."
                " APIs and Codex fine."
            ),
        ),
        (
            "tr",
            DOWN,
            (
                "OpenAI bildiriyor: ChatGPT – büyük kesinti (başlangıç: 13:41):"
                " “Answers are slow to arrive” (İnceleniyor). APIs ve Codex sorunsuz."
            ),
        ),
        (
            "id",
            DOWN,
            (
                "OpenAI melaporkan gangguan besar pada ChatGPT sejak 13.41:"
                " “Answers are slow to arrive” (Sedang diselidiki). APIs dan Codex normal."
            ),
        ),
        (
            "en",
            SUSPECTED,
            (
                "ChatGPT: possible outage since 13:41, not confirmed by OpenAI. APIs fine."
                " ChatGPT: 4 of 6 checks from this computer failed since 13:41. OpenAI has posted nothing about ChatGPT."
            ),
        ),
        (
            "tr",
            SUSPECTED,
            (
                "ChatGPT: olası kesinti (başlangıç: 13:41), OpenAI doğrulamadı. APIs sorunsuz."
                " ChatGPT: bu bilgisayardan yapılan 6 denetimden 4 tanesi başarısız (başlangıç: 13:41)."
                " OpenAI henüz açıklama yapmadı: ChatGPT."
            ),
        ),
        (
            "id",
            SUSPECTED,
            (
                "ChatGPT: kemungkinan gangguan sejak 13.41, belum dikonfirmasi OpenAI. APIs normal."
                " ChatGPT: 4 dari 6 pemeriksaan dari komputer ini gagal sejak 13.41."
                " OpenAI belum mengumumkan apa pun tentang ChatGPT."
            ),
        ),
        ("en", OFFLINE, "You're offline since 13:41. Nothing can be said about OpenAI from here."),
        (
            "tr",
            OFFLINE,
            "İnternet bağlantınız yok (başlangıç: 13:41). Buradan OpenAI hakkında bir şey söylenemez.",
        ),
        (
            "id",
            OFFLINE,
            "Anda sedang offline sejak 13.41. Dari sini tidak ada yang bisa dikatakan tentang OpenAI.",
        ),
        (
            "en",
            unreadable(Cause.TLS),
            "Status unknown since 13:41. Could not read OpenAI's page: certificate not trusted.",
        ),
        (
            "tr",
            unreadable(Cause.FORMAT),
            "Durum bilinmiyor (başlangıç: 13:41). OpenAI durum sayfası okunamıyor: biçimi değişmiş.",
        ),
        (
            "id",
            unreadable(Cause.STATUS, 503),
            "Status tidak diketahui sejak 13.41. Halaman status OpenAI tidak dapat dibaca: status HTTP 503.",
        ),
        (
            "en",
            EDGE,
            (
                "ChatGPT: possible trouble since 13:41, not confirmed by OpenAI."
                " Cloudflare does not answer from here, other hosts do: trouble at its edge near you."
            ),
        ),
    ],
)
def test_one_line_answers_what_since_when_and_who_says_so(
    language: str, verdict: Verdict, sentence: str
) -> None:
    """The sentence names the products, the state, its beginning in local time and the source."""
    assert headline.status_sentence(translator_of(language), verdict) == sentence


def test_a_portal_is_not_called_an_outage() -> None:
    """Behind a sign-in page the person is told that the network wants something of them."""
    behind = replace(OFFLINE, connection=ConnectionState.PORTAL)
    assert headline.status_sentence(EN, behind).startswith("Your network asks you to sign in since 13:41.")


def test_suspicion_without_an_alarm_is_called_checking() -> None:
    """Two failures make a question, not an outage."""
    products = (product("ChatGPT", checking=True), product("APIs"))
    assert headline.headline_parts(EN, replace(CALM, checking=True, products=products), NOW) == [
        "ChatGPT: checking",
        "APIs fine",
    ]


def test_a_fix_that_is_watched_is_called_recovering() -> None:
    """Monitoring is not resolved, and not plainly down either."""
    products = (product("ChatGPT", State.MAJOR, recovering=True),)
    assert headline.headline_parts(EN, replace(DOWN, products=products), NOW) == [
        "ChatGPT down since 13:41, recovering"
    ]


def test_an_incident_that_changes_nothing_is_mentioned() -> None:
    """Calm with something posted says both."""
    posted = replace(CALM, incidents=(INCIDENT,))
    assert headline.status_sentence(EN, posted).endswith("Also posted: “Answers are slow to arrive”.")


def test_a_followed_name_that_is_gone_is_said() -> None:
    """A product the page no longer lists is unknown, with the reason, while the others are still told."""
    verdict = replace(
        CALM,
        state=State.UNKNOWN,
        products=(product("Video", State.UNKNOWN), product("APIs")),
        reasons=(Reason(ReasonKind.VANISHED, subject="Video"),),
    )
    assert headline.status_sentence(EN, verdict) == (
        "Video: unknown. APIs fine. You follow Video, but OpenAI's page does not list it."
    )


def test_who_follows_nothing_still_gets_an_answer() -> None:
    """Without followed products the state stands alone."""
    assert headline.status_sentence(EN, replace(CALM, state=State.UNKNOWN, products=())) == "Status unknown."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_longest_headline_fits_and_keeps_whose_word_it_is(language: str, count: int) -> None:
    """Names that leave no room give way to the end of the sentence."""
    suspected = [product(f"{'W' * 50}{n}", State.PARTIAL, confirmed=False) for n in range(count)]
    down = [product("Video", State.DEGRADED, confirmed=False, recovering=True)]
    verdict = replace(SUSPECTED, products=(*suspected, *down))
    a_year_later = NOW + timedelta(days=400)
    said = headline.headline_text(translator_of(language), verdict, a_year_later)
    end = translator_of(language).say("{what}, not confirmed by OpenAI", what="")
    assert utf16_length(said) <= headline.HEADLINE_UNITS
    assert end in said
    assert said.endswith(f"{end} · …")


def test_a_suspicion_on_an_unreadable_page_says_both() -> None:
    """What the checks say is told, and that OpenAI's page could not be read."""
    verdict = replace(
        SUSPECTED,
        reasons=(Reason(ReasonKind.PAGE_UNREADABLE, cause=Cause.TIMEOUT, since=BEGAN), SUSPECTED.reasons[0]),
        page=PageStatus(),
    )
    sentence = headline.status_sentence(EN, verdict)
    assert "Could not read OpenAI's page since 13:41: no answer in time." in sentence
    assert "4 of 6 checks" in sentence


def test_an_incident_without_a_name_is_called_so() -> None:
    """A name of nothing but invisible characters leaves no empty quotation marks."""
    nameless = replace(CALM, incidents=(replace(INCIDENT, name="\u200b\u202e"),))
    assert "“unnamed”" in headline.status_sentence(EN, nameless)


def test_all_fine_is_said_once() -> None:
    """Products in the same condition are named in one breath, in the person's order."""
    assert headline.headline_parts(EN, CALM, NOW) == ["ChatGPT, APIs and Codex fine"]
    assert headline.headline_parts(EN, replace(CALM, products=FINE[::-1]), NOW) == [
        "Codex, APIs and ChatGPT fine"
    ]


def only(one: ProductVerdict) -> Verdict:
    """A verdict about one product."""
    return replace(DOWN, state=one.state, products=(one,), others=(), incidents=())


SORA = product("APIs", State.PARTIAL, parts=("Sora",), parts_state=State.MAJOR, page_state=State.MAJOR)
MOST = product("ChatGPT", State.PARTIAL, page_state=State.DEGRADED)
PARTS = product("ChatGPT", State.PARTIAL, page_state=State.MAJOR)
CHATS = product("ChatGPT", State.MAJOR, parts=("Chats",), parts_state=State.MAJOR)


@pytest.mark.parametrize(
    ("one", "first", "line", "sentence"),
    [
        (
            SORA,
            "APIs: Sora down since 13:41",
            "Sora (APIs): Major outage",
            "OpenAI reports a major outage of Sora (APIs) since 13:41.",
        ),
        (
            MOST,
            "Most of ChatGPT degraded since 13:41",
            "Most of ChatGPT: Degraded performance",
            "OpenAI reports degraded performance of most of ChatGPT since 13:41.",
        ),
        (
            PARTS,
            "ChatGPT partly down since 13:41",
            "Parts of ChatGPT: Major outage",
            "OpenAI reports a major outage of parts of ChatGPT since 13:41.",
        ),
        (
            CHATS,
            "ChatGPT down since 13:41",
            "Chats (ChatGPT): Major outage",
            "OpenAI reports a major outage of Chats (ChatGPT) since 13:41.",
        ),
    ],
    ids=["a component", "most of it", "parts of it", "one it stands still without"],
)
def test_the_page_is_quoted_only_for_what_it_said(
    one: ProductVerdict, first: str, line: str, sentence: str
) -> None:
    """What a rule of ours makes of it is said in our words; who reports what, is what the page itself shows."""
    verdict = only(one)
    assert headline.headline_text(EN, verdict, NOW) == first
    assert product_label(EN, one) == line
    assert headline.status_sentence(EN, verdict) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "ChatGPT: possible outage since 13:41, answers again, watching, not confirmed by OpenAI."),
        (
            "tr",
            (
                "ChatGPT: olası kesinti (başlangıç: 13:41), yeniden yanıt veriyor, izleniyor,"
                " OpenAI doğrulamadı."
            ),
        ),
        (
            "id",
            "ChatGPT: kemungkinan gangguan sejak 13.41, menjawab lagi, dipantau, belum dikonfirmasi OpenAI.",
        ),
    ],
)
def test_a_suspicion_that_is_answered_again_is_said_to_be_watched(language: str, sentence: str) -> None:
    """Some answers are no end yet."""
    verdict = only(product("ChatGPT", State.PARTIAL, confirmed=False, answering=True))
    assert headline.status_sentence(translator_of(language), verdict) == sentence
    assert headline.headline_text(translator_of(language), verdict, NOW) == sentence.removesuffix(".")


def test_what_was_never_reached_from_here_is_not_called_an_outage() -> None:
    """It may be this network."""
    one = product("ChatGPT", checking=True, reach=Reachability.UNREACHABLE_HERE)
    verdict = replace(only(one), reasons=(Reason(ReasonKind.UNREACHABLE_HERE, subject="ChatGPT"),))
    assert headline.headline_text(EN, verdict, NOW) == "ChatGPT: cannot be reached here"
    assert headline.status_sentence(EN, verdict) == (
        "ChatGPT: cannot be reached here. ChatGPT cannot be reached from here, and never was on this network:"
        " it may be your network or them."
    )
