"""What a schema cannot say: spans that lie, events that contradict themselves, sums that are off.

Each rule is an `Expected` and the witness columns it looks at. What `about` says is shown on the
quality page, what `reason` says on the page and in the quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from expectations.derived import Expected
from expectations.witnesses import ROW, Held, joined, said
from transforms import plover
from transforms.nlp.dates.calendar import LONGEST
from warehouse.tables import CONTENT, TABLES
from warehouse.vocabulary import QUAD_OF_TYPE

SPANS = {name: span for name in CONTENT if (span := TABLES[name].span)}
# Tables whose rows name a sentence without quoting it.
LOOSE = tuple(n for n in CONTENT if n not in SPANS and "sentence_id" in TABLES[n].columns[1:])
SINCE_YEAR = 1900  # no article we read is older; a date before is a broken one


def rules() -> Iterator[Expected]:
    """The rules, over the witness columns of `witness_rules`."""
    for table, (text, start, end) in SPANS.items():
        yield Expected(
            "span-text", table, text, "ExpectColumnPairValuesToBeEqual",
            {"column_A": text, "column_B": "at_span__"},
            reason=f"it says “{{{text}}}”, but characters {{{start}}} to {{{end}}} of the article "
            "read “{at_span__}”",
            about="The characters at the span are the text of the row",
        )  # fmt: skip
        yield Expected(
            "inside-sentence", table, "outside__",
            about="A mention lies inside its sentence, and the sentence in the same article",
        )  # fmt: skip
    for table in LOOSE:
        yield Expected(
            "same-article", table, "elsewhere__",
            about="The sentence named is one of the same article, the span within the article",
        )  # fmt: skip
    yield Expected("sane-date", "articles", "date__",
                   about=f"Published after {SINCE_YEAR} and not in the future")  # fmt: skip
    yield Expected("sentence-bounds", "sentences", "bounds__",
                   about="Sentences lie in their article, one behind the other")  # fmt: skip
    yield Expected("coordinates", "places", "coordinates__",
                   about="Latitude and longitude stand together")  # fmt: skip
    for table in ("time_mentions", "events"):
        yield Expected("precision-fits-interval", table, "interval__",
                       about="A date's first and last day fit its precision")  # fmt: skip
    yield Expected(
        "quad-fits-type", "events", "quad_class", "ExpectColumnPairValuesToBeEqual",
        {"column_A": "quad_class", "column_B": "quad_of_type__"},
        reason="quad class {quad_class} does not go with {event_type}, which has {quad_of_type__}",
        about="The quad class is that of the event type",
    )  # fmt: skip
    yield Expected("code-fits-type", "events", "code__",
                   about="The Goldstein score is that of the CAMEO code")  # fmt: skip
    for table in ("events", "event_mentions"):
        yield Expected("not-ahead-of-report", table, "ahead__",
                       about="What is told as fact is not dated after it was reported")  # fmt: skip
    yield Expected("counts-agree", "events", "counts__",
                   about="An event counts the reports, articles and sources it has")  # fmt: skip
    yield Expected("has-party", "event_mentions", "alone__",
                   about="Somebody takes part in an event")  # fmt: skip
    yield Expected(
        "same-event", "event_participants", "parted__",
        about="A party's event and entity are those of its report and mention",
    )  # fmt: skip
    yield Expected("low-to-high", "event_counts", "turned__",
                   about="A number's lower bound is not above its upper bound")  # fmt: skip


def witness_rules(name: str, rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`rows` with the witness columns of the table's rules."""
    if name in SPANS:
        rows = _span(rows, held, *SPANS[name])
    maker = _MAKERS.get(name, _loose if name in LOOSE else None)
    return maker(rows, held) if maker else rows


def _first(held: Held, table: str, key: str, *columns: pl.Expr) -> pl.DataFrame:
    """Columns of a table to join by its key; a broken, doubled key gives its first row."""
    return held.frames[table].select(key, *columns).unique(key, keep="first", maintain_order=True)


def _span(rows: pl.DataFrame, held: Held, text: str, start: str, end: str) -> pl.DataFrame:
    texts = dict(held.frames["articles"].select("article_id", "text").iter_rows())
    at = [
        (texts.get(article) or "")[max(first, 0) : max(last, 0)]
        if first is not None and last is not None
        else ""
        for article, first, last in rows.select("article_id", start, end).iter_rows()
    ]
    low, high = pl.col(start), pl.col(end)
    return (
        _bounds(rows.with_columns(pl.Series("at_span__", at, dtype=pl.String)), held)
        .with_columns(
            outside__=joined(
                [
                    _foreign(),
                    said(low >= high, f"it is no span: {start} ", low, f", {end} ", high),
                    said(
                        (low < pl.col("from__")) | (high > pl.col("to__")),
                        "characters ", low, " to ", high, " are not within its sentence, ",
                        pl.col("from__"), " to ", pl.col("to__"),
                    ),
                ]
            )
        )
        .drop("from__", "to__", "of__")
    )  # fmt: skip


