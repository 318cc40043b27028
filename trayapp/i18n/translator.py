"""Puts sentences into a person's language: translation, plurals, clock, date, durations, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.i18n.deferred import Phrase
from trayapp.i18n.sanitize import clean_text, clip_text, utf16_length
from trayapp.model import FOREVER

NAME_UNITS = 40
"""The most UTF-16 units of a product's name: a longer one would hide the rest of the sentence."""


def mark(message: str) -> str:
    """Marks a text for the catalogues; `Translator.say` translates it later."""
    return message


def mark_many(singular: str, plural: str) -> tuple[str, str]:
    """Marks a text and its plural for the catalogues; `Translator.say_many` translates them later."""
    return singular, plural


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language. Placeholders are named; values are inserted unchanged, never read as patterns."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    to_local: Callable[[datetime], datetime]
    """Converts an aware time to the person's time zone."""
    find_country: Callable[[], str] = lambda: ""
    """Returns the person's country, one of `other_sources.COUNTRIES`; empty if it is not known."""

    def say(self, message: str, /, **values: str | int) -> str:
        """Returns a message in this language, with its placeholders filled in."""
        return self.gettext(message).format(**values)

    def say_many(self, singular: str, plural: str, number: int, /, **values: str | int) -> str:
        """Returns a message in the plural form for a number."""
        return self.ngettext(singular, plural, number).format(**values)

    def translate_phrase(self, phrase: Phrase) -> str:
        """Returns a phrase in this language."""
        return phrase.translate(self.gettext)

    def clock_time(self, at: datetime) -> str:
        """Returns the local time of day: 13:41, or 13.41 in languages that write it so."""
        local = self.to_local(at)
        return self.say("{hour}:{minute}", hour=f"{local.hour:02}", minute=f"{local.minute:02}")

    def time_text(self, at: datetime, now: datetime) -> str:
        """Returns the local time, with the day if it is not today and the year if it is not this year."""
        local, today = self.to_local(at), self.to_local(now)
        if local.date() == today.date():
            return self.clock_time(at)
        if local.year != today.year:
            return self.dated_time(at)
        return self.say("{day}, {time}", day=self.day_text(at), time=self.clock_time(at))

    def dated_time(self, at: datetime) -> str:
        """Returns the local time, always with its day and year."""
        day = f"{self.day_text(at)} {self.to_local(at).year}"
        return self.say("{day}, {time}", day=day, time=self.clock_time(at))

    def day_text(self, at: datetime) -> str:
        """Returns the local day without its year: 14 Mar."""
        local = self.to_local(at)
        months = self.say("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
        return self.say("{day} {month}", day=local.day, month=months[local.month - 1])

    def utc_offset(self, at: datetime) -> str:
        """Returns the UTC offset of local times, as UTC+03:00, which needs no table of zone names."""
        offset = self.to_local(at).utcoffset() or timedelta(0)
        sign = "−" if offset < timedelta(0) else "+"
        minutes = int(abs(offset).total_seconds()) // 60
        return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"

    def add_since(self, what: str, at: datetime | None, now: datetime) -> str:
        """Adds "since" and a time to a text, if the time is known."""
        return self.say("{what} since {time}", what=what, time=self.time_text(at, now)) if at else what

    def duration_text(self, seconds: float) -> str:
        """Returns a length of time in its two largest units."""
        minutes = int(seconds) // 60
        hours, days = minutes // 60, minutes // 1440
        if minutes < 1:
            return self.say("less than a minute")
        if hours < 1:
            return self.say("{minutes} min", minutes=minutes)
        if days < 1:
            return self._join_units(
                self.say("{hours} h", hours=hours),
                self.say("{minutes} min", minutes=minutes % 60),
                minutes % 60,
            )
        whole_days = self.say_many("{days} day", "{days} days", days, days=days)
        return self._join_units(whole_days, self.say("{hours} h", hours=hours % 24), hours % 24)

    def _join_units(self, larger: str, smaller: str, amount: int) -> str:
        return f"{larger} {smaller}" if amount else larger

    def join_list(self, things: Sequence[str]) -> str:
        """Joins things as the language does: "ChatGPT, APIs and Codex"."""
        if len(things) < 3:
            return (
                self.say("{one} and {other}", one=things[0], other=things[1])
                if things[1:]
                else "".join(things)
            )
        return self.say("{several} and {last}", several=", ".join(things[:-1]), last=things[-1])

    def join_products(self, names: Sequence[str], most: int = 120) -> str:
        """Cleans and joins names of products; "and 9 more" stands for those beyond `most` UTF-16 units."""
        shown = [self.clean_name(name) for name in names]
        text = self.join_list(shown)
        for kept in range(len(shown) - 1, 0, -1):
            if utf16_length(text) <= most:
                break
            more = self.say_many("{count} more", "{count} more", len(shown) - kept, count=len(shown) - kept)
            text = self.join_list([*shown[:kept], more])
        return clip_text(text, most)

    def clean_name(self, text: str) -> str:
        """Cleans and shortens a name from outside, so that it fits into a sentence."""
        return clip_text(clean_text(text), NAME_UNITS) or self.say("unnamed")

    def quote(self, text: str, most: int) -> str:
        """Returns a text from outside, cleaned, in quotation marks, within `most` UTF-16 units."""
        return self.say("“{text}”", text=clip_text(clean_text(text), most - 2) or self.say("unnamed"))


def is_endless(until: datetime) -> bool:
    """Whether a time stands for "until the person says so"."""
    return until >= FOREVER
