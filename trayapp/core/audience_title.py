"""A title of an incident, word by word: the groups of people that it is about alone (see `core.audience`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from trayapp.core.plans import NEW, ORDINARY, plans_called
from trayapp.core.regions import adjectives, spelled

_LONGEST = 300
"""Characters of a title that is read at all."""
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*|[^\s\w]|_")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREPOSITIONS = _words("for affecting impacting on across from to in by with of among within hitting")
_QUANTITIES = _words(
    "some many most all certain few a an subset small large number portion percentage fraction the our ~ %"
)
_BRANDS = _words("chatgpt openai")
_PEOPLE = _words(
    "user users customer customers plan plans workspace workspaces account accounts subscriber subscribers tier tiers"
    " member members organization organizations organisation organisations admins seats"
)
_PLACES = _words("user users customer customers region regions traffic people accounts members countries")
_GOES_ON = _words(
    "is are was were has have may might can cannot can't could couldn't will experiencing seeing receiving facing unable"
    " encountering getting having in on with when during since accessing using loading failing slow down unavailable"
    " degraded for across to not"
)
"""What may come after a name that no noun follows: "in Europe since noon", but not "in US English"."""
_CLAUSE = _words(
    "is are was were has have may might can cannot could will down unavailable outage offline out fails failed"
)
"""What a second clause has."""
_TROUBLE = re.compile(
    r"(?:error|fail|latenc|delay|slow|degrad|outage|disrupt|unavailab|timeout|timing|timed|elevated|increase|issue|problem"
    r"|unable|cannot|can't|couldn't|down|broken|crash|stuck|missing|incorrect|intermittent|impact|interrupt|unresponsive"
    r"|logout|unexpected|trouble|reduced|high|stall|hang|drop|blank|empty|reject|partial|incident|not$|inaccess|lost|loss)",
    re.IGNORECASE,
)
_SYMPTOMS = _words(
    "error errors rate rates latency latencies delay delays timeout timeouts slowness failure failures performance"
)
_DEGREES = _words(
    "elevated increased high higher intermittent degraded significant severe sporadic error slow"
)
_PRODUCTS = _words("chatgpt codex sora atlas work api apis web mobile desktop ios android")
_JOINTS = _words(", and & / + or ; : | – — - . ? ! • plus")
_LISTS = _words(", and & / or")
_LISTED = _LISTS | {";", "|"}
_LOOSE = re.compile(
    r"(?:no|never|not|except\w*|exclud\w+|outside|beyond|others?|than|all|every\w*|any\w*|each|multiple|various|several"
    r"|both|worldwide|global\w*|includ\w+|especially|particularly|mostly|mainly|primarily|initially|also|additionally|but"
    r"|though|although|however|besides|un(?:affected|impacted)|only|without|instead|unless|until|upgrad\w+|downgrad\w+"
    r"|subscri\w+|purchas\w+|buy\w*|billing|payment\w*|pay|checkout|switch\w*|migrat\w+|trial\w*|renew\w*|cancel\w*"
    r"|convert\w*|invoice\w*|residency|endpoints?|host\w*|domains?|datacent\w+|cent(?:er|re)s?|clusters?|zones?|azure|aws"
    r"|gcp|language\w*|speak\w*|english|same|rest|remaining|while|more|else\w*|widespread|whether|if|don't|isn't|aren't"
    r"|doesn't|won't|wasn't|weren't|hasn't|haven't|didn't|recovered|restored|fixed|resolved|due|caus\w+|because|after"
    r"|following|launch\w*|releas\w+|rollout|deploy\w*)",
    re.IGNORECASE,
)
"""What negates, excepts or adds, or makes a name one of something else: a title that has it is not read further."""
_STANDS_STILL = _words("loading working responding opening saving appearing syncing available")
"""What "not" may stand before without negating whom it is about."""
_SUBJECT = _QUANTITIES | _PRODUCTS | _words("users customers people")


@dataclass(frozen=True, slots=True)
class Group:
    """Some people that a title is about: their plans or their regions, and the words from `start` to `end` that name them."""

    kind: str
    names: tuple[str, ...]
    start: int
    end: int


def read_title(title: str) -> tuple[Group, ...]:
    """The groups that a title is about alone; none where it names none, or is not understood."""
    if len(title) > _LONGEST or title.isupper():
        return ()
    words = _WORD.findall(title)
    if not any(_TROUBLE.match(word) for word in words):
        return ()
    groups = tuple(_groups(words))
    return groups if groups and _is_understood(words, groups) else ()


# ---------------------------------------------------------------------------------------------------------- the names


def _groups(words: list[str]) -> Iterator[Group]:
    at = 0
    while at < len(words):
        group = _newcomers(words, at) or _plan_group(words, at) or _region_group(words, at)
        if group is not None:
            yield group
        at = at + 1 if group is None else group.end


def _newcomers(words: list[str], at: int) -> Group | None:
    """Who has no account yet: "creating new accounts", "new account creation", "sign-ups"."""
    found = re.match(
        r"(?:(?:creating|opening|registering|creation of|registration of) (?:new )?(?:chatgpt )?accounts?"
        r"|(?:new )?(?:account|user) (?:creation|registration|sign-?ups?)|(?:new )?(?:user )?sign-?ups?|signing up"
        r"|new (?:users|accounts))(?= |$)",
        " ".join(words[at : at + 5]).casefold(),
    )
    if found is None:
        return None
    end = at + len(found[0].split())
    # What comes after must not be another thing: "sign-up page and login".
    return Group("plan", (NEW,), _before(words, at, brand=False)[0], end)


def _plan_group(words: list[str], at: int) -> Group | None:
    names, items, heads, end = _list(words, at, _plan_at, _PEOPLE)
    if not names:
        return None
    start, may_begin, has_brand = _before(words, at)
    if not may_begin:
        return None
    if heads:
        good = all(_is_plan_of(item, heads) for item in items)
    else:
        good = all(item[0].isupper() for item in items) and _may_end(words, end)
        alone = len(items) > 1 or items[0].casefold() in {"enterprise", "edu", "education"}
        good = good and (has_brand or alone)
    return Group("plan", names, start, end) if good else None


def _is_plan_of(item: str, heads: set[str]) -> bool:
    """Whether a word before "users" is a plan's name, and not a word of the language."""
    folded = item.casefold()
    if folded in ORDINARY and not item[0].isupper():
        return False
    if folded in {"team", "teams"} and heads & {"member", "members"}:
        return False
    return folded != "business" or not heads & _words(
        "customer customers account accounts organization organizations organisation organisations"
    )


