"""What a verdict says, in three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
    spoken,
    unreadable,
)
from trayapp.core import words
from trayapp.core.reasons import reasons
from trayapp.core.terms import cause_words, stage_words, state_words
from trayapp.model import Cause, Line, PageStatus, Reason, Stage, State, Verdict, Why

EN = spoken("en")
EVERY_REASON = tuple(
    Reason(
        why, who="ChatGPT", state=State.MAJOR, word="wobbly", cause=Cause.DNS, count=1, total=2, since=BEGAN
    )
    for why in Why
)
EDGE = replace(
    CALM,
    state=State.DEGRADED,
    confirmed=False,
    products=(product("ChatGPT", State.DEGRADED, confirmed=False),),
    line=Line.EDGE,
    reasons=(Reason(Why.EDGE),),
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
                "OpenAI bildiriyor: ChatGPT – büyük kesinti (13:41 saatinden beri):"
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
                "ChatGPT: olası kesinti (13:41 saatinden beri), OpenAI doğrulamadı. APIs sorunsuz."
                " ChatGPT: bu bilgisayardan yapılan 6 denetimden 4 tanesi başarısız (13:41 saatinden beri)."
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
            "İnternet bağlantınız yok (13:41 saatinden beri). Buradan OpenAI hakkında bir şey söylenemez.",
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
            "Durum bilinmiyor (13:41 saatinden beri). OpenAI durum sayfası okunamıyor: biçim değişmiş.",
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
    assert words.sentence(spoken(language), verdict) == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words_of_its_own(language: str) -> None:
    """No two causes of an unreadable page read the same."""
    speech = spoken(language)
    assert len({words.sentence(speech, unreadable(cause, 500)) for cause in Cause}) == len(Cause)
    assert cause_words(speech, Cause.STATUS) not in ("", cause_words(speech, Cause.STATUS, 500))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_line_of_its_own(language: str) -> None:
    """Each kind of reason is put into words, and no two into the same."""
    lines = reasons(spoken(language), replace(DOWN, reasons=EVERY_REASON))
    assert len(set(lines)) == len(Why)
    assert all(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_stage_has_a_name(language: str) -> None:
    """States are told apart by name, stages too; one never heard before is shown as the page spelled it."""
    speech = spoken(language)
    stages = [
        stage_words(speech, replace(INCIDENT, stage=stage, stage_word="Puzzling\u202e")) for stage in Stage
    ]
    assert len({state_words(speech, state) for state in State}) == len(State)
    assert len(set(stages)) == len(Stage)
    assert stages[-1] == "Puzzling"


def test_a_portal_is_not_called_an_outage() -> None:
    """Behind a sign-in page the person is told that the network wants something of them."""
    behind = replace(OFFLINE, line=Line.PORTAL)
    assert words.sentence(EN, behind).startswith("Your network asks you to sign in since 13:41.")


def test_local_trouble_is_called_the_networks() -> None:
    """A certificate that fails for one service alone is not blamed on OpenAI."""
    verdict = replace(CALM, reasons=(Reason(Why.LOCAL, who="APIs", cause=Cause.TLS),))
    assert words.sentence(EN, verdict).endswith(
        "APIs cannot be reached from this computer (certificate not trusted): that is your network, not OpenAI."
    )


def test_suspicion_without_an_alarm_is_called_checking() -> None:
    """Two failures make a question, not an outage."""
    products = (product("ChatGPT", checking=True), product("APIs"))
    assert words.parts(EN, replace(CALM, checking=True, products=products), NOW) == [
        "ChatGPT: checking",
        "APIs fine",
    ]


def test_a_fix_that_is_watched_is_called_recovering() -> None:
    """Monitoring is not resolved, and not plainly down either."""
    products = (product("ChatGPT", State.MAJOR, recovering=True),)
    assert words.parts(EN, replace(DOWN, products=products), NOW) == ["ChatGPT down since 13:41, recovering"]


def test_an_incident_that_changes_nothing_is_mentioned() -> None:
    """Calm with something posted says both."""
    posted = replace(CALM, incidents=(INCIDENT,))
    assert words.sentence(EN, posted).endswith("Also posted: “Answers are slow to arrive”.")


def test_a_followed_name_that_is_gone_is_said() -> None:
    """A product the page no longer lists is unknown, with the reason, while the others are still told."""
    verdict = replace(
        CALM,
        state=State.UNKNOWN,
        products=(product("Video", State.UNKNOWN), product("APIs")),
        reasons=(Reason(Why.VANISHED, who="Video"),),
    )
    assert words.sentence(EN, verdict) == (
        "Video: unknown. APIs fine. You follow Video, but OpenAI's page does not list it."
    )


def test_who_follows_nothing_still_gets_an_answer() -> None:
    """Without followed products the state stands alone."""
    assert words.sentence(EN, replace(CALM, state=State.UNKNOWN, products=())) == "Status unknown."


def test_a_suspicion_on_an_unreadable_page_says_both() -> None:
    """What the checks say is told, and that OpenAI's page could not be read."""
    verdict = replace(
        SUSPECTED,
        reasons=(Reason(Why.PAGE_UNREADABLE, cause=Cause.TIMEOUT, since=BEGAN), SUSPECTED.reasons[0]),
        page=PageStatus(),
    )
    sentence = words.sentence(EN, verdict)
    assert "Could not read OpenAI's page since 13:41: no answer in time." in sentence
    assert "4 of 6 checks" in sentence


