"""What a notification says: what happened, who says so, since when, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.scenes import BEGAN, CALM, DOWN, INCIDENT, LANGUAGES, NOW, SUSPECTED, translator_of
from trayapp.core.wording.notifications import build_notification
from trayapp.model import (
    Action,
    Command,
    ConnectionState,
    Look,
    Outcome,
    ProbeResult,
    Reason,
    ReasonKind,
    Stage,
    State,
    Transition,
    TransitionKind,
    Urgency,
)

EN = translator_of("en")
START = Transition(
    TransitionKind.START,
    ("ChatGPT",),
    before=State.OPERATIONAL,
    after=State.MAJOR,
    at=NOW,
    since=BEGAN,
    incidents=("harbour1",),
    thread="harbour1",
    must_arrive=True,
)
END = replace(
    START,
    change=TransitionKind.END,
    before=State.MAJOR,
    after=State.OPERATIONAL,
    at=BEGAN + timedelta(minutes=47),
    must_arrive=False,
)
FINE_PROBES = tuple(ProbeResult(name, "ChatGPT", Outcome.ALIVE) for name in ("Chat", "Login"))


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            "en",
            "ChatGPT is down",
            (
                "OpenAI: Major outage since 13:41. “Answers are slow to arrive” (Investigating)."
                " You will be told when it is back."
            ),
        ),
        (
            "tr",
            "ChatGPT çöktü",
            (
                "OpenAI: Büyük kesinti (başlangıç: 13:41). “Answers are slow to arrive” (İnceleniyor)."
                " Düzelince haber verilecek."
            ),
        ),
        (
            "id",
            "ChatGPT sedang down",
            (
                "OpenAI: Gangguan besar sejak 13.41. “Answers are slow to arrive” (Sedang diselidiki)."
                " Anda akan diberi tahu saat sudah pulih."
            ),
        ),
    ],
)
def test_a_start_says_what_who_since_when_and_what_to_do(language: str, title: str, body: str) -> None:
    """The product comes first; the body names the source, the beginning and the incident."""
    told = build_notification(translator_of(language), START, DOWN)
    assert (told.title, told.body) == (title, body)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "ChatGPT is back after 47 min"),
        ("tr", "ChatGPT 47 dakika sonra düzeldi"),
        ("id", "ChatGPT pulih setelah 47 menit"),
    ],
)
def test_an_end_says_how_long_it_lasted(language: str, title: str) -> None:
    """From the beginning of the trouble to its end."""
    assert build_notification(translator_of(language), END, CALM).title == title


def test_an_end_says_who_says_so_and_what_helps() -> None:
    """The page, this computer's own checks, and OpenAI's advice for those still stuck."""
    assert build_notification(EN, END, replace(CALM, probes=FINE_PROBES)).body == (
        "OpenAI's page shows no trouble any more. The last 2 checks from this computer were fine."
        " Still stuck? Reload the page or sign in again."
    )


def test_an_end_while_openai_still_watches_says_so() -> None:
    """An incident that is still open stands in the body with its stage."""
    watched = replace(CALM, incidents=(replace(INCIDENT, stage=Stage.MONITORING),))
    assert build_notification(EN, END, watched).body.startswith(
        "OpenAI: “Answers are slow to arrive” (Fix applied, monitoring). Still stuck?"
    )


def test_failing_checks_are_not_called_fine() -> None:
    """One check of the product that is not alive is enough to say nothing of checks."""
    mixed = (*FINE_PROBES, ProbeResult("Voice", "ChatGPT", Outcome.ODD))
    assert "checks" not in build_notification(EN, END, replace(CALM, probes=mixed)).body


@pytest.mark.parametrize(
    ("language", "title", "first"),
    [
        ("en", "ChatGPT: possible outage", "Not confirmed by OpenAI."),
        ("tr", "ChatGPT: olası kesinti", "OpenAI doğrulamadı."),
        ("id", "ChatGPT: kemungkinan gangguan", "Belum dikonfirmasi OpenAI."),
    ],
)
def test_what_only_this_computer_sees_is_called_unconfirmed(language: str, title: str, first: str) -> None:
    """Title and body both say that OpenAI has not said so."""
    suspicion = replace(START, after=State.PARTIAL, incidents=(), confirmed=False, must_arrive=False)
    told = build_notification(translator_of(language), suspicion, SUSPECTED)
    assert told.title == title
    assert told.body.startswith(first)


def test_an_unconfirmed_start_says_that_it_is_not_you() -> None:
    """The evidence and the proven line, so that nobody restarts a router in vain."""
    suspicion = replace(START, after=State.PARTIAL, incidents=(), confirmed=False)
    assert build_notification(EN, suspicion, SUSPECTED).body == (
        "Not confirmed by OpenAI. ChatGPT: 4 of 6 checks from this computer failed since 13:41."
        " Your own connection works. You will be told when it is back."
    )


@pytest.mark.parametrize(
    ("products", "title"),
    [
        (("ChatGPT",), "ChatGPT is down"),
        (("APIs",), "APIs are down"),
        (("Atlas",), "Atlas is down"),
        (("ChatGPT", "APIs", "Codex"), "ChatGPT, APIs and Codex are down"),
        (
            tuple(f"Product number {n}" for n in range(1, 9)),
            "Product number 1, Product number 2 and 6 more are down",
        ),
    ],
)
def test_products_hit_by_one_cause_are_named_together(products: tuple[str, ...], title: str) -> None:
    """In one title, in good English, with a count where there is no room."""
    assert build_notification(EN, replace(START, products=products), DOWN).title == title


def test_a_major_start_is_loud_and_an_end_is_not() -> None:
    """A major outage stays until it was seen; its end does not."""
    start, end = build_notification(EN, START, DOWN), build_notification(EN, END, CALM)
    assert (start.urgency, start.lasting, start.must_arrive) == (Urgency.CRITICAL, True, True)
    assert (end.urgency, end.lasting, end.must_arrive) == (Urgency.NORMAL, False, False)


def test_a_notice_has_the_look_of_what_it_tells() -> None:
    """A start the state it came to, an end the green of before; what OpenAI has not confirmed is hollow."""
    assert build_notification(EN, START, DOWN).look == Look(State.MAJOR)
    assert build_notification(EN, END, CALM).look == Look(State.OPERATIONAL)
    suspicion = replace(START, after=State.PARTIAL, incidents=(), confirmed=False)
    assert build_notification(EN, suspicion, SUSPECTED).look == Look(State.PARTIAL, hollow=True)


def test_a_click_leads_to_the_incident() -> None:
    """Also for an end, whose incident is no longer open."""
    assert build_notification(EN, START, DOWN).click == Command(Action.DETAILS, "harbour1")
    assert build_notification(EN, END, CALM).click == Command(Action.DETAILS, "harbour1")


def test_an_update_quotes_openai_in_plain_words() -> None:
    """The stage stands in the title, the newest post in the body without its markup."""
    told = build_notification(EN, replace(START, change=TransitionKind.UPDATE, must_arrive=False), DOWN)
    assert told.title == "ChatGPT: Investigating"
    assert told.body == "OpenAI on “Answers are slow to arrive”: “We are looking into this.”"
    assert told.urgency is Urgency.NORMAL


def test_an_update_without_a_post_still_says_something() -> None:
    """An incident without updates gives its name."""
    bare = replace(DOWN, incidents=(replace(INCIDENT, updates=()),))
    assert (
        build_notification(EN, replace(START, change=TransitionKind.UPDATE), bare).body
        == "OpenAI: “Answers are slow to arrive”."
    )


def test_what_happened_while_away_is_told_as_past() -> None:
    """Beginning and end both say that nobody was there."""
    assert "It began while you were away." in build_notification(EN, replace(START, away=True), DOWN).body
    assert "It ended while you were away." in build_notification(EN, replace(END, away=True), CALM).body


def test_maintenance_ends_without_talk_of_trouble() -> None:
    """Nobody has to sign in again after planned work."""
    over = build_notification(EN, replace(END, before=State.MAINTENANCE), CALM)
    assert over.title == "ChatGPT: maintenance is over"
    assert "stuck" not in over.body


def test_flapping_is_told_as_such() -> None:
    """The notice says that there will be silence, and what breaks it."""
    told = build_notification(
        EN, replace(START, change=TransitionKind.UNSTABLE, must_arrive=False, after=State.PARTIAL), DOWN
    )
    assert told.title == "ChatGPT is unstable"
    assert "half an hour of calm" in told.body


def test_notices_of_one_moment_have_ids_of_their_own() -> None:
    """What tells two products in two notices is not taken for one and the same."""
    other = replace(START, products=("Codex",))
    assert build_notification(EN, START, DOWN).id != build_notification(EN, other, DOWN).id
    assert build_notification(EN, START, DOWN) == build_notification(EN, START, DOWN)


def test_an_end_of_unknown_length_says_only_that_it_is_over() -> None:
    """Nothing is made up where the beginning is not known."""
    assert build_notification(EN, replace(END, since=None), CALM).title == "ChatGPT is back"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (replace(START, change=TransitionKind.WORSE, before=State.PARTIAL), "Worse: ChatGPT is now down"),
        (
            replace(
                START,
                change=TransitionKind.WORSE,
                before=State.DEGRADED,
                after=State.PARTIAL,
                must_arrive=False,
            ),
            "Worse: ChatGPT is now partly down",
        ),
        (
            replace(START, change=TransitionKind.WORSE, products=("ChatGPT", "APIs")),
            "Worse: ChatGPT and APIs are now down",
        ),
        (replace(START, again=True), "ChatGPT is down again"),
        (replace(START, again=True, after=State.PARTIAL), "ChatGPT is partly down again"),
        (replace(START, again=True, after=State.DEGRADED), "ChatGPT is having problems again"),
        (replace(START, again=True, products=("ChatGPT", "APIs")), "ChatGPT and APIs are down again"),
    ],
)
def test_what_is_worse_or_down_again_has_its_own_words(told: Transition, title: str) -> None:
    """Who has heard of it before hears what has changed."""
    assert build_notification(EN, told, DOWN).title == title


EASED = replace(END, change=TransitionKind.EASED, after=State.DEGRADED, at=BEGAN + timedelta(minutes=58))


@pytest.mark.parametrize("change", [TransitionKind.EASED, TransitionKind.END])
def test_what_is_left_of_a_trouble_is_told_with_its_end(change: TransitionKind) -> None:
    """Whether it is open for this person or not: what was told is over, and it is not yet fine."""
    told = build_notification(EN, replace(EASED, change=change), DOWN)
    assert told.title == "ChatGPT is no longer down after 58 min; still degraded"
    part = build_notification(EN, replace(EASED, change=change, after=State.PARTIAL), DOWN)
    assert part.title == "ChatGPT is no longer down after 58 min; still partly down"


@pytest.mark.parametrize(
    ("language", "title", "first"),
    [
        (
            "en",
            "ChatGPT and APIs are no longer partly down after 58 min",
            "ChatGPT and APIs: still degraded.",
        ),
        (
            "tr",
            "ChatGPT ve APIs: kısmi kesinti bitti, 58 dakika sürdü",
            "ChatGPT ve APIs: performans hâlâ düşük.",
        ),
        (
            "id",
            "ChatGPT dan APIs: gangguan sebagian berakhir",
            "ChatGPT dan APIs: performa masih menurun. ChatGPT dan APIs setelah 58 menit.",
        ),
    ],
)
def test_where_the_title_has_no_room_the_body_says_what_is_left(
    language: str, title: str, first: str
) -> None:
    """Names and what is over come first."""
    told = build_notification(
        translator_of(language), replace(EASED, before=State.PARTIAL, products=("ChatGPT", "APIs")), DOWN
    )
    assert told.title == title
    assert told.body.startswith(first)


SORA = replace(
    START,
    products=("APIs",),
    after=State.PARTIAL,
    components=("Sora",),
    components_state=State.MAJOR,
    said=State.MAJOR,
    incidents=(),
    must_arrive=False,
)


def test_a_component_that_alone_is_hurt_is_named() -> None:
    """The product is partly down, and what of it is down is said in one breath."""
    told = build_notification(EN, SORA, CALM)
    assert told.title == "APIs: Sora is down"
    assert told.body == "OpenAI: Sora: Major outage since 13:41. You will be told when it is back."
    two = replace(SORA, components=("Batch", "Sora"), components_state=State.DEGRADED, said=State.DEGRADED)
    assert build_notification(EN, two, CALM).title == "APIs: Batch and Sora are having problems"


def test_a_product_that_stands_still_without_a_component_is_down_itself() -> None:
    """The page is quoted for what it said: of the component."""
    told = build_notification(
        EN, replace(SORA, products=("ChatGPT",), components=("Chats",), after=State.MAJOR), CALM
    )
    assert (told.title, told.body.partition(" since")[0]) == (
        "ChatGPT is down",
        "OpenAI: Chats: Major outage",
    )


def test_what_a_rule_of_ours_makes_of_the_page_is_not_put_into_its_mouth() -> None:
    """Half of the components degraded: the title says so in our words, and the page is quoted for its own."""
    told = build_notification(
        EN, replace(START, after=State.PARTIAL, said=State.DEGRADED, incidents=()), CALM
    )
    assert told.title == "Most of ChatGPT is degraded"
    assert told.body == "OpenAI: Degraded performance since 13:41. You will be told when it is back."


def test_an_end_that_nobody_saw_has_no_length() -> None:
    """It says between which times it must have been."""
    unseen = replace(
        END, before=State.PARTIAL, confirmed=False, incidents=(), since=None, at=NOW, ended_after=BEGAN
    )
    told = build_notification(EN, unseen, CALM)
    assert told.title == "ChatGPT answers again"
    assert told.body.startswith("It ended between 13:41 and 13:53. OpenAI never posted it.")
    assert build_notification(EN, replace(unseen, products=("APIs",)), CALM).title == "APIs answer again"
    assert build_notification(translator_of("tr"), unseen, CALM).body.startswith(
        "13:41 ile 13:53 arasında bitti."
    )
    assert build_notification(translator_of("id"), unseen, CALM).body.startswith(
        "Berakhir antara 13.41 dan 13.53."
    )


def test_a_merged_end_carries_each_products_own_length() -> None:
    """One length in the title would be false of one of them; one that both share stands there."""
    earlier = replace(END, products=("APIs",), since=BEGAN - timedelta(minutes=11))
    both = replace(END, products=("ChatGPT", "APIs"), members=(END, earlier))
    told = build_notification(EN, both, CALM)
    assert told.title == "ChatGPT and APIs are back"
    assert told.body.startswith("ChatGPT after 47 min and APIs after 58 min.")
    same = replace(both, members=(END, replace(END, products=("APIs",))))
    assert build_notification(EN, same, CALM).title == "ChatGPT and APIs are back after 47 min"


def test_what_is_not_known_any_more_is_said_without_sound() -> None:
    """It is neither an end nor an outage, and nobody is told how long it was."""
    told = build_notification(EN, replace(END, lapsed=True, confirmed=False, since=None, incidents=()), CALM)
    assert told.title == "ChatGPT: not known any more"
    assert told.body == (
        "For an hour nothing could be learnt about it from here. The icon goes by OpenAI's page."
    )
    assert told.urgency is Urgency.LOW


def test_trouble_at_cloudflares_edge_is_told_as_cloudflares() -> None:
    """From its start to its end, and never as OpenAI's."""
    edge = replace(START, edge=True, confirmed=False, after=State.PARTIAL, incidents=(), must_arrive=False)
    seen = replace(SUSPECTED, reasons=(Reason(ReasonKind.EDGE),), connection=ConnectionState.EDGE)
    began = build_notification(EN, edge, seen)
    assert began.title == "ChatGPT: trouble at Cloudflare's edge"
    assert began.body.startswith("Cloudflare does not answer from here, other hosts do")
    assert "OpenAI" not in began.body
    over = build_notification(
        EN, replace(END, edge=True, confirmed=False, before=State.PARTIAL, incidents=()), CALM
    )
    assert over.body.startswith("Cloudflare answers from here again.")


