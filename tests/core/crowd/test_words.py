"""Reports of trouble are found in people's own words, in three languages, and ordinary talk is not one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.core.crowd.words import fold_text, named_products, read_report

REPORTS = [
    ("ChatGPT is down", {"ChatGPT"}),
    ("Is chat gpt down for anyone else?", {"ChatGPT"}),
    ("Codex isn't working", {"Codex"}),
    ("Codex isn’t working since lunch", {"Codex"}),
    ("codex: stream disconnected before completion", {"Codex"}),
    ("Error in message stream again, ChatGPT", {"ChatGPT"}),
    ("can't log in to ChatGPT", {"ChatGPT"}),
    ("cannot login, OpenAI outage?", set()),
    ("OpenAI 503", set()),
    ("502 from Sora and Codex", {"Sora", "Codex"}),
    ("ChatGPT çöktü mü?", {"ChatGPT"}),
    ("CHATGPT ÇÖKTÜ", {"ChatGPT"}),
    ("chatgpt coktu mu", {"ChatGPT"}),
    ("ChatGPT'ye erişim sorunu var", {"ChatGPT"}),
    ("CHATGPT AÇILMIYOR", {"ChatGPT"}),
    ("İnternet var ama ChatGPT çalışmıyor", {"ChatGPT"}),
    ("OpenAI hata veriyor", set()),
    ("ChatGPT kesintisi", {"ChatGPT"}),
    ("ChatGPT lagi gangguan", {"ChatGPT"}),
    ("chatgpt tidak bisa diakses", {"ChatGPT"}),
    ("ChatGPT lemot banget", {"ChatGPT"}),
    ("kenapa ChatGPT error terus", {"ChatGPT"}),
    ("#ChatGPTDown", {"ChatGPT"}),
    ("good morning #codexdown", {"Codex"}),
    ("#OpenAIDown, they say", set()),
    ("𝐂𝐡𝐚𝐭𝐆𝐏𝐓 𝗜𝗦 𝗗𝗢𝗪𝗡", {"ChatGPT"}),
    ("C\u0327hatGPT c\u0327o\u0308ktu\u0308 chatgpt", {"ChatGPT"}),
]
ORDINARY = [
    "",
    "server is down",
    "ChatGPT is great",
    "download ChatGPT",
    "ChatGPT downloads",
    "how to downgrade Codex",
    "#ChatGPTDownload",
    "ChatGPT answers in markdown",
    "ChatGPT, calm down",
    "ChatGPT told me to cool down",
    "a slimmed down Codex",
    "OpenAI is shutting down Sora",
    "OpenAI to shut it down: Sora",
    "let ChatGPT break down the problem",
    "narrow down the bug with Codex",
    "dumbed down ChatGPT",
    "OpenAI makes a down payment",
    "ChatGPT, count down from ten",
    "OpenAI is doubling down on Codex",
    "it comes down to OpenAI",
    "ChatGPT error handling in Python",
    "OpenAI errors and how to read them",
    "error 5020 in codex",
    "Elektrik kesintisi yüzünden ChatGPT kullanamadım",
    "ChatGPT'ye sordum: su kesintisi ne zaman biter?",
    "ELEKTRİK KESİNTİSİ",
    "listrik gangguan",
    "the codexes are not working",
    "mychatgpt down",
]


@pytest.mark.parametrize(("text", "products"), REPORTS)
def test_a_report_is_found_with_its_products(text: str, products: set[str]) -> None:
    """A product and a word of trouble in one text; OpenAI is all products."""
    assert read_report(text) == frozenset(products)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_is_no_report(text: str) -> None:
    """Neither a word within another nor a turn of phrase counts, nor trouble that is not OpenAI's."""
    assert read_report(text) is None


@pytest.mark.parametrize(("text", "_products"), REPORTS)
def test_letters_of_any_size_are_one(text: str, _products: set[str]) -> None:
    """Also where Python makes the letters large, which knows English alone."""
    assert read_report(text.upper()) == read_report(text)


def test_the_turkish_letters_i_are_all_one() -> None:
    """Nobody who writes in a hurry takes care of the dot."""
    assert {fold_text(word) for word in ("AÇILMIYOR", "açılmıyor", "açilmiyor", "acilmiyor")} == {"acilmiyor"}
    assert fold_text("İSTANBUL ISPARTA ığdır") == "istanbul isparta igdir"


def test_a_product_alone_is_named_without_trouble() -> None:
    """A list of searches holds names, not reports."""
    assert named_products("chatgpt") == frozenset({"ChatGPT"})
    assert named_products("openai ipo") == frozenset()
    assert named_products("galatasaray fenerbahçe") is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever people write."""
    read_report(text)
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize(
    "piece", ["cool ", "down ", "\u0301", "chat ", "tidak bisa ", "İ", "error in the message "]
)
def test_a_long_text_costs_little(piece: str) -> None:
    """A post of many megabytes is read to its four thousandth letter."""
    began = time.process_time()
    read_report(piece * 1_000_000)
    assert time.process_time() - began < 0.5