def _region_group(words: list[str], at: int) -> Group | None:
    names, items, heads, end = _list(words, at, _region_at, _PLACES)
    if not names or (not heads and any(item in adjectives() and item not in spelled() for item in items)):
        return None
    start, may_begin, _ = _before(words, at)
    if not may_begin or not (heads or _may_end(words, end) or _plan_group(words, end) is not None):
        return None
    return Group("region", names, start, end)


def _plan_at(words: list[str], at: int) -> tuple[tuple[str, ...], int]:
    return (plans_called(words[at]), at + 1) if at < len(words) else ((), at)


def _region_at(words: list[str], at: int) -> tuple[tuple[str, ...], int]:
    """The region that is named here, by its longest name."""
    for length in range(min(_longest_name(), len(words) - at), 0, -1):
        called = " ".join(words[at : at + length])
        if region := spelled().get(called) or adjectives().get(called):
            return (region,), at + length
    return (), at


@cache
def _longest_name() -> int:
    return max(len(name.split()) for name in spelled())


def _list(
    words: list[str],
    at: int,
    named_at: Callable[[list[str], int], tuple[tuple[str, ...], int]],
    known: frozenset[str],
) -> tuple[tuple[str, ...], list[str], set[str], int]:
    """A list of names that begins here: what they mean, how they are spelled, their heads ("users"), and where it ends."""
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
        following = _after_joint(words, end)
    return tuple(dict.fromkeys(names)), items, heads, end


def _after_joint(words: list[str], at: int) -> int:
    """Where the next of a list would begin, after "," or "and" and what may stand before a name; the end where there is none."""
    following = at
    while following < len(words) and words[following].casefold() in _LISTS:
        following += 1
    if following == at:
        return len(words)
    while following < len(words) and words[following].casefold() in _BRANDS | {"the"}:
        following += 1
    return following


