"""Titles of incidents in our own words, by the patterns that OpenAI's page has used, and whom a person reads in them.

A line is a title, the plans and the regions that it names alone; "-" where it is about everybody. "paid" is every plan
but Free, "new" is who has no account yet. The labels were made by reading, not by the program.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from trayapp.core.audience.incident import read_audience
from trayapp.core.audience.plans import NEW_ACCOUNTS, PLANS, match_plans, sort_plans
from trayapp.core.audience.regions import has_region_overlap

_NAMES_SOME = """
Degraded performance for ChatGPT Free users | Free | -
Increased error rates on ChatGPT Free | Free | -
ChatGPT Free is slower than usual | Free | -
Partial outage for free users | Free | -
Elevated errors in conversations for Free and Go plans | Free Go | -
Elevated errors in ChatGPT for users on the Free tier | Free | -
Slow responses for some free users of ChatGPT | Free | -
Free plan users cannot upload files | Free | -
Image generation failing for Go users | Go | -
Elevated latency for Go plan subscribers | Go | -
Login errors for ChatGPT Go users | Go | -
Increased error rate for Pro and Plus plan conversations | Plus Pro | -
Elevated errors for Plus users | Plus | -
Some ChatGPT Plus users cannot start new chats | Plus | -
ChatGPT Plus users experiencing slow responses | Plus | -
Voice mode unavailable for Plus subscribers | Plus | -
Work mode errors affecting ChatGPT Plus users | Plus | -
Elevated error rates across Plus, Pro and Business plans | Plus Pro Team | -
Deep research failing for Pro users | Pro | -
Elevated errors for ChatGPT Pro | Pro | -
Codex tasks stuck for Pro and Plus users | Plus Pro | -
Pro users may see errors with long answers | Pro | -
Errors loading workspaces for Team users | Team | -
Connectors failing in ChatGPT Team workspaces | Team | -
Delays in Business workspaces | Team | -
Elevated error rates for Business and Enterprise workspaces | Team Enterprise | -
Some ChatGPT Enterprise users are receiving elevated error rates | Enterprise | -
SSO login issues for ChatGPT Enterprise customers | Enterprise | -
Workspace analytics delayed for Enterprise | Enterprise | -
Workspace analytics for ChatGPT Enterprise experiencing errors | Enterprise | -
Compliance exports failing for Enterprise and Edu customers | Enterprise Edu | -
Elevated latency for enterprise customers | Enterprise | -
ChatGPT Edu users unable to sign in | Edu | -
Errors for Education plans | Edu | -
Elevated errors in ChatGPT Edu | Edu | -
Missing GPTs in Edu workspaces | Edu | -
Elevated errors from the newest model on paid plans | paid | -
Elevated ChatGPT error rate for paid users | paid | -
Chat history failing to load for paid subscribers | paid | -
Slower answers on paid plans | paid | -
Elevated error rates for ChatGPT Work, across Plus, Pro, Business, Enterprise and Education plans. | Plus Pro Team Enterprise Edu | -
Elevated errors and latency for Enterprise users | Enterprise | -
Elevated errors across ChatGPT and Codex for Enterprise users | Enterprise | -
Enterprise: elevated errors in connectors | Enterprise | -
Elevated errors (Enterprise) | Enterprise | -
Agent mode not available for Plus users | Plus | -
Elevated errors creating new accounts | new | -
Issues with account creation | new | -
Sign-up failures for new users | new | -
Errors during sign-up | new | -
New account creation is failing | new | -
Elevated errors for ChatGPT users in Europe | - | Europe
Increased latency in Europe | - | Europe
ChatGPT unavailable in parts of Europe | - | Europe
European users may see errors | - | Europe
Some European customers experiencing timeouts | - | Europe
Elevated error rates in the EU | - | EU
Elevated errors (EU) | - | EU
EU users unable to load ChatGPT | - | EU
Users in APAC region may face increased errors in ChatGPT, Voice, and Codex Cloud | - | APAC
Elevated errors for the APAC region | - | APAC
High latency for users in Asia | - | Asia
Slow responses in Southeast Asia | - | Southeast Asia
Connection failures for users in India | - | India
ChatGPT down for users in India and Pakistan | - | India, Pakistan
Elevated errors in Australia and New Zealand | - | Australia, New Zealand
Login failures in Japan | - | Japan
Elevated errors for users in Italy | - | Italy
ChatGPT inaccessible for users in Turkey | - | Turkey
Users in Indonesia may experience slow responses | - | Indonesia
Elevated latency in South America | - | South America
Elevated error rates for customers in Brazil | - | Brazil
Elevated errors in Latin America | - | Latin America
Increased latency for users in North America | - | North America
Elevated errors in the US | - | United States
US users may see slow responses | - | United States
Elevated API latency in the United States | - | United States
Elevated API errors in Europe | - | Europe
Intermittent connection issues in the UK | - | United Kingdom
Voice mode failing in Germany, France and Spain | - | Germany, France, Spain
Elevated errors in the Middle East | - | Middle East
Connectivity issues in Africa | - | Africa
Elevated errors in South Korea | - | South Korea
Partial outage in EMEA | - | EMEA
Europe: elevated latency in ChatGPT | - | Europe
Elevated errors and latency in Europe | - | Europe
Elevated errors across ChatGPT and Codex for users in Europe | - | Europe
Elevated errors for Plus users in Europe | Plus | Europe
Enterprise users in the EU unable to sign in | Enterprise | EU
Slow responses for free users in India | Free | India
Degraded performance on ChatGPT Free in Asia | Free | Asia
Outage affecting users in Canada | - | Canada
Elevated errors for a subset of Enterprise workspaces | Enterprise | -
Memory missing for a small number of Pro users | Pro | -
Elevated errors on ChatGPT Business | Team | -
Codex reviews delayed for Business users | Team | -
Projects failing to open for all Edu users | Edu | -
Europe-based users see elevated errors | - | Europe
Elevated errors and slow file uploads for Enterprise users | Enterprise | -
"""

_NAMES_EVERYBODY = """
ChatGPT is down
Elevated errors across ChatGPT and Codex
Elevated error rates in the Responses API
Partial outage on account management
Some users cannot log in
File uploads are delayed or failing
Elevated errors for image generation
ChatGPT conversations slow for free and paid users
Errors for Free, Go, Plus, Pro, Business, Enterprise and Edu plans
Plus is not affected by the present errors
Elevated errors; Plus is not affected
Elevated errors for everyone except Enterprise users
Elevated errors for all users, Enterprise included
Elevated errors outside Europe
Elevated errors in all regions but Europe
Elevated errors in Europe and other regions
Errors in Europe spreading to more regions
Elevated errors, particularly for Enterprise users
Elevated errors, mostly in Europe
Elevated errors for Enterprise users and in the API
Increase in latency for free and paid users and increase in error rate for API endpoints
Errors in Codex and for ChatGPT Enterprise users
ChatGPT down and slow responses for Enterprise users
Login broken and elevated errors in Europe
Login and account creation errors
Protocol errors in connectors
Gopher client fails to connect
The Go SDK fails with timeouts
Go and Python SDKs raise errors
Problems with the plus sign in formulas
Errors for GPT-5 Pro users
Elevated errors for o1-pro
Elevated errors from GPT-5 Pro
Our team sees elevated errors
Team members cannot be invited, errors
Issues for business customers
Delays outside business hours
Free up of storage fails
Errors on the way from Free to Plus
Users cannot upgrade to Plus: errors
Subscriptions to Plus not taking effect, errors
Payment errors for Plus subscribers
Elevated errors on the US endpoint
Elevated errors for EU data residency
Elevated errors in us-east-1
Elevated errors in East US
Voice errors in US English
Errors with Japanese text
Indian languages fail in voice mode
Elevated latency in multiple regions
Global outage of ChatGPT including Europe
Errors in Europe, ChatGPT down
Europe and ChatGPT Enterprise: errors
Elevated errors for Gov users
Elevated errors for Plus and Gov users
Elevated errors for Plus and Voice users
Increased errors for logged-in users
Plus planlarda hatalar var
Avrupa'daki kullanıcılar hata alıyor
Enterprise kullanıcıları etkilendi, error
Gangguan untuk pengguna Plus di Indonesia
Kesalahan error di Indonesia
ELEVATED ERRORS FOR US
Customer logins fail
Errors with Enterprise-grade encryption
Turkey recipes show broken images
Elevated errors for ChatGPT Plus Codex
Errors in the Business Intelligence connector
Errors in the Enterprise key management of the API
Elevated API errors for Enterprise customers
New conversations fail to start
Unexpected logouts for some web users
Not only Enterprise users see errors
Elevated errors no longer limited to Europe
Elevated errors for Enterprise users, also elsewhere
Errors in Free Trial checkout
Delays in customer support responses
Elevated errors for users in Europe and login problems worldwide
Enterprise login is slow and ChatGPT conversations fail
Errors for ChatGPT Enterprise, Codex down
ChatGPT errors in Europe / Codex outage
Plus users unaffected; Free users see errors
Elevated errors due to outage in Europe
Errors caused by fiber cut in Egypt
Errors in ChatGPT because of a power loss in the US
Elevated errors after launch of ChatGPT Pro
Elevated errors for users of Enterprise connectors
Elevated errors for non-Enterprise users
High error rates for some users in Enterprise and Education, ChatGPT unavailable
ChatGPT unavailable in Europe, API degraded
Voice failing in ChatGPT for Plus users, Codex tasks stuck
Elevated errors for Enterprise users? We investigate everything
""".strip("\n").splitlines()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and whom alone it names."""

    text: str
    plans: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()


