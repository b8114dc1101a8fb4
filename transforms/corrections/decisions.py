"""Decisions and their form: one JSON object a line, as `corrections.jsonl` holds them.

What a decision is about is an `Anchor`: the words, their sentence, and some characters before and
after it. `docs/corrections.md` has an example of each kind.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from transforms.ids import digest
from transforms.nlp.dates import calendar
from warehouse.vocabulary import EVENT_TYPES, MODALITIES, TOLD

AROUND = 60  # characters kept before and after a sentence
_UNIT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

EventType = Literal[EVENT_TYPES]  # type: ignore[valid-type]
Modality = Literal[MODALITIES]  # type: ignore[valid-type]
Told = Literal[TOLD]  # type: ignore[valid-type]
Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Anchor(_Part):
    """Words of a text: `text` at `start` of `sentence`, which stands between `before` and `after`.

    `article` is the id of the article they were seen in.
    """

    article: Text
    sentence: Text
    text: Text
    start: int = Field(ge=0)
    before: str = ""
    after: str = ""

    @model_validator(mode="after")
    def _stands(self) -> Anchor:
        if self.sentence[self.start : self.start + len(self.text)] != self.text:
            raise ValueError(f"{self.text!r} does not stand at character {self.start} of sentence")
        return self


class Party(_Part):
    """A party as it stands in the sentence; without `start` a name of elsewhere in the article."""

    text: Text
    start: int | None = Field(None, ge=0)


class Place(_Part):
    """A place as written in the article, and which one it is where that was said."""

    text: Text
    place_id: str | None = None


class Read(_Part):
    """The event as it was shown when somebody decided about it. `both` act alike."""

    type: EventType
    modality: Modality
    told: Told | None = None
    initiators: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    both: tuple[Party, ...] = ()
    date: str = ""
    place: Place | None = None


class Entity(_Part):
    """An entity as it was shown; `id` is that of `entities`."""

    id: Text
    name: Text
    type: Text
    country: str | None = None


class NamedAnchor(Anchor):
    """A mention of an entity."""

    entity: Entity


class _Decision(_Part):
    """When it was decided, UTC: where two decide one thing, the later counts."""

    at: AwareDatetime

    @property
    def correction_id(self) -> str:
        """Digest of all that the line says."""
        return digest("correction", self.line())

    def line(self) -> str:
        """The line of the file, without its end."""
        held = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        last = {name: held.pop(name) for name in ("of", "with", "read") if name in held}
        first = {name: held.pop(name) for name in ("at", "say")}
        return json.dumps({**first, **held, **last}, ensure_ascii=False)

    def anchors(self) -> dict[str, Anchor]:
        """What it is about: `of`, and `with` where there are two."""
        found = {"of": getattr(self, "of", None), "with": getattr(self, "other", None)}
        return {name: anchor for name, anchor in found.items() if anchor is not None}


class _OfEvent(_Decision):
    of: Anchor
    read: Read

    @model_validator(mode="after")
    def _parties_stand(self) -> _OfEvent:
        read = self.read
        for party in (*read.initiators, *read.recipients, *read.both, *self.said()):
            if party.start is not None and not self.of.sentence.startswith(party.text, party.start):
                raise ValueError(
                    f"{party.text!r} does not stand at character {party.start} of sentence"
                )
        return self

    def said(self) -> tuple[Party, ...]:
        """Parties that are part of the decision itself."""
        return ()


class Right(_OfEvent):
    """All that was shown is right."""

    say: Literal["right"] = "right"


class Wrong(_OfEvent):
    """No such event is told here."""

    say: Literal["wrong"] = "wrong"


class OtherType(_OfEvent):
    """It is of this type."""

    say: Literal["type"] = "type"
    type: EventType


class OtherModality(_OfEvent):
    """It is told so."""

    say: Literal["modality"] = "modality"
    modality: Modality


class OtherParty(_OfEvent):
    """These, and nobody else, are on this side; `both` for those that act alike."""

    say: Literal["party"] = "party"
    side: Literal["initiators", "recipients", "both"]
    parties: tuple[Party, ...]

    def said(self) -> tuple[Party, ...]:
        """Who is on this side."""
        return self.parties


class OtherDate(_OfEvent):
    """It was then (EDTF); "" where the text does not tell."""

    say: Literal["date"] = "date"
    date: str

    @model_validator(mode="after")
    def _dated(self) -> OtherDate:
        days(self.date)
        return self


class OtherPlace(_OfEvent):
    """It was there; none where the text does not tell."""

    say: Literal["place"] = "place"
    place: Place | None = None


class _OfTwo(_Decision):
    of: Anchor
    other: Anchor = Field(alias="with")


class Same(_OfTwo):
    """The two reports tell of one event."""

    say: Literal["same"] = "same"


class Apart(_OfTwo):
    """The two reports do not tell of one event."""

    say: Literal["apart"] = "apart"


class One(_Decision):
    """The entity of `of` is that of `with`, and has its id."""

    say: Literal["one"] = "one"
    of: NamedAnchor
    other: NamedAnchor = Field(alias="with")


class Two(_Decision):
    """In this article the name is another entity's than elsewhere: call it `name`."""

    say: Literal["two"] = "two"
    of: NamedAnchor
    name: Text


