"""Lists regions of the world as a status page names them, each with the countries in it.

Borders are drawn generously: a country that some count to one continent and some to another belongs to both,
so that no person who may be meant misses a notification.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from trayapp.i18n.translator import mark

CONTINENTS = (
    mark("Africa"),
    mark("Asia"),
    mark("Europe"),
    mark("Middle East"),
    mark("North America"),
    mark("Oceania"),
    mark("South America"),
)
"""The continents that the menu offers."""

_EU = """Austria, Belgium, Bulgaria, Croatia, Cyprus, Czechia, Denmark, Estonia, Finland, France, Germany, Greece, Hungary,
Ireland, Italy, Latvia, Lithuania, Luxembourg, Malta, Netherlands, Poland, Portugal, Romania, Slovakia, Slovenia, Spain,
Sweden"""
_EFTA = "Iceland, Liechtenstein, Norway, Switzerland"
_OTHER_EUROPE = """United Kingdom, Albania, Andorra, Armenia, Azerbaijan, Belarus, Bosnia and Herzegovina, Georgia, Kosovo,
Moldova, Monaco, Montenegro, North Macedonia, Russia, Serbia, Turkey, Ukraine"""
_MIDDLE_EAST = """Bahrain, Cyprus, Egypt, Iran, Iraq, Israel, Jordan, Kuwait, Lebanon, Oman, Palestine, Qatar, Saudi Arabia,
Syria, Turkey, United Arab Emirates, Yemen"""
_NORTH_AFRICA = "Algeria, Egypt, Libya, Morocco, Sudan, Tunisia"
_OTHER_AFRICA = """Angola, Benin, Botswana, Burkina Faso, Cameroon, Chad, Congo, Ethiopia, Gabon, Gambia, Ghana, Guinea,
Ivory Coast, Kenya, Madagascar, Malawi, Mali, Mauritius, Mozambique, Namibia, Niger, Nigeria, Rwanda, Senegal, Somalia,
South Africa, Tanzania, Togo, Uganda, Zambia, Zimbabwe"""
_CENTRAL_ASIA = """Armenia, Azerbaijan, Georgia, Kazakhstan, Kyrgyzstan, Mongolia, Russia, Tajikistan, Turkmenistan, Turkey,
Uzbekistan"""
_SOUTH_ASIA = "Afghanistan, Bangladesh, Bhutan, India, Maldives, Nepal, Pakistan, Sri Lanka"
_EAST_ASIA = "China, Hong Kong, Japan, Macau, North Korea, South Korea, Taiwan"
_SOUTHEAST_ASIA = """Brunei, Cambodia, East Timor, Indonesia, Laos, Malaysia, Myanmar, Philippines, Singapore, Thailand,
Vietnam"""
_OCEANIA = "Australia, Fiji, New Zealand, Papua New Guinea, Samoa"
_CENTRAL_AMERICA = """Bahamas, Barbados, Belize, Costa Rica, Cuba, Dominican Republic, El Salvador, Guatemala, Haiti, Honduras,
Jamaica, Mexico, Nicaragua, Panama, Puerto Rico, Trinidad and Tobago"""
_SOUTH_AMERICA = """Argentina, Bolivia, Brazil, Chile, Colombia, Ecuador, Guyana, Paraguay, Peru, Suriname, Uruguay,
Venezuela"""
_IN_TWO_CONTINENTS = frozenset(
    {"Armenia", "Azerbaijan", "Cyprus", "Egypt", "Georgia", "Israel", "Kazakhstan", "Russia", "Turkey"}
)
"""Countries that lie in two continents, or are counted to two."""
_ASIA = (_CENTRAL_ASIA, _SOUTH_ASIA, _EAST_ASIA, _SOUTHEAST_ASIA)

_WIDE_REGIONS = {
    "Africa": (_NORTH_AFRICA, _OTHER_AFRICA),
    "Americas": ("United States, Canada", _CENTRAL_AMERICA, _SOUTH_AMERICA),
    "APAC": (*_ASIA, _OCEANIA),
    "Asia": (*_ASIA, _MIDDLE_EAST),
    "Central America": (_CENTRAL_AMERICA,),
    "Central Asia": (_CENTRAL_ASIA,),
    "East Asia": (_EAST_ASIA,),
    "EEA": (_EU, _EFTA),
    "EMEA": (_EU, _EFTA, _OTHER_EUROPE, _MIDDLE_EAST, _NORTH_AFRICA, _OTHER_AFRICA),
    "EU": (_EU,),
    "Europe": (_EU, _EFTA, _OTHER_EUROPE, "Kazakhstan, Israel"),
    "Latin America": (_CENTRAL_AMERICA, _SOUTH_AMERICA),
    "Middle East": (_MIDDLE_EAST,),
    "North Africa": (_NORTH_AFRICA,),
    "North America": ("United States, Canada", _CENTRAL_AMERICA),
    "Oceania": (_OCEANIA,),
    "South America": (_SOUTH_AMERICA,),
    "South Asia": (_SOUTH_ASIA,),
    "Southeast Asia": (_SOUTHEAST_ASIA,),
}
_ALIASES = {
    "America": "Americas",
    "Asia Pacific": "APAC",
    "Asia-Pacific": "APAC",
    "Czech Republic": "Czechia",
    "European Union": "EU",
    "Great Britain": "United Kingdom",
    "Korea": "South Korea",
    "LATAM": "Latin America",
    "MENA": "Middle East",
    "South East Asia": "Southeast Asia",
    "South-East Asia": "Southeast Asia",
    "UAE": "United Arab Emirates",
    "UK": "United Kingdom",
    "US": "United States",
    "USA": "United States",
    "Viet Nam": "Vietnam",
    "Türkiye": "Turkey",
}
_ADJECTIVES = {
    "African": "Africa",
    "APAC": "APAC",
    "Asian": "Asia",
    "European": "Europe",
    "Latin American": "Latin America",
    "North American": "North America",
    "South American": "South America",
}
"""Adjectives of continents only: "Japanese users" may be people who write Japanese."""


@cache
def countries_by_region() -> dict[str, frozenset[str]]:
    """Maps each region's own name to the countries in it; a country is a region by itself."""
    wide = {name: frozenset(_split_names(lists)) for name, lists in _WIDE_REGIONS.items()}
    # "MENA" is an alias of the Middle East and includes North Africa.
    wide["Middle East"] |= wide["North Africa"]
    alone = {country: frozenset({country}) for found in wide.values() for country in found}
    # Georgia is also a state of the US.
    alone["Georgia"] |= {"United States"}
    return {**alone, **wide}


@cache
def region_by_spelling() -> dict[str, str]:
    """Maps each spelling that a text or a person may use for a region to the region's own name."""
    return {name: name for name in sorted(countries_by_region())} | _ALIASES


@cache
def region_by_adjective() -> dict[str, str]:
    """Maps each adjective that may stand before "users" to its region's own name."""
    return dict(_ADJECTIVES)


def has_region_overlap(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of the regions may mean one of the others; both are given by their own names.

    A country in two continents belongs to both; such countries alone do not make two continents overlap.
    """
    table, others = countries_by_region(), tuple(others)
    none: frozenset[str] = frozenset()
    return any(
        _has_pair_overlap(table.get(one, none), table.get(other, none)) for one in some for other in others
    )


def _has_pair_overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = one & other
    return bool(shared if 1 in {len(one), len(other)} else shared - _IN_TWO_CONTINENTS)


def _split_names(lists: Iterable[str]) -> list[str]:
    return [name.strip() for names in lists for name in names.replace("\n", " ").split(",")]
