"""Renders a `DetailsPage` as one HTML file, in which no text can become markup or a script."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from trayapp.model.details_page import (
    Block,
    BulletList,
    CopyableText,
    Curves,
    DetailsPage,
    LinkList,
    Paragraphs,
    PostList,
    Section,
    Strips,
    Table,
)
from trayapp.web_page.markup import Markup, join_markup, tag
from trayapp.web_page.plots import curves_figure, strips_figure, table_element
from trayapp.web_page.silhouettes import state_glyph, tab_icon_url
from trayapp.web_page.style import SCRIPT, STYLE


def _hash_source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_hash_source(STYLE)}",
        f"script-src {_hash_source(SCRIPT)}",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""The Content-Security-Policy: a browser may only show the page; hashes admit its own style and script."""


def render_page(page: DetailsPage, server: str = "") -> str:
    """Renders the file. `server`: the nonce by which an open page recognises its server when it reloads."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=CONTENT_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", page.title),
        tag("link", rel="icon", href=tab_icon_url(page.look)),
        tag("style", Markup(STYLE)),
    )
    body = tag(
        "body",
        tag("a", page.skip_link_text, class_="skip", href="#details"),
        tag("div", _main_element(page), _footer_element(page), class_="wrap"),
        tag("script", Markup(SCRIPT)),
        data_reload=page.reload_seconds,
        data_server=server,
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=page.language)}\n"


def _main_element(page: DetailsPage) -> Markup:
    top = tag(
        "header",
        tag(
            "div",
            state_glyph(page.look, "big"),
            tag("div", tag("h1", page.headline), tag("p", page.checked_text, class_="checked")),
            class_="answer",
        ),
        tag("p", page.introduction),
        _point_list(page.products, "products") if page.products.points else Markup(),
        class_=f"top s-{page.look.state.value}",
    )
    sections = [
        _section_element(section, number, page.show_numbers) for number, section in enumerate(page.sections)
    ]
    return tag("main", top, tag("div", *sections, id="details", tabindex="-1"))


def _section_element(section: Section, number: int, show: str) -> Markup:
    heading = f"h{number}"
    return tag(
        "section",
        tag("h2", section.heading, id=heading),
        *(_block_element(block, show) for block in section.blocks),
        class_=f"k-{section.key}",
        aria_labelledby=heading,
    )


def _block_element(block: Block, show: str) -> Markup:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Paragraphs():
            return join_markup(*(tag("p", line) for line in block.lines))
        case BulletList():
            return _point_list(block)
        case PostList():
            return _post_list(block)
        case Table():
            return table_element(block)
        case Strips():
            return strips_figure(block, show)
        case Curves():
            return curves_figure(block, show)
        case LinkList():
            return _link_list(block)
        case CopyableText():
            return _copyable_element(block)


def _point_list(points: BulletList, kind: str | None = None) -> Markup:
    items = [
        tag("li", state_glyph(look) if look else tag("span", class_="dot"), tag("span", text))
        for look, text in points.points
    ]
    return tag("ul", *items, class_=kind, role="list")


def _post_list(posts: PostList) -> Markup:
    items = [
        tag(
            "li",
            tag("span", post.stage, class_="stage"),
            " ",
            tag("time", post.time_text, datetime=post.at.isoformat() if post.at else None),
            tag("blockquote", post.text),
        )
        for post in posts.posts
    ]
    return tag("ol", *items, role="list")


def _link_list(links: LinkList) -> Markup:
    items = [
        tag("li", tag("a", text, href=url, rel="noopener noreferrer", target="_blank"))
        for text, url in links.links
        if url.startswith(("https://", "http://"))
    ]
    return tag("ul", *items, class_="links", role="list")


def _copyable_element(block: CopyableText) -> Markup:
    return tag(
        "div",
        tag("pre", block.text, tabindex="0"),
        tag("button", block.button_text, type="button", hidden="hidden", data_done=block.done_text),
    )


def _footer_element(page: DetailsPage) -> Markup:
    return tag(
        "footer",
        tag("details", tag("summary", page.legend_heading), _point_list(page.legend), class_="legend"),
        *(tag("p", line) for line in page.footer if line),
    )
