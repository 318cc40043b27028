"""The cases, by the law: what is said of each fault, and whether it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.faults_net.case import Case, Change
from tests.faults_net.internet import (
    ADDRESSES,
    API,
    CHATGPT,
    FIREFOX,
    GATEWAY,
    GSTATIC,
    HANGS,
    LOGIN,
    OPENAI,
    PAGE,
    PORTAL,
    PROXY_PORT,
    RESETS,
    TRACE,
    Does,
    World,
    cloudflare_answers,
    page_with_trouble,
)

PROXY = f"http://{GATEWAY}:{PROXY_PORT}"
BY_PROXY = {"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}
BLOCKED = (CHATGPT, LOGIN)
UNREACHABLE: Mapping[str, str] = {"ChatGPT": "unreachable_here", "APIs": "ok"}
NOT_REACHED = "ChatGPT (cannot|can't) be reached"
CANNOT_TELL = frozenset({"unknown"})
OFFLINE = frozenset({"offline"})


def does(what: Does, *hosts: str) -> Change:
    """These hosts do this from now on."""

    def change(world: World) -> None:
        world.hosts.update(dict.fromkeys(hosts, what))

    return change


def calm(world: World) -> None:
    """All hosts do what they usually do."""
    world.hosts.clear()
    world.over_ipv6 = None
    world.content = page_with_trouble()


def shell(command: str) -> Change:
    """A command on the program's computer."""
    return lambda _world: command


def both(*changes: Change) -> Change:
    """One after the other; the command is the last one's."""

    def change(world: World) -> str | None:
        return [one(world) for one in changes][-1]

    return change


def proxy_does(way: str) -> Change:
    """The proxy does this to who asks it for ChatGPT or its login."""

    def change(world: World) -> None:
        world.proxied.update(dict.fromkeys(BLOCKED, way))

    return change


def names(**changes: object) -> Change:
    """Look-ups are answered so."""

    def change(world: World) -> None:
        world.names = replace(world.names, **changes)  # type: ignore[arg-type]  # a field by its name

    return change


def posts(*troubled: tuple[str, str]) -> Change:
    """The page says that these are down."""

    def change(world: World) -> None:
        world.content = page_with_trouble(*troubled)

    return change


def swallowed_ipv6(world: World) -> str:
    """Over IPv6 connections are made, and what is large never arrives; the program's computer has both."""
    world.names = replace(world.names, has_aaaa=True)
    world.over_ipv6 = HANGS
    return "ip address add 2001:4860:1::2/64 dev wire nodad; ip -6 route add default via 2001:4860:1::1"


def clocks_ahead(days: int) -> Change:
    """Everybody else's clocks are ahead by so many days."""

    def change(world: World) -> None:
        world.days = days

    return change


def wants_login(offer: str) -> Change:
    """The proxy does nothing for who does not log in, and offers these ways to."""

    def change(world: World) -> None:
        world.proxy_wants_login = offer

    return change


def _blocks() -> Iterator[Case]:
    """What blocks OpenAI here and is none of its doing: eight ways."""
    blocked = Case("", reach=UNREACHABLE, says=NOT_REACHED)
    hosts = "; ".join(f"echo '0.0.0.0 {host}' >> /etc/hosts" for host in BLOCKED)
    yield replace(blocked, name="blocked: hosts file, 0.0.0.0", fault=shell(hosts))
    yield Case(
        "blocked: inspection resets TLS",
        fault=does(RESETS, *OPENAI),
        states=CANNOT_TELL,
        why="reset",
        reach={"ChatGPT": "unreachable_here|failing", "APIs": "unreachable_here|failing"},
    )
    prohibited = "; ".join(f"ip route add prohibit {ADDRESSES[host][0]}" for host in BLOCKED)
    yield replace(blocked, name="blocked: the kernel forbids it", fault=shell(prohibited))
    for way, name in {
        "drops": "proxy drops CONNECT",
        "hangs": "proxy hangs on CONNECT",
        "resets": "proxy resets CONNECT",
        "closes": "proxy says 200, then closes",
        "inspects 502 mitmproxy 12.1.2": "inspecting proxy says 502",
    }.items():
        yield replace(blocked, name=f"blocked: {name}", fault=proxy_does(way), environment=BY_PROXY)
    yield replace(
        blocked,
        name="blocked: inspecting proxy says 503",
        fault=proxy_does("inspects 503 squid/6.10"),
        environment=BY_PROXY,
    )
    yield replace(
        blocked, name="blocked: proxy refuses CONNECT", fault=proxy_does("refuses 403"), environment=BY_PROXY
    )
    yield replace(
        blocked, name="blocked: names answer 0.0.0.0", fault=names(zeroed=frozenset(BLOCKED), has_aaaa=False)
    )
    yield replace(blocked, name="blocked: names say there is none", fault=names(missing=frozenset(BLOCKED)))


def _hanging() -> Iterator[Case]:
    yield Case(
        "handshakes hang, never answered",
        fault=does(HANGS, *BLOCKED),
        reach={"ChatGPT": "unreachable_here|failing", "APIs": "ok"},
    )
    yield Case(
        "handshakes hang, answered before",
        fault=does(HANGS, *BLOCKED),
        begins_calm=True,
        told="ChatGPT.*(possible|not confirmed)",
    )
    yield Case("the page's handshake hangs", fault=does(HANGS, PAGE), states=CANNOT_TELL, why="timeout")


def _slow() -> Iterator[Case]:
    for rate in (64, 48, 32):
        queue = f"root tbf rate {rate}kbit burst 1600 latency 2s"
        both_ways = f"tc qdisc add dev wire {queue}; $BEYOND tc qdisc add dev far {queue}"
        yield Case(
            f"slow line, {rate} kbit/s",
            fault=shell(both_ways),
            states=frozenset({"operational", "unknown"}),
            why="-",
            never="certificate|offline",
        )


