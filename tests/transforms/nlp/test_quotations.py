"""Direct and reported speech with their speakers."""

from __future__ import annotations

from benchmarks.annotate import annotate
from tests.transforms.nlp.event_cases import parses_of, plain
from transforms.nlp.annotations import QuotationDraft


def quotes(text: str) -> list[tuple[str, str | None, str | None, bool]]:
    """(quoted text, speaker, cue, direct)."""
    parse = parses_of([text])[0]
    notes = annotate(parse)
    layer = notes.entities

    def speaker(quote: QuotationDraft) -> str | None:
        if quote.speaker is None:
            return None
        mention = layer.mentions[quote.speaker]
        return plain(parse.span_text(mention.start, mention.end))

    return [
        (text[q.start_char : q.end_char], speaker(q), q.cue, q.is_direct) for q in notes.quotations
    ]


def test_direct_speech_with_its_speaker() -> None:
    """The words between the marks, and who says them."""
    found = quotes('"The talks were long and useful," the minister said.')
    assert found == [("The talks were long and useful,", "minister", "said", True)]


def test_reported_speech() -> None:
    """The that-clause, without "that"."""
    found = quotes("The ministry said that the harvest was good this year.")
    assert found == [("the harvest was good this year", "ministry", "said", False)]


def test_according_to() -> None:
    """The whole sentence is what the source tells."""
    found = quotes("The harvest was good, according to the ministry.")
    assert [(who, cue, direct) for _, who, cue, direct in found] == [
        ("ministry", "according to", False)
    ]


def test_a_quoted_word_is_no_quotation() -> None:
    """Two words in marks are a name or irony."""
    assert not [q for q in quotes('The "peace festival" drew a large crowd.') if q[3]]


def test_a_statement_goes_on_in_the_next_paragraph() -> None:
    """Quoted words without a speaker are the last speaker's."""
    found = quotes('"We will meet in May," the minister said.\n"We will sign a treaty in June."')
    assert [(who, direct) for _, who, _, direct in found] == [("minister", True)] * 2


def test_an_envoy_is_summoned_to_be_told() -> None:
    """Who is summoned to hear something is not its speaker; quotations know no word lists."""
    found = quotes("Iran summoned the Swiss envoy to say that the strike was a crime.")
    assert [(quoted, cue) for quoted, _, cue, _ in found] == [("the strike was a crime", "say")]