class Undo(_Decision):
    """A decision is taken back."""

    say: Literal["undo"] = "undo"
    undoes: Text


OfEvent = Right | Wrong | OtherType | OtherModality | OtherParty | OtherDate | OtherPlace
Decision = OfEvent | Same | Apart | One | Two | Undo
_READER: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="say")])


def read_line(text: str) -> Decision:
    """The decision of a line. Raises ValueError that says in one line what is wrong with it."""
    if re.match(r"(<{7}|={7}|>{7}|\|{7})( |$)", text):
        raise ValueError("a conflict of git is not resolved here; keep the lines of both sides")
    try:
        held = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", str(error))
        raise ValueError(f"no JSON ({reason}); one decision stands on one line") from None
    if not isinstance(held, dict):
        raise ValueError("no JSON object")
    return decision(held)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def decision(held: Any) -> Decision:
    """A decision from plain values. Raises ValueError that names the key."""
    try:
        made = _READER.validate_python(held)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])  # the first tells what is said
        reason = " ".join(first["msg"].removeprefix("Value error, ").split())
        raise ValueError(f"{where}: {reason}" if where else reason) from None
    try:
        made.line().encode()
    except UnicodeEncodeError:
        raise ValueError("half a surrogate pair is no character") from None
    return made


def days(text: str) -> tuple[dt.date, dt.date, str] | None:
    """First day, last day and precision of a date in EDTF: a year, month, day, or two with a slash.

    None for "". Raises ValueError.
    """
    if not text:
        return None
    ends = [_unit(part) for part in text.split("/")]
    if len(ends) > 2:
        raise ValueError(
            f"{text!r} is no date like 2026-01-31, 2026-01, 2026 or 2026-01-30/2026-02"
        )
    first, last = ends[0], ends[-1]
    if last.end < first.start:
        raise ValueError(f"{text!r} ends before it begins")
    coarser = max(first.precision, last.precision, key=[*calendar.LONGEST].index)
    precision = calendar.precision_within(first.start, last.end, coarser)
    return first.start, last.end, "year" if precision == "quarter" else precision


def _unit(text: str) -> calendar.Period:
    found = _UNIT.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if day is not None and month is not None:
            return calendar.day(dt.date(year, month, day))
        return calendar.month(year, month) if month is not None else calendar.year(year)
    except ValueError:
        raise ValueError(
            f"{text!r} is no date like 2026-01-31, 2026-01, 2026 or 2026-01-30/2026-02"
        ) from None


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that are not taken back, each once, the later behind the earlier."""
    by_id = {held.correction_id: held for held in decisions}
    undone: set[str] = set()
    for key, held in sorted(by_id.items(), key=lambda item: (item[1].at, item[0]), reverse=True):
        if isinstance(held, Undo) and key not in undone:
            undone.add(held.undoes)
    kept = ((key, held) for key, held in by_id.items() if key not in undone)
    ordered = sorted(kept, key=lambda item: (item[1].at, item[0]))
    return [held for _, held in ordered if not isinstance(held, Undo)]
