"""Lists the plans under which OpenAI sells ChatGPT, as a status page names them."""

from __future__ import annotations

from collections.abc import Iterable

from trayapp.i18n.translator import mark

PLANS = ("Free", "Go", "Plus", "Pro", "Team", "Business", "Enterprise", "Edu")
"""In the order in which they are sold."""
NEW_ACCOUNTS = mark("new accounts")
"""Stands for people who have no plan yet."""

PAID_PLANS = PLANS[1:]
_PLANS_BY_WORD = {
    **{plan.casefold(): (plan,) for plan in PLANS},
    # Team was renamed to Business: both names mean one plan.
    "team": ("Team", "Business"),
    "teams": ("Team", "Business"),
    "business": ("Team", "Business"),
    "education": ("Edu",),
    "paid": PAID_PLANS,
    "paying": PAID_PLANS,
}
ORDINARY_WORDS = frozenset({"go", "plus", "pro", "team", "teams", "business"})
"""Ordinary words of English, which name a plan only with a capital letter."""


def match_plans(word: str) -> tuple[str, ...]:
    """Returns the plans that a word names: "paid" means all but Free."""
    return _PLANS_BY_WORD.get(word.casefold(), ())


def sort_plans(plans: Iterable[str]) -> tuple[str, ...]:
    """Sorts plans by the order in which they are sold."""
    found = set(plans)
    return tuple(plan for plan in (*PLANS, NEW_ACCOUNTS) if plan in found)
