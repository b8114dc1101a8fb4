"""Stories that a page carries as data only: JSON of its scripts, HTML or Markdown in JSON.

The scripts are read as JSON, never run.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from transforms.readers.page_blocks import HEADS, blocks
from transforms.readers.page_data import clean, without_tags

_HTML = re.compile(r"<(?:p|br|div)\b[^>]{0,200}>", re.I)
_MD_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_MD_MARK = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1(?![\w*])")
_MD_LINE = re.compile(r"#{1,6}\s|\[#|\{:|\+{3}|!\[|-{3,}\s*$|\*{3,}\s*$")
_MD_SPAN = re.compile(r"\{:[^{}]*\}")
_MIN = 40  # characters of a text that counts as a sentence
_MOST = 200_000  # values looked at


def plain_lines(text: str) -> list[str]:
    """Paragraphs of a text that may be HTML or Markdown, without headings and pictures."""
    if "&lt;" in text:
        text = html.unescape(text)
    if _HTML.search(text):
        return _html_lines(text)
    if "](" in text or "\n#" in text or "+++" in text:
        lines = [line for line in text.split("\n") if not _MD_LINE.match(line.strip())]
        text = "\n".join(lines)
        text = _MD_SPAN.sub("", _MD_MARK.sub(r"\2", _MD_LINK.sub(r"\1", text)))
    return [line for part in without_tags(text).split("\n") if (line := clean(part))]


def _html_lines(text: str) -> list[str]:
    import lxml.html

    tree = lxml.html.document_fromstring(f"<html><body>{text}</body></html>")
    return [block.text for block in blocks(tree) if block.node.tag not in HEADS]


def script_text(tree: Any) -> list[str]:
    """Paragraphs of the longest text in the page's JSON, [] without one of some length."""
    best: list[str] = []
    for script in tree.iter("script"):
        if script.get("id") != "__NEXT_DATA__" and script.get("type") != "application/json":
            continue
        try:
            value = json.loads("".join(script.itertext()), strict=False)
        except (json.JSONDecodeError, RecursionError):
            continue
        best = max(best, _longest(value), key=lambda lines: sum(map(len, lines)))
    return best if sum(map(len, best)) > 5 * _MIN else []


def _longest(value: Any) -> list[str]:
    best: list[str] = []
    size, seen = 0, 0
    stack = [value]
    while stack and seen < _MOST:
        value = stack.pop()
        seen += 1
        lines: list[str] = []
        if isinstance(value, str):
            if _HTML.search(value[:2000]):
                lines = plain_lines(value)
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
            lines = [line for item in value for line in _own_text(item)]
        if (length := sum(map(len, lines))) > size:
            best, size = lines, length
    return best


def _own_text(item: Any) -> list[str]:
    """Sentences of one block of a list of blocks ("type", "text"); headings have none."""
    if isinstance(item, str):
        texts = [item]
    elif isinstance(item, dict):
        kind = str(item.get("type") or item.get("__typename") or "").lower()
        if any(word in kind for word in ("head", "image", "video", "embed", "ad", "link")):
            return []
        texts = [item[key] for key in ("text", "content", "html", "value", "body") if key in item]
    else:
        return []
    return [
        line
        for text in texts[:1]
        if isinstance(text, str) and len(text) >= _MIN and " " in text
        for line in plain_lines(text)
    ]
