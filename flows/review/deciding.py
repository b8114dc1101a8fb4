"""From what somebody chose on the page to a line of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flows.review.cards import Card, card, naming
from transforms.corrections.decisions import AROUND, Decision, days, decision
from warehouse.connection import Connection
from warehouse.errors import DatelineError

_AHEAD = dt.timedelta(days=1)


def decide(con: Connection, asked: Mapping[str, Any], now: dt.datetime) -> Decision:
    """The decision that was asked for. Raises DatelineError that says what is wrong with it."""
    say = asked.get("say")
    try:
        if say == "undo":
            return decision({"at": now, "say": say, "undoes": asked.get("undoes")})
        held = card(con, str(asked.get("report")))
        return decision(
            {"at": now, "say": say, **_VALUES.get(str(say), _of_event)(con, held, asked)}
        )
    except ValueError as error:
        raise DatelineError(str(error)) from None


def anchor(held: Card, start: int, end: int) -> dict[str, Any]:
    """Characters [start, end) of the card's article, as a decision names them."""
    text, row = str(held.report["text"]), held.report
    return {
        "article": row["article_id"],
        "sentence": held.sentence,
        "text": text[start:end],
        "start": start - held.start,
        "before": text[max(0, held.start - AROUND) : held.start],
        "after": text[held.end : held.end + AROUND],
    }


def of_report(held: Card) -> dict[str, Any]:
    """The trigger of a card."""
    return anchor(held, held.report["trigger_start"], held.report["trigger_end"])


def _of_event(con: Connection, held: Card, asked: Mapping[str, Any]) -> dict[str, Any]:
    row = held.report
    place = {"text": row["place_text"], "place_id": row["place_id"]}
    values: dict[str, Any] = {
        "of": of_report(held),
        "read": {
            "type": row["event_type"],
            "modality": row["modality"],
            "told": row["told"],
            **held.sides(),
            "date": row["event_date"] or "",
            "place": place if row["place_text"] else None,
        },
    }
    for name in ("type", "modality", "side", "date"):
        if name in asked:
            values[name] = asked[name]
    if "parties" in asked:
        values["parties"] = [_party(held, str(text)) for text in asked["parties"]]
    if asked.get("say") == "date":
        _plausible(held, str(asked.get("date") or ""), str(asked.get("as") or row["modality"]))
    if asked.get("say") == "place":
        values["place"] = _place(held, asked)
    return values


def _party(held: Card, text: str) -> dict[str, Any]:
    """A party by its words in the sentence, or, with `^`, by a name of elsewhere in the article."""
    if text.startswith("^"):
        name = text[1:].strip()
        if any(name == row["name"] for row in held.named) or name in held.report["text"]:
            return {"text": name}
        raise DatelineError(f"{name!r} stands nowhere in the article")
    start = held.sentence.find(text.strip())
    at = next((p["start"] for row in held.named if (p := held.party(row))["text"] == text.strip()
               and "start" in p), start)  # fmt: skip
    if not text.strip() or start < 0:
        raise DatelineError(
            f"{text!r} does not stand in the sentence; ^ before it where it stands elsewhere"
        )
    return {"text": text.strip(), "start": at}


def _plausible(held: Card, text: str, modality: str) -> None:
    found = days(text)
    published = held.report["published_at"].date()
    if found is not None and modality == "asserted" and found[0] > published + _AHEAD:
        raise DatelineError(
            f"{text} is after the report of {published}, which tells it as fact; "
            "say first that it is planned"
        )


def _place(held: Card, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    text = str(asked.get("place") or "").strip()
    if not text:
        return None
    if text not in held.report["text"]:
        raise DatelineError(f"{text!r} does not stand in the article")
    return {"text": text, "place_id": asked.get("place_id") or None}


def _two_reports(con: Connection, held: Card, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"of": of_report(held), "with": of_report(card(con, str(asked.get("other"))))}


def _mention(held: Card, asked: Mapping[str, Any]) -> dict[str, Any]:
    for row in held.named:
        if row["mention_id"] == asked.get("mention"):
            return row
    raise DatelineError("the article has no such mention", subject=str(asked.get("mention")))


def _named(held: Card, row: Mapping[str, Any]) -> dict[str, Any]:
    """The anchor of a mention, in the sentence that it stands in."""
    country = row["country_code"]
    entity = {"id": row["entity_id"], "name": row["name"], "type": row["entity_type"],
              "country": country}  # fmt: skip
    return {**anchor(held, row["start_char"], row["end_char"]), "entity": entity}


def _at(con: Connection, held: Card, row: Mapping[str, Any]) -> Card:
    """The sentence of a mention of the same article."""
    if held.is_inside(row):
        return held
    start, end = con.execute(
        "SELECT start_char, end_char FROM sentences WHERE article_id = ? AND start_char <= ? "
        "AND end_char >= ?",
        [held.report["article_id"], row["start_char"], row["end_char"]],
    ).fetchall()[0]
    return Card({**held.report, "start_char": start, "end_char": end})


def _one(con: Connection, held: Card, asked: Mapping[str, Any]) -> dict[str, Any]:
    row = _mention(held, asked)
    other, met = naming(con, str(asked.get("entity")))
    ends = _named(_at(con, held, row), row), _named(other, met)
    counts = [
        con.execute(
            "SELECT count(*) FROM entity_mentions WHERE entity_id = ?", [end["entity"]["id"]]
        ).fetchall()[0][0]
        for end in ends
    ]
    if counts[0] > counts[1]:  # what is met less often takes the id of the other
        ends = ends[1], ends[0]
    return {"of": ends[0], "with": ends[1]}


def _two(con: Connection, held: Card, asked: Mapping[str, Any]) -> dict[str, Any]:
    row = _mention(held, asked)
    name = str(asked.get("name") or "").strip()
    if name == row["name"]:
        raise DatelineError("give it a name that tells the two apart, e.g. with an office")
    return {"of": _named(_at(con, held, row), row), "name": name}


_VALUES = {"same": _two_reports, "apart": _two_reports, "one": _one, "two": _two}
