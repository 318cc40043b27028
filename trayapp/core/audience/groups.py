"""Finds groups of people in an incident's title: "for Plus users", "in Europe", "creating new accounts"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from trayapp.core.audience.plans import NEW_ACCOUNTS, ORDINARY_WORDS, match_plans
from trayapp.core.audience.regions import region_by_adjective, region_by_spelling


def word_set(text: str) -> frozenset[str]:
    """Returns the words of a text as a set."""
    return frozenset(text.split())


PREPOSITIONS = word_set("for affecting impacting on across from to in by with of among within hitting")
QUANTITIES = word_set(
    "some many most all certain few a an subset small large number portion percentage fraction the our ~ %"
)
_BRANDS = word_set("chatgpt openai")
_PLAN_NOUNS = word_set(
    "user users customer customers plan plans workspace workspaces account accounts subscriber subscribers tier tiers"
    " member members organization organizations organisation organisations admins seats"
)
_REGION_NOUNS = word_set(
    "user users customer customers region regions traffic people accounts members countries"
)
CONTINUATIONS = word_set(
    "is are was were has have may might can cannot can't could couldn't will experiencing seeing receiving facing unable"
    " encountering getting having in on with when during since accessing using loading failing slow down unavailable"
    " degraded for across to not"
)
"""Words that may come after a name that no noun follows: "in Europe since noon", but not "in US English"."""
SEPARATORS = word_set(", and & / + or ; : | – — - . ? ! • plus")
LIST_SEPARATORS = word_set(", and & / or")


@dataclass(frozen=True, slots=True)
class AudienceGroup:
    """People that a title is about, by plan or region; the words from `start` to `end` name them."""

    kind: str
    names: tuple[str, ...]
    start: int
    end: int


def find_groups(words: list[str]) -> Iterator[AudienceGroup]:
    """Yields the groups in a title's words, from left to right."""
    at = 0
    while at < len(words):
        group = _new_accounts_group(words, at) or _plan_group(words, at) or _region_group(words, at)
        if group is not None:
            yield group
        at = at + 1 if group is None else group.end


def _new_accounts_group(words: list[str], at: int) -> AudienceGroup | None:
    """Matches people without an account: "creating new accounts", "new account creation", "sign-ups"."""
    found = re.match(
        r"(?:(?:creating|opening|registering|creation of|registration of) (?:new )?(?:chatgpt )?accounts?"
        r"|(?:new )?(?:account|user) (?:creation|registration|sign-?ups?)|(?:new )?(?:user )?sign-?ups?|signing up"
        r"|new (?:users|accounts))(?= |$)",
        " ".join(words[at : at + 5]).casefold(),
    )
    if found is None:
        return None
    end = at + len(found[0].split())
    # The words after it must not name something else: "sign-up page and login".
    return AudienceGroup("plan", (NEW_ACCOUNTS,), _read_prefix(words, at, brand=False)[0], end)


def _plan_group(words: list[str], at: int) -> AudienceGroup | None:
    names, items, heads, end = _read_name_list(words, at, _match_plan, _PLAN_NOUNS)
    if not names:
        return None
    start, may_begin, has_brand = _read_prefix(words, at)
    if not may_begin:
        return None
    if heads:
        good = all(_is_plan_name(item, heads) for item in items)
    else:
        good = all(item[0].isupper() for item in items) and _may_name_end(words, end)
        alone = len(items) > 1 or items[0].casefold() in {"enterprise", "edu", "education"}
        good = good and (has_brand or alone)
    return AudienceGroup("plan", names, start, end) if good else None


def _is_plan_name(item: str, heads: set[str]) -> bool:
    """Whether a word before "users" names a plan and is not an ordinary word."""
    folded = item.casefold()
    if folded in ORDINARY_WORDS and not item[0].isupper():
        return False
    if folded in {"team", "teams"} and heads & {"member", "members"}:
        return False
    return folded != "business" or not heads & word_set(
        "customer customers account accounts organization organizations organisation organisations"
    )


def _region_group(words: list[str], at: int) -> AudienceGroup | None:
    names, items, heads, end = _read_name_list(words, at, _match_region, _REGION_NOUNS)
    if not names or (
        not heads
        and any(item in region_by_adjective() and item not in region_by_spelling() for item in items)
    ):
        return None
    start, may_begin, _ = _read_prefix(words, at)
    if not may_begin or not (heads or _may_name_end(words, end) or _plan_group(words, end) is not None):
        return None
    return AudienceGroup("region", names, start, end)


def _match_plan(words: list[str], at: int) -> tuple[tuple[str, ...], int]:
    return (match_plans(words[at]), at + 1) if at < len(words) else ((), at)


def _match_region(words: list[str], at: int) -> tuple[tuple[str, ...], int]:
    """Matches the region named at this place, by its longest name."""
    for length in range(min(_max_name_words(), len(words) - at), 0, -1):
        called = " ".join(words[at : at + length])
        if region := region_by_spelling().get(called) or region_by_adjective().get(called):
            return (region,), at + length
    return (), at


@cache
def _max_name_words() -> int:
    return max(len(name.split()) for name in region_by_spelling())


def _read_name_list(
    words: list[str],
    at: int,
    named_at: Callable[[list[str], int], tuple[tuple[str, ...], int]],
    known: frozenset[str],
) -> tuple[tuple[str, ...], list[str], set[str], int]:
    """Reads a list of names: their meanings and spellings, the nouns after them ("users"), and its end."""
    names: list[str] = []
    items: list[str] = []
    heads: set[str] = set()
    end = following = at
    while (found := named_at(words, following))[0]:
        names += found[0]
        items.append(" ".join(words[following : found[1]]))
        end = found[1]
        while end < len(words) and words[end].casefold() in known:
            heads.add(words[end].casefold())
            end += 1
        following = _next_item_index(words, end)
    return tuple(dict.fromkeys(names)), items, heads, end


def _next_item_index(words: list[str], at: int) -> int:
    """Returns where the list's next item begins, after "," or "and", a brand or "the"; else the end."""
    following = at
    while following < len(words) and words[following].casefold() in LIST_SEPARATORS:
        following += 1
    if following == at:
        return len(words)
    while following < len(words) and words[following].casefold() in _BRANDS | {"the"}:
        following += 1
    return following


def _read_prefix(words: list[str], at: int, *, brand: bool = True) -> tuple[int, bool, bool]:
    """Returns where a name's prefix begins, whether it may begin there, and whether the brand is in it."""
    has_brand = brand and at > 0 and words[at - 1].casefold() in _BRANDS
    start = at - has_brand
    while start > 0 and _is_quantity(words, start - 1):
        start -= 1
    if start == 0 or words[start - 1] in {"(", "["}:
        return start, True, has_brand
    if words[start - 1].casefold() in PREPOSITIONS:
        return start - 1, True, has_brand
    return start, False, has_brand


def _is_quantity(words: list[str], at: int) -> bool:
    word = words[at].casefold()
    if word == "of":
        return at > 0 and (
            words[at - 1].casefold() in QUANTITIES or words[at - 1].casefold() in {"part", "parts"}
        )
    return word in QUANTITIES or word in {"part", "parts"} or word.isdigit()


def _may_name_end(words: list[str], end: int) -> bool:
    """Whether a name may end here, because no noun follows that would make it part of another name."""
    if end >= len(words):
        return True
    return words[end] in SEPARATORS | {")", "]"} or words[end].casefold() in CONTINUATIONS