def titles() -> tuple[Title, ...]:
    """All of them."""
    lines = (line.rsplit(" | ", 2) for line in _NAMES_SOME.strip().splitlines())
    some = (Title(text, _plans(plans), _regions(regions)) for text, plans, regions in lines)
    return (*some, *(Title(text) for text in _NAMES_EVERYBODY))


def _plans(words: str) -> frozenset[str]:
    called = {plan for word in words.split() for plan in match_plans(word)}
    return frozenset(called | ({NEW_ACCOUNTS} if words == "new" else set()))


def _regions(words: str) -> tuple[str, ...]:
    return () if words == "-" else tuple(words.split(", "))


PERSONS = (
    "Austria",
    "Indonesia",
    "Turkey",
    "Brazil",
    "United States",
    "Kenya",
    "Japan",
    "New Zealand",
    "Israel",
)
"""Where somebody may live."""


@dataclass
class Score:
    """How often "this does not concern you" was said, and how often rightly and wrongly, over titles and persons."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was said that was right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """The share of what was right that was said."""
        return self.right / max(self.right + self.missed, 1)

    def count(self, said: bool, true: bool) -> None:
        """One title, read for one person."""
        self.right += said and true
        self.wrong += said and not true
        self.missed += true and not said


def score(chosen: tuple[Title, ...]) -> dict[str, Score]:
    """By plan and by region, each title for each person."""
    found = {"plan": Score(), "region": Score()}
    for title in chosen:
        read = read_audience(title.text)
        for plan in PLANS:
            mine = set(match_plans(plan))
            said = bool(read.plans) and mine.isdisjoint(read.plans)
            found["plan"].count(said, bool(title.plans) and mine.isdisjoint(title.plans))
        for home in PERSONS:
            said = bool(read.regions) and not has_region_overlap([home], read.regions)
            found["region"].count(said, bool(title.regions) and not has_region_overlap([home], title.regions))
    return found


def is_read_as_labelled(title: Title) -> bool:
    """Whether the plans and regions that are read in a title are those of its label."""
    read = read_audience(title.text)
    return (sort_plans(read.plans) == sort_plans(title.plans)) and sorted(read.regions) == sorted(
        title.regions
    )


def table() -> list[str]:
    """The gold list's figures, as lines of a table."""
    everything = titles()
    some = [t for t in everything if t.plans or t.regions]
    exact = sum(map(is_read_as_labelled, some))
    lines = [
        "| gold list | titles × persons: rightly spared | wrongly | missed | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    for kind, s in score(everything).items():
        lines.append(
            f"| by {kind} | {s.right} | {s.wrong} | {s.missed} | {s.precision:.3f} | {s.recall:.3f} |"
        )
    lines.append(
        f"{len(everything)} titles, of which {len(some)} name somebody alone; {exact} of these read exactly as labelled."
    )
    return lines


if __name__ == "__main__":
    strange = [f"not as labelled: {title.text}" for title in titles() if not is_read_as_labelled(title)]
    sys.stdout.write("\n".join([*table(), "", *strange, ""]))
