"""What stands between quotation marks."""

from __future__ import annotations

from transforms.nlp.parsing.parse import Parse

_OPEN = {"“": "”", '"': '"', "«": "»", "„": "“", "``": "''"}
_MIN_WORDS = 3


def quoted(parse: Parse) -> list[tuple[int, int]]:
    """Tokens [start, end) inside pairs of quotation marks, within one paragraph.

    A mark that is never closed in its paragraph runs to the paragraph's end, as in a statement
    of several paragraphs; fewer than three words are a name or an irony.
    """
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    paragraph = -1
    for index, word in enumerate(parse.words):
        here = parse.sents[parse.sent_of[index]].paragraph
        if here != paragraph:
            if opened is not None:
                _keep(parse, found, opened[0] + 1, index)
            opened, paragraph = None, here
        if opened is not None:
            mixed = (opened[1] == '"' and word in {"”", "''"}) or (opened[1] == "”" and word == '"')
            if word == opened[1] or mixed:
                _keep(parse, found, opened[0] + 1, index)
                opened = None
        elif word in _OPEN:
            opened = (index, _OPEN[word])
    if opened is not None:
        _keep(parse, found, opened[0] + 1, len(parse))
    return found


def _keep(parse: Parse, found: list[tuple[int, int]], start: int, end: int) -> None:
    if sum(word[:1].isalnum() for word in parse.words[start:end]) >= _MIN_WORDS:
        found.append((start, end))