def _before(words: list[str], at: int, *, brand: bool = True) -> tuple[int, bool, bool]:
    """Where what belongs before a name begins, whether it may begin there, and whether OpenAI's brand is in it."""
    has_brand = brand and at > 0 and words[at - 1].casefold() in _BRANDS
    start = at - has_brand
    while start > 0 and _is_quantity(words, start - 1):
        start -= 1
    if start == 0 or words[start - 1] in {"(", "["}:
        return start, True, has_brand
    if words[start - 1].casefold() in _PREPOSITIONS:
        return start - 1, True, has_brand
    return start, False, has_brand


def _is_quantity(words: list[str], at: int) -> bool:
    word = words[at].casefold()
    if word == "of":
        return at > 0 and (
            words[at - 1].casefold() in _QUANTITIES or words[at - 1].casefold() in {"part", "parts"}
        )
    return word in _QUANTITIES or word in {"part", "parts"} or word.isdigit()


def _may_end(words: list[str], end: int) -> bool:
    """Whether a name may end here: no noun follows of which it would be a part."""
    if end >= len(words):
        return True
    return words[end] in _JOINTS | {")", "]"} or words[end].casefold() in _GOES_ON


# ------------------------------------------------------------------------------------------------------- all the rest


def _is_understood(words: list[str], groups: tuple[Group, ...]) -> bool:
    """Whether nothing around the groups negates, excepts or adds, and all of the title is about them."""
    inside = {at for group in groups for at in range(group.start, group.end)}
    folded = [word.casefold() for word in words]
    outside = [at for at in range(len(words)) if at not in inside]
    if any(any(c.isalpha() and not c.isascii() for c in words[at]) for at in outside):
        return False  # another language
    if any(_LOOSE.fullmatch(folded[at]) and not _is_still(folded, at) for at in outside):
        return False
    return all(_is_joint_clear(folded, at, groups, inside) for at in outside if folded[at] in _JOINTS)


def _is_still(words: list[str], at: int) -> bool:
    return words[at] == "not" and at + 1 < len(words) and words[at + 1] in _STANDS_STILL


def _is_joint_clear(words: list[str], at: int, groups: tuple[Group, ...], inside: set[int]) -> bool:
    """Whether what a joint joins is one list, so that the name belongs to all of it."""
    word, starts, ends = words[at], {g.start for g in groups}, {g.end for g in groups}
    if at == len(words) - 1:
        return word in {".", "!"}
    if word in {":", "–", "—", "-"}:
        return groups[0].start == 0 and at == groups[0].end and not _LISTED & set(words[at:])
    if word == "," and at + 1 in starts and words[at + 1] in _PREPOSITIONS:
        return True
    if word not in _LISTS or at in ends or at + 1 in starts:
        return False
    if _is_subject(words, groups[0]):
        return not _CLAUSE & set(words[at + 1 :])
    return _joins_products(words, at, inside) or _joins_symptoms(words, at)


def _is_subject(words: list[str], group: Group) -> bool:
    """Whether the title begins with whom it is about."""
    return set(words[: group.start]) <= _SUBJECT


def _joins_products(words: list[str], at: int, inside: set[int]) -> bool:
    """Whether these are two of a list of products: "across ChatGPT and Codex for users in Europe"."""
    after = at + 1
    if words[at] == "," and words[after] in {"and", "or", "&"}:
        return after + 1 < len(words) and _is_product(words[at - 1]) and _is_product(words[after + 1])
    if at == 0 or not (_is_product(words[at - 1]) or words[at - 1] == ",") or not _is_product(words[after]):
        return False
    while after < len(words) and _is_product(words[after]):
        after += 1
    return after >= len(words) or after in inside or words[after] in _JOINTS | _GOES_ON | {")"}


def _is_product(word: str) -> bool:
    return word in _PRODUCTS or bool(re.fullmatch(r"gpt-[\w.-]+|o\d[\w-]*", word))


def _joins_symptoms(words: list[str], at: int) -> bool:
    """Whether these are two symptoms of one trouble, with which the title begins: "Elevated errors and latency in"."""
    known = _SYMPTOMS | _DEGREES
    if not at or not set(words[:at]) <= known or words[at - 1] not in _SYMPTOMS:
        return False
    after = at + 1
    while after < len(words) and words[after] in known:
        after += 1
    return words[after - 1] in _SYMPTOMS and (after >= len(words) or words[after] in _PREPOSITIONS | _GOES_ON)
