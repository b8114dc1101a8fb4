"""What was found in a text as HTML for notebooks: marks as displaCy draws them, then events."""

from __future__ import annotations

from html import escape

# Half transparent, so that they stand on light and dark pages alike.
_COLOURS = {
    "event": "rgba(255, 170, 0, .45)", "person": "rgba(90, 160, 255, .35)",
    "organization": "rgba(160, 120, 255, .35)", "government": "rgba(160, 120, 255, .35)",
    "country": "rgba(60, 190, 140, .35)", "place": "rgba(60, 190, 140, .35)",
    "date": "rgba(240, 120, 160, .35)",
}  # fmt: skip
_OTHER = "rgba(140, 140, 140, .3)"
_MARK = (
    '<mark style="background: {colour}; color: inherit; padding: .15em .3em; border-radius: .3em">'
    '{text} <span style="font-size: .7em; font-weight: 600; opacity: .75">{label}</span></mark>'
)


Mark = tuple[int, int, str, str]  # first and last character, what it is, the label


def html(text: str, marks: list[Mark], lines: list[str]) -> str:
    """A `<div>` of its own, with a list of `lines`: no script, no style outside, no network."""
    parts, at = [], 0
    for start, end, kind, label in _apart(marks):
        parts.append(escape(text[at:start]))
        colour, marked = _COLOURS.get(kind, _OTHER), escape(text[start:end])
        parts.append(_MARK.format(colour=colour, text=marked, label=escape(label)))
        at = end
    parts.append(escape(text[at:]))
    body = "".join(parts).replace("\n", "<br>")
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    listed = f'<ol style="margin-top: .8em">{items}</ol>' if items else ""
    return f'<div class="dateline" style="line-height: 2">{body}{listed}</div>'


def _apart(marks: list[Mark]) -> list[Mark]:
    """Marks that do not overlap, in the order of the text: triggers first, then the longer."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m[2] != "event", m[0] - m[1], m[0])):
        if all(mark[1] <= other[0] or other[1] <= mark[0] for other in kept):
            kept.append(mark)
    return sorted(kept)
