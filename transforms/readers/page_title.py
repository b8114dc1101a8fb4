"""The headline of a page, of the four that it gives: JSON-LD, OpenGraph, h1 and title.

Where JSON-LD and OpenGraph differ (a fifth of real pages), neither is right more often; one is
for search engines, the other for sharing. JSON-LD goes first, but for three cases below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from transforms.readers.page_data import Linked, clean, kinds, text_of

_BREAK = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*")
_SAME_WORDING = 0.6  # share of the words of the shorter of two headlines
_ONE_MATTER = 0.25  # share of the words of a headline that another one of the story has
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_BYLINE = re.compile(
    r"\s*(?:[|–—·•»]|\s-|,)\s*[Bb]y:?\s+[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){1,4}\s*$"
)
_NAMED_FIRST = re.compile(r"([^:|–—]{2,40}?)\s*(?::|\s[|–—-])\s+")
_LONGEST_LD = 105  # search engines ask for 110 characters, and some systems cut there
_NOT_WORD = re.compile(r"\W+")


def headline(
    tree: Any, linked: Linked, meta: Mapping[str, Sequence[str]], url: str | None
) -> str | None:
    """The page's headline without the site's name, None where nothing says one."""
    sites = _sites(linked, meta, url)
    heads = [head for node in tree.iter("h1") if (head := clean(node.text_content()))]
    title = clean("".join(tree.xpath("//head/title[1]/text()")))
    shared = next(
        (clean(meta[key][0]) for key in ("og:title", "twitter:title", "dc.title") if key in meta),
        "",
    )
    declared = text_of(linked.article.get("headline")) or text_of(linked.article.get("name")) or ""
    others = [text for text in (*heads, declared) if len(text.split()) > 2]
    shared = without_site(shared, sites, others)
    declared = without_site(declared, sites, heads)
    if _folded(declared) in sites:
        declared = ""
    if _folded(shared) in sites:
        shared = ""
    if declared == shared and (other := _other_on_page(shared, heads, title, sites, alone=False)):
        return other
    if declared and shared:
        return _chosen(declared, shared, heads, live="LiveBlogPosting" in kinds(linked.article))
    if (
        shared
        and not declared
        and (other := _other_on_page(shared, heads, title, sites, alone=True))
    ):
        return other
    if declared or shared:
        only = declared or shared
        return _whole(only, heads) or only
    marked = [clean(node.text_content()) for node in tree.xpath("//*[@itemprop='headline']")]
    page = set(title.lower().split())
    for head in [*marked, *heads]:
        words = head.lower().split()
        if len(words) > 2 and 2 * len(page.intersection(words)) > len(words):
            return head
    if len(heads) == 1 and len(heads[0].split()) > 2 and _folded(heads[0]) not in sites:
        return heads[0]
    if title:
        return without_site(title, sites, heads, guess=True)
    return next((head for head in [*marked, *heads] if head), None)


def _other_on_page(
    shared: str, heads: Sequence[str], title: str, sites: set[str], *, alone: bool
) -> str | None:
    """The headline that the page shows, where the one for social networks has another wording and
    is no shorter form of it: one that its `<title>` begins with, or, where `alone` says one, its
    only one, if that is on the same matter."""
    other = _words(shared)
    for head in heads:
        words = _words(head)
        if len(words) < 4 or _folded(head) in sites or other <= words:
            continue
        both = len(words & other)
        if _folded(title).startswith(_folded(head)):
            if both < _SAME_WORDING * min(len(words), len(other)):
                return head
        elif alone and len(heads) == 1 and _ONE_MATTER * len(words) <= both < len(words):
            return head
    return None


def _words(text: str) -> set[str]:
    return {word for word in _NOT_WORD.split(text.lower()) if word}


def _chosen(declared: str, shared: str, heads: Sequence[str], *, live: bool) -> str:
    whole = _whole(declared, [shared, *heads])
    if whole:
        return whole
    if live:  # the headline of a live page moves with it; the shared one is the story's
        return shared
    if _begins(declared, shared) and not _CUT.search(shared):
        return shared  # the longer one has a second line behind it
    return declared


def _whole(cut: str, others: Sequence[str]) -> str | None:
    """The longer headline that a cut one begins, None where it is not cut."""
    bare = _CUT.sub("", cut)
    if bare == cut and len(cut) < _LONGEST_LD:
        return None
    longer = [o for o in others if len(o) > len(bare) and _folded(o).startswith(_folded(bare))]
    return next((o for o in longer if not _CUT.search(o)), None)


def _begins(long: str, short: str) -> bool:
    return len(short.split()) > 3 and long.lower().startswith(short.lower() + " ")


def _folded(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()


def _sites(linked: Linked, meta: Mapping[str, Sequence[str]], url: str | None) -> set[str]:
    """Folded names of the site: as it calls itself, and its host with and without ending."""
    names = [
        text_of(linked.article.get("publisher")),
        *(text_of(page.get("isPartOf")) for page in linked.pages),
        *(v for k in ("og:site_name", "application-name", "twitter:site", "al:ios:app_name",
                      "apple-mobile-web-app-title", "dc.publisher") for v in meta.get(k, [])),
    ]  # fmt: skip
    host = (urlsplit(url).hostname or "") if url else ""
    host = host.removeprefix("www.")
    names += [host, host.split(".")[0], "".join(host.rsplit(".", 1)[:1])]
    return {folded for name in names if name and (folded := _folded(name))}


def without_site(title: str, sites: set[str], heads: Sequence[str], *, guess: bool = False) -> str:
    """A title without " | Site", " - Section - Site" behind or "Site: " before it.

    With `guess`, a last part of up to four words goes also where it is no name we know.
    """
    for head in heads:
        if title != head and head in title and len(head.split()) > 3:
            before, after = title.split(head, 1)
            if _is_break(before, end=True) and _is_break(after, end=False):
                return head
    title = _BYLINE.sub("", title)
    named = _NAMED_FIRST.match(title)
    if named and _folded(named[1]) in sites and len(title[named.end() :].split()) > 2:
        title = title[named.end() :]
    while True:
        breaks = list(_BREAK.finditer(title))
        if not breaks:
            return title
        last = breaks[-1]
        tail = _folded(title[last.end() :])
        bar = "|" in last.group(0)
        known = any(
            tail == site or (len(site) > 3 and (site in tail or (len(tail) > 3 and tail in site)))
            for site in sites
        )
        words, short = len(title[: last.start()].split()), len(title[last.end() :].split()) <= 4
        known = words > 0 and (tail in sites or (known and short))
        likely = short and words > (1 if bar else 2) and (bar or guess)
        if not tail or known or likely:
            title = title[: last.start()].rstrip()
            continue
        return title


def _is_break(text: str, *, end: bool) -> bool:
    """Whether what stands before or behind a headline is cut off from it by a mark."""
    text = text.strip()
    return not text or text[-1 if end else 0] in "|–—·•»:-"
