"""The page as one HTML file: what a `Sheet` says, and nothing that a text on it could turn into markup or a script."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from trayapp.model.details_page import (
    Block,
    Copyable,
    Curves,
    Lines,
    Links,
    Points,
    Posts,
    Section,
    Sheet,
    Strips,
    Table,
)
from trayapp.web_page.markup import Markup, joined, tag
from trayapp.web_page.plots import curves, strips, table
from trayapp.web_page.silhouettes import glyph, tab_icon
from trayapp.web_page.style import SCRIPT, STYLE


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_hash(STYLE)}",
        f"script-src {_hash(SCRIPT)}",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""What a browser may do on this page: show it. Its own style and script are known by their hashes."""


def page(sheet: Sheet, server: str = "") -> str:
    """The file. `server`: what an open page knows the program by that serves it, when it asks for a newer one."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", sheet.title),
        tag("link", rel="icon", href=tab_icon(sheet.look)),
        tag("style", Markup(STYLE)),
    )
    body = tag(
        "body",
        tag("a", sheet.skip, class_="skip", href="#details"),
        tag("div", _main(sheet), _foot(sheet), class_="wrap"),
        tag("script", Markup(SCRIPT)),
        data_reload=sheet.reload,
        data_server=server,
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=sheet.language)}\n"


def _main(sheet: Sheet) -> Markup:
    top = tag(
        "header",
        tag(
            "div",
            glyph(sheet.look, "big"),
            tag("div", tag("h1", sheet.headline), tag("p", sheet.checked, class_="checked")),
            class_="answer",
        ),
        tag("p", sheet.lede),
        _points(sheet.products, "products") if sheet.products.points else Markup(),
        class_=f"top s-{sheet.look.state.value}",
    )
    sections = [
        _section(section, number, sheet.show_numbers) for number, section in enumerate(sheet.sections)
    ]
    return tag("main", top, tag("div", *sections, id="details", tabindex="-1"))


def _section(section: Section, number: int, show: str) -> Markup:
    heading = f"h{number}"
    return tag(
        "section",
        tag("h2", section.heading, id=heading),
        *(_block(block, show) for block in section.blocks),
        class_=f"k-{section.key}",
        aria_labelledby=heading,
    )


def _block(block: Block, show: str) -> Markup:  # noqa: PLR0911 - one answer a kind of block
    match block:
        case Lines():
            return joined(*(tag("p", line) for line in block.lines))
        case Points():
            return _points(block)
        case Posts():
            return _posts(block)
        case Table():
            return table(block)
        case Strips():
            return strips(block, show)
        case Curves():
            return curves(block, show)
        case Links():
            return _links(block)
        case Copyable():
            return _copyable(block)


def _points(points: Points, kind: str | None = None) -> Markup:
    items = [
        tag("li", glyph(look) if look else tag("span", class_="dot"), tag("span", text))
        for look, text in points.points
    ]
    return tag("ul", *items, class_=kind, role="list")


def _posts(posts: Posts) -> Markup:
    items = [
        tag(
            "li",
            tag("span", post.stage, class_="stage"),
            " ",
            tag("time", post.when, datetime=post.at.isoformat() if post.at else None),
            tag("blockquote", post.text),
        )
        for post in posts.posts
    ]
    return tag("ol", *items, role="list")


def _links(links: Links) -> Markup:
    items = [
        tag("li", tag("a", text, href=url, rel="noopener noreferrer", target="_blank"))
        for text, url in links.links
        if url.startswith(("https://", "http://"))
    ]
    return tag("ul", *items, class_="links", role="list")


def _copyable(block: Copyable) -> Markup:
    return tag(
        "div",
        tag("pre", block.text, tabindex="0"),
        tag("button", block.button, type="button", hidden="hidden", data_done=block.done),
    )


def _foot(sheet: Sheet) -> Markup:
    return tag(
        "footer",
        tag("details", tag("summary", sheet.legend_heading), _points(sheet.legend), class_="legend"),
        *(tag("p", line) for line in sheet.foot if line),
    )