def test_a_fix_that_is_only_watched_is_told_as_such() -> None:
    """It is back by what can be seen, and OpenAI has not closed it."""
    told = build_notification(EN, replace(END, watching=True), DOWN)
    assert told.title == "ChatGPT is back after 47 min"
    assert told.body.startswith("OpenAI: fix applied, watching.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", [State.DEGRADED, State.PARTIAL, State.MAJOR])
@pytest.mark.parametrize("after", [State.MAINTENANCE, State.DEGRADED, State.PARTIAL])
def test_a_title_of_an_end_keeps_the_name_whole(language: str, before: State, after: State) -> None:
    """However much there is to say of it."""
    lasted = replace(EASED, before=before, after=after, at=BEGAN + timedelta(hours=25, minutes=59))
    title = build_notification(translator_of(language), lasted, DOWN).title
    assert title.startswith("ChatGPT")
    assert "…" not in title


def test_two_transitions_of_one_moment_are_two_notices() -> None:
    """After a sleep a trouble may get better twice from the moment of waking on; what was shown is kept by its id."""
    once = replace(START, change=TransitionKind.EASED, before=State.MAJOR, after=State.PARTIAL)
    twice = replace(once, before=State.PARTIAL, after=State.DEGRADED)
    assert build_notification(EN, once, DOWN).id != build_notification(EN, twice, DOWN).id
    assert build_notification(EN, once, DOWN).id == build_notification(EN, replace(once), DOWN).id
