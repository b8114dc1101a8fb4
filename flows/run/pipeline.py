"""The main job as plain code: find → read → extract → settle → check → load → publish.

A `Feed` runs in a thread of its own and keeps the workers busy; whoever owns the `Pipeline` takes
batches from it and loads them one at a time. What is in flight is bounded, so memory does not
grow with the number of articles. Prefect wraps these steps in `flows.orchestration.ingest`.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from expectations.ahead import Ahead
from expectations.checkpoints import uncollected
from expectations.gate import Gate, Verdict
from flows.resources.corrections import read_corrections
from flows.resources.gazetteer import gazetteer_path, open_gazetteer
from flows.resources.memory import be_frugal, trim
from flows.resources.private import owner_only
from flows.resources.project import project
from flows.resources.settings import Settings
from flows.resources.version import extractor
from flows.run.alerts import tell
from flows.run.batch import Batch
from flows.run.books import file_rows, overcome, quality_rows, quarantine_rows
from flows.run.cluster import open_pool, sweep
from flows.run.corrected import keep
from flows.run.feed import Feed, Source
from flows.run.history import dyads, history_of, past_runs, top_dyads
from flows.run.identify import Draft, draft
from flows.run.keys import known_keys
from flows.run.overtaken import concurrent, leave_overtaken
from flows.run.seen import refused_at
from flows.run.settle import settle
from flows.run.summary import Loaded, Log, Summary, new_run_id, now
from transforms import rows as r
from warehouse import loading, store
from warehouse.connection import value
from warehouse.dialects import frame
from warehouse.errors import BatchRefused, DatelineError
from warehouse.publisher import Publisher
from warehouse.schema import Origin
from warehouse.tables import CONTENT, TABLES
from warehouse.wording import counted

_EXAMPLES = 20
_DYADS = 200_000  # pairs held, some 50 MB


class Pipeline:
    """One run on one warehouse. Use: `load` each of `batches`, then `finish`, or else `abandon`.

    Made, it holds the warehouse, and its workers have begun to read. Raises WarehouseBusy, and
    DatelineError when there is no such model.
    """

    def __init__(
        self,
        options: Settings,
        source: Source,
        *,
        log: Log | None = None,
        flow_run_id: str | None = None,
    ) -> None:
        be_frugal()
        self.options, self.source, self.flow_run_id = options, source, flow_run_id
        self.log = log or logging.getLogger("dateline")
        if not (find_spec(options.model.split(".")[0]) or Path(options.model).exists()):
            raise DatelineError("no spaCy pipeline of this name or path", subject=options.model)
        self.extractor = extractor(options)
        self.corrections = read_corrections(options.corrections_file)
        self.run_id, self.started = new_run_id()
        self.clock = time.monotonic()
        self.summary = Summary(self.run_id)
        self.is_changed = False  # is any public row another one since this run began
        self.dyads: Counter[tuple[str, str]] = Counter()
        self.past: list[dict[str, Any]] = []  # earlier runs, as of the end of this one
        self.ended = False
        self.progress: Callable[[Summary], None] = lambda _: None
        with ExitStack() as opened:
            opened.enter_context(owner_only(options))
            self.store = options.store
            opened.enter_context(self.store.present(self.run_id))
            with self.store.turn(options.wait):
                self.con = self.store.writer(
                    memory_limit=options.memory_limit,
                    threads=options.duckdb_threads,
                    wait=options.wait,
                )
                opened.callback(self.con.close)
                sweep(options)
            lines = self.corrections.lines()
            self.pool = open_pool(options, self.extractor, lines, self.run_id)
            opened.callback(self.pool.close)
            self.publisher = Publisher(
                self.store, keep=options.keep_snapshots, every=options.publish_every
            )
            with self.store.turn():
                self._mark_crashed()
                loading.write_run(self.con, self.run_row("running"))
                self.publisher.begin(self.con)
            if not gazetteer_path().exists():
                self.log.info("Building the gazetteer, once; this takes some 20 seconds")
                open_gazetteer()
            self.gate = Gate(
                history=history_of(self.con), allowed_refused_share=options.refused_share
            )
            self.feed = Feed(
                source,
                self.con,
                self.pool,
                options=options,
                run_id=self.run_id,
                extractor=self.extractor,
                decisions=self.corrections.decisions,
                on_news=self.gate.warm,  # a look that finds nothing new needs no gate
            )
            self.opened = opened.pop_all()

    @contextmanager
    def logging_to(self, log: Log) -> Iterator[None]:
        """Write log lines there for the length of a `with`."""
        before, self.log = self.log, log
        try:
            yield
        finally:
            self.log = before

    def _mark_crashed(self) -> None:
        """A run that is `running` and in no process has died."""
        found = self.con.execute("SELECT run_id FROM runs WHERE status = 'running'").fetchall()
        running = [run_id for (run_id,) in found]
        self.beside = self.store.alive(running)
        dead = set(running) - self.beside
        if dead:
            self.con.execute(
                "UPDATE runs SET status = 'crashed', "
                "finished_at = coalesce(finished_at, started_at) "
                "WHERE run_id IN (SELECT unnest(?))",
                [sorted(dead)],
            )

    def run_row(self, status: str) -> dict[str, Any]:
        """The row of `runs` as of now."""
        done = self.summary
        return {
            "run_id": self.run_id,
            "flow_run_id": self.flow_run_id,
            "started_at": self.started,
            "finished_at": None if status == "running" else now(),
            "status": status,
            "files_seen": sum(done.files.values()),
            "articles_loaded": done.articles,
            "events_loaded": done.events,
            "rows_quarantined": done.refused,
            "words": done.words,
            "extractor_version": self.extractor.name,
            "settings": json.dumps(
                {**self.options.model_dump(mode="json"), "paths": [*self.source.paths]},
                sort_keys=True,
            ),
        }

    def share_done(self) -> float:
        """How much of what was found is loaded, 0 to 1."""
        return self.feed.share_done(self.summary)

    def batches(self) -> Iterator[Batch]:
        """Batches in order, each already extracted."""
        stages, clock = self.summary.stages, time.monotonic()
        for batch in self.feed.batches():
            waited = stages.get("wait for extraction", 0.0)
            stages["wait for extraction"] = waited + time.monotonic() - clock
            yield batch
            clock = time.monotonic()

    def whole(self) -> Summary:
        """Load every batch and end the run, also where it breaks off."""
        try:
            for batch in self.batches():
                self.load(batch)
        except BaseException as error:
            self.abandon(error)
            raise
        return self.finish()

    def load(self, batch: Batch) -> Loaded:
        """Check and load one batch, in one transaction. Raises BatchRefused."""
        with uncollected():
            clock = time.monotonic()
            done = Loaded(batch.number, batch.first_file)
            frames = r.merge(part.frames for part in batch.parts)
            ahead = self._look_ahead(frames)
            clock = _lap(done, "check", clock)
            drafted = self._draft(frames)
            clock = _lap(done, "settle", clock)
            with self.store.turn():
                if self.store.is_shared:
                    _lap(done, "wait for others", clock)
                stamp = now()
                with self.store.reading(self.con):
                    settled, verdict = self._settle(batch, done, frames, ahead, drafted, stamp)
                self._load(batch, done, settled, verdict, stamp)
                self.publisher.after_batch(self.con)
        trim()
        return done

    def _look_ahead(self, frames: Mapping[str, pl.DataFrame]) -> Ahead:
        """Check what needs no turn. Who has one does as little as can be, for others wait."""
        return self.gate.look_ahead(
            frames, known={"entities": frames["entity_evidence"]["entity_id"].to_list()}
        )

    def _draft(self, frames: dict[str, pl.DataFrame]) -> Draft | None:
        """Settle what needs no turn, where there are turns to wait for."""
        if self.store.is_shared:
            with suppress(duckdb.Error), self.store.reading(self.con):  # a version may go meanwhile
                return draft(self.con, frames)
        return None

    def _load(
        self,
        batch: Batch,
        done: Loaded,
        settled: loading.Load,
        verdict: Verdict,
        stamp: dt.datetime,
    ) -> None:
        if verdict.batch_reason:
            self._refuse(batch, verdict, done)
            raise BatchRefused(verdict.batch_reason, subject=f"batch {batch.number}")
        self._count(done, settled, batch, verdict)
        clock = time.monotonic()
        changes = loading.load(self.con, settled, run=self.run_row("running"), now=stamp)
        self.is_changed |= changes != loading.Changes()
        _lap(done, "load", clock)
        self._report(done)

    def _settle(
        self,
        batch: Batch,
        done: Loaded,
        frames: dict[str, pl.DataFrame],
        ahead: Ahead,
        drafted: Draft | None,
        stamp: dt.datetime,
    ) -> tuple[loading.Load, Verdict]:
        """What is to be loaded, and what the gate says of it."""
        clock = time.monotonic()
        others = concurrent(self.con, self.run_id, self.started, self.beside)
        if leave_overtaken(self.con, batch, others):
            frames = r.merge(part.frames for part in batch.parts)
        frames["articles"] = frames["articles"].with_columns(
            run_id=pl.lit(self.run_id), loaded_at=pl.lit(stamp).cast(pl.Datetime("us"))
        )
        extracted = set(frames["articles"]["article_id"].to_list())
        known = {*batch.known, *batch.retracted}
        versions = frame(
            TABLES["article_versions"],
            (row for row in batch.versions if row["article_id"] in extracted | known),
        )
        settled = settle(self.con, frames, versions, replaced=batch.retracted, drafted=drafted)
        trim()
        clock = _lap(done, "settle", clock)
        verdict = self._check(settled, ahead)
        _lap(done, "check", clock)
        if verdict.batch_reason:
            return settled, verdict
        if verdict.refusals:
            settled = self._resettle(frames, verdict, versions, batch.retracted, settled)
        settled.append = {
            "article_versions": versions,
            "files": file_rows(self.con, batch),
            "quarantine": pl.concat(
                [overcome(self.con, self.run_id, batch),
                 quarantine_rows(self.run_id, batch, verdict, stamp)]
            ),
            "quality_results": quality_rows(self.con, self.run_id, verdict),
        }  # fmt: skip
        return settled, verdict

    def _check(self, settled: loading.Load, ahead: Ahead) -> Verdict:
        known = known_keys(self.con, settled.frames)
        held = {name: settled.frames[name] for name in CONTENT}
        if all(rows.is_empty() for rows in held.values()):  # only files that are known
            return Verdict(frames=held)
        return self.gate.check(held, known=known, ahead=ahead)

    def _resettle(
        self,
        frames: dict[str, pl.DataFrame],
        verdict: Verdict,
        versions: pl.DataFrame,
        retracted: list[str],
        before: loading.Load,
    ) -> loading.Load:
        """Roll up again without what was refused."""
        kept = dict(frames)
        for name in CONTENT:
            if TABLES[name].origin is not Origin.ROLLUP:
                key = list(TABLES[name].key)
                kept[name] = frames[name].join(
                    verdict.frames[name].select(key), on=key, how="semi", nulls_equal=True
                )
        ids = kept["event_mentions"].select("event_mention_id")
        kept["event_evidence"] = kept["event_evidence"].join(ids, on="event_mention_id", how="semi")
        articles = kept["articles"].select("article_id")
        for name in (
            "entity_evidence", "article_signatures", "article_bands", "correction_uses",
        ):  # fmt: skip
            kept[name] = kept[name].join(articles, on="article_id", how="semi")
        return settle(self.con, kept, versions, replaced=retracted, before=before)

    def _count(self, done: Loaded, settled: loading.Load, batch: Batch, verdict: Verdict) -> None:
        frames = settled.frames
        done.articles = frames["articles"].height
        done.sentences = frames["sentences"].height
        done.entities = frames["entities"].height
        done.events = frames["event_mentions"].height
        done.words = sum(part.words for part in batch.parts)
        done.refused = len(verdict.refusals) + len(batch.refused)
        total = self.summary
        total.articles += done.articles
        total.sentences += done.sentences
        total.events += done.events
        total.words += done.words
        total.refused += done.refused
        self.dyads += dyads(frames["event_participants"])
        if len(self.dyads) > _DYADS:  # of a very long run, those that may yet be among the first
            self.dyads = Counter(dict(self.dyads.most_common(_DYADS // 2)))
        total.unchanged += batch.unchanged
        for part in batch.parts:
            total.unread.update(part.unread)
        total.files.update(row["status"] for row in batch.files)
        total.event_types.update(frames["event_mentions"]["event_type"].to_list())
        facts = frames["event_mentions"].filter(pl.col("modality") == "asserted")
        total.told.update(facts["told"].to_list())
        room = _EXAMPLES - len(total.refusals)
        total.refusals += [
            {"what": item["kind"], "where": item["where"], "rule": item["rule"],
             "reason": item["reason"]}
            for item in batch.refused[:room]
        ]  # fmt: skip
        room = _EXAMPLES - len(total.refusals)
        total.refusals += [
            {"what": "row", "where": f"{item.table} {item.key}", "rule": item.rule,
             "reason": item.reason}
            for item in verdict.refusals[:room]
        ]  # fmt: skip

    def _report(self, done: Loaded) -> None:
        for stage, took in done.seconds.items():
            self.summary.stages[stage] = self.summary.stages.get(stage, 0.0) + took
        self.summary.seconds = time.monotonic() - self.clock
        self.progress(self.summary)
        self.log.info(
            "Batch %d (%s): %s, %s, %s, %d refused, %.1f s",
            done.number, done.first_file, counted(done.articles, "article"),
            counted(done.sentences, "sentence"), counted(done.events, "event report"),
            done.refused, sum(done.seconds.values()),
        )  # fmt: skip

    def _refuse(self, batch: Batch, verdict: Verdict, done: Loaded) -> None:
        """Keep what the gate said of a batch that is not loaded."""
        record = {"batch": batch.number, "first_file": batch.first_file,
                  "files": [row["source_uri"] for row in batch.files]}  # fmt: skip
        batch.refused.append(
            {"kind": "article", "where": batch.first_file, "record": record,
             "rule": "batch-refused", "reason": verdict.batch_reason or ""}
        )  # fmt: skip
        done.refused_reason = verdict.batch_reason
        self.summary.refused += len(verdict.refusals) + len(batch.refused)
        append = {
            "quarantine": quarantine_rows(self.run_id, batch, verdict, now()),
            "quality_results": quality_rows(self.con, self.run_id, verdict),
        }
        with store.transaction(self.con):
            for name, rows in append.items():
                loading.upsert(self.con, TABLES[name], rows)
            loading.write_run(self.con, self.run_row("running"))

    def abandon(self, error: BaseException) -> None:
        """End a run that broke off. Batches that were loaded stay. Raises nothing: what broke it
        (a full disk) may keep its end from being written, and is what is to be told."""
        if not self.ended:
            try:
                self.finish(error)
            except Exception as another:
                self.log.warning("how the run ended is not written: %s", type(another).__name__)

    def finish(self, error: BaseException | None = None) -> Summary:
        """Write how the run ended, publish a snapshot, and let everything go."""
        self.ended = True
        total = self.summary
        total.seconds = time.monotonic() - self.clock
        try:
            self.feed.stop()
            self.past = past_runs(self.con)
            total.left_out = self.feed.left_out
            if self.feed.refused:
                held = refused_at(self.con, but_by=self.run_id)
                total.still_refused = sum(held.get(uri, 0) for uri in self.feed.refused)
            total.files.update(self.feed.known)
            total.unchanged += self.feed.known.total() - self.feed.known["duplicate"]
            self.feed.known.clear()
            total.status = (
                "failed" if error is not None else "partial" if total.refused else "completed"
            )
            with self.store.turn():
                total.entities = value(self.con, "SELECT count(*) FROM entities")
                total.dyads = top_dyads(self.con, self.dyads)
                loading.write_run(self.con, self.run_row(total.status))
                total.corrected = self.feed.corrected
                if error is None:  # else the next run is to look for what is new in them again
                    total.corrections, is_new = keep(self.con, self.corrections, self.run_id)
                    self.is_changed |= is_new
                total.alerts = self._alerts()
                total.quality_page = (
                    str(self._quality_page()) if self.feed.batch.number > 1 else None
                )
                clock = time.monotonic()
                self.store.publish(
                    self.con, keep=self.options.keep_snapshots, is_changed=self.is_changed or None
                )
                total.stages["publish"] = time.monotonic() - clock
        finally:
            self.opened.close()
        total.seconds = time.monotonic() - self.clock
        return total

    def _alerts(self) -> int:
        """Tell what the project watches for; returns how many events are new."""
        held = project()
        if held is None or not held.watch:
            return 0
        return tell(self.con, held.watches(), held.channels(), self.run_id, self.log)

    def _quality_page(self) -> Path:
        from expectations.report import quality_page

        folder = self.options.quality_folder
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.run_id}.html"

        def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
            return self.con.execute(sql, list(values)).pl().to_dicts()

        page = quality_page(
            self.run_row(self.summary.status),
            rows("SELECT * FROM quality_results WHERE run_id = ?", self.run_id),
            rows(
                "SELECT * FROM quarantine WHERE run_id = ? ORDER BY created_at LIMIT 500",
                self.run_id,
            ),
            rows("SELECT * FROM runs ORDER BY started_at DESC LIMIT 10"),
        )
        path.write_text(page, "utf-8")
        return path


def _lap(done: Loaded, stage: str, clock: float) -> float:
    moment = time.monotonic()
    done.seconds[stage] = done.seconds.get(stage, 0.0) + moment - clock
    return moment