@pytest.mark.parametrize(
    ("language", "words_of"),
    [
        ("en", ["less than a minute", "1 min", "47 min", "1 h", "1 h 5 min", "1 day", "2 days 3 h"]),
        (
            "tr",
            [
                "bir dakikadan kısa süre",
                "1 dakika",
                "47 dakika",
                "1 saat",
                "1 saat 5 dakika",
                "1 gün",
                "2 gün 3 saat",
            ],
        ),
        (
            "id",
            [
                "kurang dari semenit",
                "1 menit",
                "47 menit",
                "1 jam",
                "1 jam 5 menit",
                "1 hari",
                "2 hari 3 jam",
            ],
        ),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(language: str, words_of: list[str]) -> None:
    """Down to minutes, without a unit that is nought, in the plural that the language wants."""
    minutes = (0.5, 1, 47, 60, 65, 24 * 60, 51 * 60)
    assert [spoken(language).duration(m * 60) for m in minutes] == words_of


@pytest.mark.parametrize(
    ("language", "today", "this_year", "before"),
    [
        ("en", "13:41", "13 Mar, 13:41", "14 Mar 2025, 13:41"),
        ("tr", "13:41", "13 Mar 13:41", "14 Mar 2025 13:41"),
        ("id", "13.41", "13 Mar pukul 13.41", "14 Mar 2025 pukul 13.41"),
    ],
)
def test_a_time_is_local_and_says_its_day_where_it_is_another(
    language: str, today: str, this_year: str, before: str
) -> None:
    """Only what is not today carries a date, only what is not this year a year."""
    speech = spoken(language)
    times = (BEGAN, BEGAN - timedelta(days=1), BEGAN - timedelta(days=365))
    assert [speech.when(at, NOW) for at in times] == [today, this_year, before]


def test_today_is_the_persons_own_day() -> None:
    """22:30 UTC is already tomorrow in Istanbul."""
    late = datetime(2026, 3, 13, 22, 30, tzinfo=UTC)
    assert EN.when(late, NOW) == "01:30"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_year_has_twelve_months(language: str) -> None:
    """The months stand in one text of the catalogue, each with a name of its own."""
    speech = spoken(language)
    days = [speech.when(datetime(2025, month, 5, tzinfo=UTC), NOW).split()[1] for month in range(1, 13)]
    assert len(set(days)) == 12


def test_more_products_than_there_is_room_for_are_counted() -> None:
    """A list that would be too long ends with how many more there are."""
    names = [f"Product number {n}" for n in range(1, 13)]
    assert EN.products(names, 45) == "Product number 1 and 11 more"
    assert EN.products(names, 50) == "Product number 1, Product number 2 and 10 more"


def test_a_name_from_outside_is_never_read_as_a_pattern() -> None:
    """Braces and percent signs in a product's name are only characters."""
    odd = replace(CALM, products=(product("{services} %s {0}"),))
    assert words.sentence(EN, odd) == "OpenAI reports no trouble with {services} %s {0}."


def test_an_incident_without_a_name_is_called_so() -> None:
    """A name of nothing but invisible characters leaves no empty quotation marks."""
    nameless = replace(CALM, incidents=(replace(INCIDENT, name="\u200b\u202e"),))
    assert "“unnamed”" in words.sentence(EN, nameless)


def test_all_fine_is_said_once() -> None:
    """Products in the same condition are named in one breath, in the person's order."""
    assert words.parts(EN, CALM, NOW) == ["ChatGPT, APIs and Codex fine"]
    assert words.parts(EN, replace(CALM, products=FINE[::-1]), NOW) == ["Codex, APIs and ChatGPT fine"]


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (
            Reason(Why.INCIDENT, who="harbour1"),
            "OpenAI has posted “Answers are slow to arrive” (Investigating), last update 13:45",
        ),
        (Reason(Why.INCIDENT, who="gone"), "OpenAI has posted an incident"),
        (Reason(Why.PROBES_FINE, who="APIs", total=1), "APIs: the last check from this computer was fine"),
        (
            Reason(Why.PROBES_FINE, who="APIs", total=3),
            "APIs: the last 3 checks from this computer were fine",
        ),
        (
            Reason(Why.PROBES_FAILED, who="APIs", count=1, total=1),
            "APIs: 1 of 1 check from this computer failed",
        ),
        (Reason(Why.PAGE_UNREADABLE), "Could not read OpenAI's page"),
        (
            Reason(Why.NEW_WORD, who="APIs", word="<b>wobbly\n"),
            "OpenAI's page calls APIs “<b>wobbly”, a status never heard before",
        ),
    ],
)
def test_a_reason_says_what_it_knows(fact: Reason, line: str) -> None:
    """Numbers, times and names stand in it as far as they are known, and a raw word is quoted."""
    assert reasons(EN, replace(DOWN, reasons=(fact,))) == (line,)


def test_an_incident_without_a_date_is_told_without_one() -> None:
    """A page that dates nothing costs only the time."""
    undated = replace(
        DOWN, incidents=(replace(INCIDENT, updated_at=None),), reasons=(Reason(Why.INCIDENT, who="harbour1"),)
    )
    assert reasons(EN, undated) == ("OpenAI has posted “Answers are slow to arrive” (Investigating)",)


def test_a_miss_without_a_reason_is_told_all_the_same() -> None:
    """An unknown state names the page's last failure even if no reason carries it."""
    assert "no answer in time" in words.sentence(EN, replace(unreadable(Cause.TIMEOUT), reasons=()))


def test_an_unknown_state_without_a_failure_stands_alone() -> None:
    """Nothing is made up where no look has failed."""
    assert (
        words.sentence(EN, replace(unreadable(Cause.DNS), reasons=(), page=PageStatus()))
        == "Status unknown since 13:41."
    )
