"""How a sentence is put into a person's language: translation, plurals, clock, date, durations, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.i18n.deferred import Phrase
from trayapp.i18n.sanitize import clean_text, clip_text, utf16_length
from trayapp.model import FOREVER

NAME_UNITS = 40
"""UTF-16 units one product's name may take: longer ones would hide what is said of it."""


def mark(message: str) -> str:
    """Name a text for the catalogues that is translated later, by `Speech.say`."""
    return message


def mark_many(singular: str, plural: str) -> tuple[str, str]:
    """Name a text with its plural for the catalogues; translated later, by `Speech.say_many`."""
    return singular, plural


@dataclass(frozen=True, slots=True)
class Translator:
    """One language. Placeholders are named; what fills them is inserted as it is and never read as a pattern."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    to_local: Callable[[datetime], datetime]
    """An aware time in the person's own zone."""
    find_country: Callable[[], str] = lambda: ""
    """Where the person is: one of `elsewhere.COUNTRIES`."""

    def say(self, message: str, /, **values: str | int) -> str:
        """A message in this language."""
        return self.gettext(message).format(**values)

    def say_many(self, singular: str, plural: str, number: int, /, **values: str | int) -> str:
        """A message in the form that a number asks for."""
        return self.ngettext(singular, plural, number).format(**values)

    def translate_phrase(self, phrase: Phrase) -> str:
        """A sentence that was written down earlier, in this language."""
        return phrase.translate(self.gettext)

    def clock_time(self, at: datetime) -> str:
        """The local time of day: 13:41, or 13.41 where that is the habit."""
        local = self.to_local(at)
        return self.say("{hour}:{minute}", hour=f"{local.hour:02}", minute=f"{local.minute:02}")

    def time_text(self, at: datetime, now: datetime) -> str:
        """The local time, with the day where it is not today and the year where it is not this one."""
        local, today = self.to_local(at), self.to_local(now)
        if local.date() == today.date():
            return self.clock_time(at)
        if local.year != today.year:
            return self.dated_time(at)
        return self.say("{day}, {time}", day=self.day_text(at), time=self.clock_time(at))

    def dated_time(self, at: datetime) -> str:
        """The local time with its day and year, whatever today is."""
        day = f"{self.day_text(at)} {self.to_local(at).year}"
        return self.say("{day}, {time}", day=day, time=self.clock_time(at))

    def day_text(self, at: datetime) -> str:
        """The local day without its year: 14 Mar."""
        local = self.to_local(at)
        months = self.say("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
        return self.say("{day} {month}", day=local.day, month=months[local.month - 1])

    def utc_offset(self, at: datetime) -> str:
        """What the local times are counted from: UTC+03:00, which needs no table of names."""
        offset = self.to_local(at).utcoffset() or timedelta(0)
        sign = "−" if offset < timedelta(0) else "+"
        minutes = int(abs(offset).total_seconds()) // 60
        return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"

    def add_since(self, what: str, at: datetime | None, now: datetime) -> str:
        """What is said, with when it began where that is known."""
        return self.say("{what} since {time}", what=what, time=self.time_text(at, now)) if at else what

    def duration_text(self, seconds: float) -> str:
        """A length of time in its two largest units."""
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
        """Things joined as the language joins them: "ChatGPT, APIs and Codex"."""
        if len(things) < 3:
            return (
                self.say("{one} and {other}", one=things[0], other=things[1])
                if things[1:]
                else "".join(things)
            )
        return self.say("{several} and {last}", several=", ".join(things[:-1]), last=things[-1])

    def join_products(self, names: Sequence[str], most: int = 120) -> str:
        """Names of products, cleaned and joined; "and 9 more" for those beyond `most` UTF-16 units."""
        shown = [self.clean_name(name) for name in names]
        text = self.join_list(shown)
        for kept in range(len(shown) - 1, 0, -1):
            if utf16_length(text) <= most:
                break
            more = self.say_many("{count} more", "{count} more", len(shown) - kept, count=len(shown) - kept)
            text = self.join_list([*shown[:kept], more])
        return clip_text(text, most)

    def clean_name(self, text: str) -> str:
        """A name from outside, fit to stand in a sentence."""
        return clip_text(clean_text(text), NAME_UNITS) or self.say("unnamed")

    def quote(self, text: str, most: int) -> str:
        """An outside text, cleaned, in quotation marks, within so many UTF-16 units."""
        return self.say("“{text}”", text=clip_text(clean_text(text), most - 2) or self.say("unnamed"))


def is_endless(until: datetime) -> bool:
    """Whether a time stands for "until the person says"."""
    return until >= FOREVER