def _names() -> Iterator[Case]:
    yield Case(
        "IPv6 swallows what is large",
        fault=swallowed_ipv6,
        states=frozenset({"operational", "unknown"}),
        why="-",
        never="certificate|offline",
    )
    yield Case("questions for AAAA are dropped", fault=names(drops_aaaa=True))
    yield Case(
        "no names at all, numbers answer",
        fault=names(dead=True),
        states=CANNOT_TELL,
        why="names",
        says="names cannot be looked up|look.*up.*names",
        never="offline|certificate",
    )


def _out() -> Iterator[Case]:
    """OpenAI's own trouble."""
    down = cloudflare_answers(503, b"upstream connect error")
    yield Case(
        "page, probes at 503, neutral hosts blocked",
        fault=both(does(down, *OPENAI), does(HANGS, FIREFOX, GSTATIC)),
        states=CANNOT_TELL,
        why="status 503",
        never="offline|certificate|sign in",
        told="possible outage|not confirmed",
    )
    yield Case(
        "page at 503, neutral hosts blocked",
        fault=both(does(down, PAGE), does(HANGS, FIREFOX, GSTATIC)),
        states=CANNOT_TELL,
        why="status 503",
        never="offline|certificate|sign in",
    )
    yield Case(
        "page and ChatGPT down together",
        fault=does(down, PAGE, CHATGPT, LOGIN),
        states=CANNOT_TELL,
        why="status 503",
        never="offline|certificate",
        told="ChatGPT.*(possible|not confirmed)",
    )
    yield Case(
        "ChatGPT at 503, not posted", fault=does(down, *BLOCKED), told="ChatGPT.*(possible|not confirmed)"
    )
    yield Case(
        "the API hangs, answered before",
        fault=does(HANGS, API),
        begins_calm=True,
        told="(API|APIs).*(possible|not confirmed)",
    )
    yield Case(
        "ChatGPT down, posted",
        fault=both(does(down, *BLOCKED), posts(("ChatGPT", "Conversations"), ("ChatGPT", "Login"))),
        states=frozenset({"major_outage"}),
        told="ChatGPT",
    )
    yield Case(
        "Cloudflare's edge is down",
        fault=does(HANGS, API, CHATGPT, LOGIN, TRACE),
        states=frozenset({"degraded"}),
        says="Cloudflare",
    )


def _line() -> Iterator[Case]:
    """This computer's own line."""
    everybody = tuple(ADDRESSES)
    yield Case(
        "portal, then signed in",
        fault=does(PORTAL, *everybody),
        later=((60.0, calm),),
        states=OFFLINE,
        why="certificate|redirect",
        says="sign in",
        never="fault in this program",
    )
    down, up = "ip link set wire down", f"ip link set wire up; ip route add default via {GATEWAY}"
    yield Case(
        "line gone, and back",
        fault=shell(down),
        begins_calm=True,
        later=((85.0, shell(up)),),
        states=OFFLINE,
        why="-",
        says="offline",
    )
    yield Case(
        "line gone, and back into an outage",
        fault=shell(down),
        begins_calm=True,
        later=((45.0, both(does(cloudflare_answers(503), *BLOCKED), shell(up))),),
        states=OFFLINE,
        why="-",
        says="offline",
        told="ChatGPT.*(possible|not confirmed)",
    )


def _proxies() -> Iterator[Case]:
    for name, variables in {
        "a proxy that works": BY_PROXY,
        "NO_PROXY with IPv6 ranges, no proxy": {
            "NO_PROXY": "localhost,127.0.0.0/8,::1/128,fd07:b51a::/64,[::1]"
        },
        "SOCKS beside a good proxy": {**BY_PROXY, "ALL_PROXY": "socks://127.0.0.1:7891/"},
        "SOCKS5 beside a good proxy": {**BY_PROXY, "all_proxy": "socks5h://127.0.0.1:7891"},
        "a proxy in quotes": {"HTTPS_PROXY": f'"{PROXY}"'},
        "a proxy that is a blank": {"HTTPS_PROXY": " ", "HTTP_PROXY": " "},
    }.items():
        yield Case(f"proxy: {name}", environment=variables)
    closed = {"HTTPS_PROXY": f"http://{GATEWAY}:9", "HTTP_PROXY": f"http://{GATEWAY}:9"}
    yield Case("proxy: nobody there", environment=closed, states=OFFLINE, why="proxy|refused", says="proxy")
    for name, offer, why in (
        ("a password", 'Basic realm="office"', "proxy 407"),
        ("Negotiate or NTLM", "Negotiate, NTLM", "proxy_login 407"),
    ):
        yield Case(
            f"proxy: wants {name}",
            fault=wants_login(offer),
            environment=BY_PROXY,
            states=OFFLINE,
            why=why,
            says="proxy",
        )


def _clocks() -> Iterator[Case]:
    for days, name in {400: "400 days behind", -400: "400 days ahead"}.items():
        yield Case(
            f"this computer's clock is {name}",
            fault=clocks_ahead(days),
            states=CANNOT_TELL,
            why="certificate|clock",
            says="clock",
            never="offline|that is your network",
        )


CASES: tuple[Case, ...] = (
    Case("calm", reach={"ChatGPT": "ok", "APIs": "ok"}),
    *_blocks(),
    *_hanging(),
    *_slow(),
    *_names(),
    *_out(),
    *_line(),
    *_proxies(),
    *_clocks(),
)