def _bounds(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    bounds = _first(
        held, "sentences", "sentence_id",
        pl.col("start_char").alias("from__"),
        pl.col("end_char").alias("to__"),
        pl.col("article_id").alias("of__"),
    )  # fmt: skip
    return rows.join(bounds, on="sentence_id", how="left", maintain_order="left")


def _foreign() -> pl.Expr:
    return said(
        pl.col("of__") != pl.col("article_id"),
        "its sentence belongs to another article, ", pl.col("of__"),
    )  # fmt: skip


def _lengths(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    sizes = _first(held, "articles", "article_id", pl.col("text").str.len_chars().alias("size__"))
    return rows.join(sizes, on="article_id", how="left", maintain_order="left")


def _articles(rows: pl.DataFrame, _: Held) -> pl.DataFrame:
    published, loaded = pl.col("published_at"), pl.col("loaded_at")
    return rows.with_columns(
        date__=joined(
            [
                said(published.dt.year() < SINCE_YEAR, "published_at ", published,
                     f" is before {SINCE_YEAR}"),
                said(published > loaded.dt.offset_by("1d"), "published_at ", published,
                     " is in the future; it was loaded at ", loaded),
            ]
        )
    )  # fmt: skip


def _sentences(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    start, end, size = pl.col("start_char"), pl.col("end_char"), pl.col("size__")
    rows = _lengths(rows, held)
    # A sentence with a broken end is no measure of the one behind it.
    sound = pl.when((start < end) & (end <= size)).then(end)
    before = rows.sort("article_id", "ordinal").select(
        ROW, before__=sound.shift(1).over("article_id")
    )
    return (
        rows.join(before, on=ROW, how="left", maintain_order="left")
        .with_columns(
            bounds__=joined(
                [
                    said(start >= end, "it is no span: it ends at ", end, ", begins at ", start),
                    said(end > size, "it ends at character ", end,
                         ", but the article has only ", size),
                    said(start < pl.col("before__"), "it begins at ", start,
                         ", inside the sentence before, which ends at ", pl.col("before__")),
                ]
            )
        )
        .drop("size__", "before__")
    )  # fmt: skip


def _places(rows: pl.DataFrame, _: Held) -> pl.DataFrame:
    lone = pl.col("latitude").is_null() != pl.col("longitude").is_null()
    return rows.with_columns(coordinates__=said(lone, "it has one coordinate without the other"))


def _loose(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    made = _bounds(rows, held).with_columns(elsewhere__=_foreign())
    return made.drop("from__", "to__", "of__")


def _quotations(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    start, end = pl.col("quote_start"), pl.col("quote_end")
    return (
        _lengths(_bounds(rows, held), held)
        .with_columns(
            elsewhere__=joined(
                [
                    _foreign(),
                    said(start >= end, "it is no span: it begins at ", start, ", ends at ", end),
                    said(end > pl.col("size__"), "it ends at character ", end,
                         ", but the article has only ", pl.col("size__")),
                ]
            )
        )
        .drop("from__", "to__", "of__", "size__")
    )  # fmt: skip


def _interval() -> pl.Expr:
    """Faults of `date_start`, `date_end` and `date_precision`."""
    start, end, exact = pl.col("date_start"), pl.col("date_end"), pl.col("date_precision")
    days = (end - start).dt.total_days() + 1
    longest = exact.replace_strict(LONGEST, default=None, return_dtype=pl.Int64)
    return joined(
        [
            said(start.is_null() != end.is_null(), "it has a first day without a last, or a last "
                 "without a first"),
            said((exact == "unknown") & start.is_not_null(), "its precision is unknown, but it "
                 "has days: ", start, " to ", end),
            said((exact != "unknown") & start.is_null() & end.is_null(), "its precision is ",
                 exact, ", but it has no days"),
            said(end < start, "it ends on ", end, ", before it begins on ", start),
            said(days > longest, "it spans ", days, " days, too many for the precision ", exact),
        ]
    )  # fmt: skip


def _times(rows: pl.DataFrame, _: Held) -> pl.DataFrame:
    return rows.with_columns(interval__=_interval())


def _events(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    reports = held.frames["event_mentions"].group_by("event_id").agg(
        reports__=pl.len().cast(pl.Int32), told_by__=pl.col("article_id").n_unique().cast(pl.Int32)
    )  # fmt: skip
    scores = pl.Series(
        [None if code is None else _score(code) for code in rows["cameo_code"]], dtype=pl.Float64
    )
    rows = rows.join(reports, on="event_id", how="left", maintain_order="left").with_columns(
        score__=scores,
        quad_of_type__=pl.col("event_type").replace_strict(
            QUAD_OF_TYPE, default=None, return_dtype=pl.Int32
        ),
    )
    count, articles, sources = (
        pl.col(name) for name in ("mention_count", "article_count", "source_count")
    )
    first, last = pl.col("first_reported_at"), pl.col("last_reported_at")
    score = pl.col("goldstein")
    return rows.with_columns(
        interval__=_interval(),
        code__=joined(
            [
                said(pl.col("cameo_code").is_not_null() & pl.col("score__").is_null(),
                     "there is no CAMEO code ", pl.col("cameo_code")),
                said((score - pl.col("score__")).abs() > 1e-9, "its Goldstein score is ", score,
                     ", but that of CAMEO code ", pl.col("cameo_code"), " is ", pl.col("score__")),
            ]
        ),
        ahead__=said(
            (pl.col("modality") == "asserted")
            & (pl.col("date_start") > last.dt.date().dt.offset_by("1d")),
            "told as fact, yet dated ", pl.col("date_start"), ", after its last report on ",
            last.dt.date(),
        ),
        counts__=joined(
            [
                said(articles > count, "it counts ", articles, " articles but only ", count,
                     " reports"),
                said(sources > articles, "it counts ", sources, " sources but only ", articles,
                     " articles"),
                said(count < pl.col("reports__"), "it counts ", count, " reports, but this batch "
                     "alone holds ", pl.col("reports__")),
                said(articles < pl.col("told_by__"), "it counts ", articles, " articles, but this "
                     "batch alone holds ", pl.col("told_by__")),
                said(first > last, "its first report is later than its last"),
            ]
        ),
    ).drop("score__", "reports__", "told_by__")  # fmt: skip


def _score(code: str) -> float | None:
    try:
        return plover.goldstein(code)
    except KeyError:
        return None


def _event_mentions(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    days = _first(held, "articles", "article_id", pl.col("published_at").dt.date().alias("on__"))
    parties = held.frames["event_participants"]["event_mention_id"].unique()
    earliest = pl.col("event_date").str.extract(r"^(\d{4}(?:-\d\d){0,2})(?:[~?%]*$|/)", 1)
    # "2026" and "2026-05" begin on their first day.
    day = pl.concat_str(earliest, pl.lit("-01-01")).str.slice(0, 10).str.to_date(strict=False)
    return (
        rows.join(days, on="article_id", how="left", maintain_order="left")
        .with_columns(
            ahead__=said(
                (pl.col("modality") == "asserted") & (day > pl.col("on__").dt.offset_by("1d")),
                "told as fact, yet dated ", pl.col("event_date"), ", after its report on ",
                pl.col("on__"),
            ),
            alone__=said(
                ~pl.col("event_mention_id").is_in(parties.implode()), "nobody takes part in it"
            ),
        )
        .drop("on__")
    )  # fmt: skip


def _participants(rows: pl.DataFrame, held: Held) -> pl.DataFrame:
    of = _first(held, "event_mentions", "event_mention_id", pl.col("event_id").alias("event__"))
    who = _first(held, "entity_mentions", "mention_id", pl.col("entity_id").alias("who__"))
    return (
        rows.join(of, on="event_mention_id", how="left", maintain_order="left")
        .join(who, on="mention_id", how="left", maintain_order="left")
        .with_columns(
            parted__=joined(
                [
                    said(pl.col("event__") != pl.col("event_id"), "its report tells of event ",
                         pl.col("event__"), ", not of ", pl.col("event_id")),
                    said(pl.col("who__") != pl.col("entity_id"), "its mention names entity ",
                         pl.col("who__"), ", not ", pl.col("entity_id")),
                ]
            )
        )
        .drop("event__", "who__")
    )  # fmt: skip


def _counts(rows: pl.DataFrame, _: Held) -> pl.DataFrame:
    low, high = pl.col("low"), pl.col("high")
    return rows.with_columns(turned__=said(low > high, "at least ", low, ", but at most ", high))


_MAKERS: dict[str, Callable[[pl.DataFrame, Held], pl.DataFrame]] = {
    "articles": _articles,
    "sentences": _sentences,
    "places": _places,
    "time_mentions": _times,
    "events": _events,
    "event_mentions": _event_mentions,
    "event_participants": _participants,
    "event_counts": _counts,
    "quotations": _quotations,
}
