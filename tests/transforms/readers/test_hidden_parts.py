"""What no reader of a page sees is no text, and never instead of the story."""

from __future__ import annotations

import pytest

from transforms.readers.base import RawArticle
from transforms.readers.page import page

STORY = (
    "<p>Gabon expelled two officers of Togo on Friday after a quarrel over a ship.</p>"
    "<p>The foreign ministry in Lome called the step a mistake and asked for talks.</p>"
)
OTHER = "".join(
    f"<p>About us, part {n}: the company has supported research since it was founded, and our "
    "people are working together every day with partners all over the world.</p>"
    for n in range(6)
)
HIDDEN = (
    f"<div style='display:none'>{OTHER}</div>",
    f"<div style='color: red; DISPLAY : None !important'>{OTHER}</div>",
    f"<section style='visibility:hidden'>{OTHER}</section>",
    f"<div hidden>{OTHER}</div>",
    f"<template>{OTHER}</template>",
    f"<noscript>{OTHER}</noscript>",
    "<style>p { margin: 0 } .off, #x > p { display: none }</style>"
    f"<div class='a off'>{OTHER}</div>",
    f"<dialog>{OTHER}</dialog>",
    f"<textarea>{OTHER}</textarea>",
    f"<iframe>{OTHER}</iframe>",
    f"<div popover>{OTHER}</div>",
    f"<div style='position: absolute; left: -9999px'>{OTHER}</div>",
    f"<div style='height: 0; overflow: hidden'>{OTHER}</div>",
    f"<div style='clip: rect(0 0 0 0)'>{OTHER}</div>",
    f"<div class='x sr-only'>{OTHER}</div>",
    f"<div class='modal is-hidden'>{OTHER}</div>",
    f"<style>.a > .b {{ display: none }}</style><div class='a'><div class='b'>{OTHER}</div></div>",
    f"<style>div[data-x] {{ display: none }}</style><div data-x='1'>{OTHER}</div>",
    f"<style>@media screen {{ .q {{ display: none }} }}</style><div class='q'>{OTHER}</div>",
    f"<style>/* .story {{}} */ #panel{{visibility:hidden}}</style><div id='panel'>{OTHER}</div>",
)  # fmt: skip


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("place", ["before", "behind", "inside"])
def test_hidden_parts_are_no_text(hidden: str, place: str) -> None:
    body = {"before": f"{hidden}<div class='c'><h1>Officers expelled</h1>{STORY}</div>",
            "behind": f"<div class='c'><h1>Officers expelled</h1>{STORY}</div>{hidden}",
            "inside": f"<article><h1>Officers expelled</h1>{STORY}{hidden}</article>"}  # fmt: skip
    made = page(f"<html><body>{body[place]}</body></html>")
    assert isinstance(made, RawArticle) and made.text
    assert made.text.count("\n\n") == 1 and "About us" not in made.text


@pytest.mark.parametrize(
    "rule",
    [
        "@media print { .story { display: none } }",
        "@media print { p { margin: 0 } .story { display: none } } h2 { color: red }",
        ".no-script .story { display: none }",
        ".story:empty { display: none }",
        ".lazy .story { display: none }",
    ],
)
def test_a_rule_for_other_cases_hides_nothing(rule: str) -> None:
    made = page(
        f"<html><head><style>{rule}</style></head><body class='lazy'>"
        f"<h1>Officers expelled</h1><div class='story'>{STORY}</div></body></html>"
    )
    assert isinstance(made, RawArticle) and made.text and "Togo" in made.text


def test_a_page_hidden_until_its_script_runs_is_read() -> None:
    made = page(
        f"<html><body style='visibility:hidden'><main style='display:none'><h1>Officers expelled"
        f"</h1>{STORY}</main></body></html>"
    )
    assert isinstance(made, RawArticle) and made.text and "Togo" in made.text


@pytest.mark.parametrize(
    "holder",
    [
        "<div class='hidden'>{}</div>",
        "<div class='article-body hidden'>{}</div><p>{}</p>",
        "<div class='hidden md:block'>{}</div><p>{}</p>",
        "<div style='left: -9999px'><article>{}</article></div><p>{}</p>",
    ],
)
def test_a_story_that_a_script_shows_later_is_read(holder: str) -> None:
    note = "We use cookies to make this site work, and to count those who read it every day. " * 2
    made = page(f"<html><body>{holder.format(STORY, note)}</body></html>")
    assert isinstance(made, RawArticle) and made.text and "Togo" in made.text
