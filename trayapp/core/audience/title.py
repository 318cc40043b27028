"""Reads an incident's title word by word: is all of it understood, and is it only about some people?"""

from __future__ import annotations

import re

from trayapp.core.audience.groups import (
    CONTINUATIONS,
    LIST_SEPARATORS,
    PREPOSITIONS,
    QUANTITIES,
    SEPARATORS,
    AudienceGroup,
    find_groups,
    word_set,
)

_MAX_TITLE_LENGTH = 300
"""Characters; a longer title is not read."""
_WORD_PATTERN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*|[^\s\w]|_")
_CLAUSE_WORDS = word_set(
    "is are was were has have may might can cannot could will down unavailable outage offline out fails failed"
)
"""Words that show that a second clause follows."""
_TROUBLE_WORDS = re.compile(
    r"(?:error|fail|latenc|delay|slow|degrad|outage|disrupt|unavailab|timeout|timing|timed|elevated|increase|issue|problem"
    r"|unable|cannot|can't|couldn't|down|broken|crash|stuck|missing|incorrect|intermittent|impact|interrupt|unresponsive"
    r"|logout|unexpected|trouble|reduced|high|stall|hang|drop|blank|empty|reject|partial|incident|not$|inaccess|lost|loss)",
    re.IGNORECASE,
)
_SYMPTOMS = word_set(
    "error errors rate rates latency latencies delay delays timeout timeouts slowness failure failures performance"
)
_DEGREES = word_set(
    "elevated increased high higher intermittent degraded significant severe sporadic error slow"
)
_PRODUCTS = word_set("chatgpt codex sora atlas work api apis web mobile desktop ios android")
_ALL_LIST_SEPARATORS = LIST_SEPARATORS | {";", "|"}
_UNCERTAIN_WORDS = re.compile(
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
"""Words that negate, except or add, or make a name part of another: a title with one is not understood."""
_HARMLESS_AFTER_NOT = word_set("loading working responding opening saving appearing syncing available")
"""Words before which "not" does not negate whom the title is about."""
_SUBJECT_WORDS = QUANTITIES | _PRODUCTS | word_set("users customers people")


def read_title(title: str) -> tuple[AudienceGroup, ...]:
    """Returns the groups that a title is only about; empty if it names none or is not understood."""
    if len(title) > _MAX_TITLE_LENGTH or title.isupper():
        return ()
    words = _WORD_PATTERN.findall(title)
    if not any(_TROUBLE_WORDS.match(word) for word in words):
        return ()
    groups = tuple(find_groups(words))
    return groups if groups and _is_understood(words, groups) else ()


def _is_understood(words: list[str], groups: tuple[AudienceGroup, ...]) -> bool:
    """Whether nothing around the groups negates, excepts or adds, and all of the title is about them."""
    inside = {at for group in groups for at in range(group.start, group.end)}
    folded = [word.casefold() for word in words]
    outside = [at for at in range(len(words)) if at not in inside]
    if any(any(c.isalpha() and not c.isascii() for c in words[at]) for at in outside):
        return False  # another language
    if any(_UNCERTAIN_WORDS.fullmatch(folded[at]) and not _is_harmless_not(folded, at) for at in outside):
        return False
    return all(
        _is_separator_harmless(folded, at, groups, inside) for at in outside if folded[at] in SEPARATORS
    )


def _is_harmless_not(words: list[str], at: int) -> bool:
    return words[at] == "not" and at + 1 < len(words) and words[at + 1] in _HARMLESS_AFTER_NOT


def _is_separator_harmless(
    words: list[str], at: int, groups: tuple[AudienceGroup, ...], inside: set[int]
) -> bool:
    """Whether a separator joins parts of one list, so that the group's name belongs to all of it."""
    word, starts, ends = words[at], {g.start for g in groups}, {g.end for g in groups}
    if at == len(words) - 1:
        return word in {".", "!"}
    if word in {":", "–", "—", "-"}:
        return groups[0].start == 0 and at == groups[0].end and not _ALL_LIST_SEPARATORS & set(words[at:])
    if word == "," and at + 1 in starts and words[at + 1] in PREPOSITIONS:
        return True
    if word not in LIST_SEPARATORS or at in ends or at + 1 in starts:
        return False
    if _is_group_first(words, groups[0]):
        return not _CLAUSE_WORDS & set(words[at + 1 :])
    return _is_product_list(words, at, inside) or _is_symptom_list(words, at)


def _is_group_first(words: list[str], group: AudienceGroup) -> bool:
    """Whether the title begins with the people it is about."""
    return set(words[: group.start]) <= _SUBJECT_WORDS


def _is_product_list(words: list[str], at: int, inside: set[int]) -> bool:
    """Whether a separator joins two products of a list: "across ChatGPT and Codex for users in Europe"."""
    after = at + 1
    if words[at] == "," and words[after] in {"and", "or", "&"}:
        return after + 1 < len(words) and _is_product(words[at - 1]) and _is_product(words[after + 1])
    if at == 0 or not (_is_product(words[at - 1]) or words[at - 1] == ",") or not _is_product(words[after]):
        return False
    while after < len(words) and _is_product(words[after]):
        after += 1
    return after >= len(words) or after in inside or words[after] in SEPARATORS | CONTINUATIONS | {")"}


def _is_product(word: str) -> bool:
    return word in _PRODUCTS or bool(re.fullmatch(r"gpt-[\w.-]+|o\d[\w-]*", word))


def _is_symptom_list(words: list[str], at: int) -> bool:
    """Whether a separator joins two symptoms at the title's beginning: "Elevated errors and latency in"."""
    known = _SYMPTOMS | _DEGREES
    if not at or not set(words[:at]) <= known or words[at - 1] not in _SYMPTOMS:
        return False
    after = at + 1
    while after < len(words) and words[after] in known:
        after += 1
    return words[after - 1] in _SYMPTOMS and (
        after >= len(words) or words[after] in PREPOSITIONS | CONTINUATIONS
    )
