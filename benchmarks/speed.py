"""`make bench`: the whole pipeline beside bare `nlp.pipe` on the same texts, in one run.

Prints CPU seconds and their ratios, with the same model and number of processes, start-up included:
the pipeline, spaCy's default `nlp.pipe`, and `nlp.pipe` tuned as our workers are. `nlp.pipe` has no
encoder beside it, so what the reader's encoder takes of the pipeline, counted on the same texts in
a process of its own, is said apart. Times on the wall stand beside; they tell on a quiet machine.

Texts are those of the training corpus, the example articles and, where present, the gold files:
each once, for what is dealt again and again is remembered and flatters us. With `--memory` the peak
for a small and a large number of articles, which are dealt from paragraphs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.parses import GOLD, ROOT, records
from benchmarks.recorded import digest
from flows.run.workers import one_thread
from training.corpus_labels import articles as corpus_articles
from transforms.nlp.parsing.language import DEFAULT_MODEL
from transforms.nlp.parsing.parse import paragraphs

PROCESSES = 2
AIMS = (0.85, 1.15)  # of default and tuned `nlp.pipe`, without the encoder
_WORDS = 80  # a text of fewer is a sentence out of one


def varied(count: int) -> list[str]:
    """At most `count` news texts, no two the same, in an order that mixes their sources."""
    found = [article.text for article in corpus_articles().values()]
    for name in ("running_dev", "places_dev", "entities_dev", "dates_dev"):
        found += [record["text"] for record in records(f"{name}.jsonl")]
    for path in (ROOT / "examples" / "articles").glob("*.txt"):
        found.append(path.read_text("utf-8", "replace"))
    kept = {text for text in found if len(text.split()) >= _WORDS}
    return sorted(kept, key=digest)[:count]


def texts(count: int) -> list[str]:
    """`count` distinct news texts: paragraphs of all texts at hand, dealt round."""
    pool: list[str] = []
    for path in sorted((ROOT / "examples" / "articles").glob("*.txt")):
        pool += [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    for name in ("places_dev.jsonl", "entities_dev.jsonl", "dates_dev.jsonl"):
        for record in records(name) if GOLD.exists() else []:
            pool += [line for line in record["text"].splitlines() if len(line.split()) > 8]
    step = 7919  # a prime: the deal meets every paragraph before it meets one again
    found, at = [], 0
    for number in range(count):
        lines, words = [f"Report {number} of the day."], 0
        while words < 380:
            line = pool[at % len(pool)]
            at += step
            lines.append(line)
            words += len(line.split())
        found.append("\n\n".join(lines))
    return found


def corpus(folder: Path, bodies: list[str]) -> None:
    """One JSONL file for each 50 articles."""
    for begin in range(0, len(bodies), 50):
        lines = [
            json.dumps(
                {
                    "id": f"bench-{begin + n}",
                    "source": f"Source {(begin + n) % 7}",
                    "title": f"Story {begin + n}",
                    "published_at": f"2026-03-{1 + (begin + n) % 28:02d}",
                    "text": body,
                }
            )
            for n, body in enumerate(bodies[begin : begin + 50])
        ]
        (folder / f"part-{begin:06d}.jsonl").write_text("\n".join(lines), "utf-8")


def _pipe(tuned: bool, path: str, queue: multiprocessing.Queue[int]) -> None:
    if tuned:
        from transforms.nlp.parsing.language import load

        nlp, batch = load(memo=False), 64
    else:
        import importlib

        nlp, batch = importlib.import_module(DEFAULT_MODEL).load(), 256
    words = 0
    bodies = json.loads(Path(path).read_text("utf-8"))
    pieces = [text[p.start : p.end] for text in bodies for p in paragraphs(text)]
    for begin in range(0, len(pieces), 4096):
        with nlp.memory_zone():
            for doc in nlp.pipe(pieces[begin : begin + 4096], batch_size=batch):
                words += len(doc)
    queue.put(words)


def pipe_seconds(bodies: list[str], *, tuned: bool) -> tuple[float, float]:
    """(wall, CPU) seconds of bare `nlp.pipe` in `PROCESSES` processes, their start included."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[int] = context.Queue()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(PROCESSES):
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps(bodies[number::PROCESSES]), "utf-8")
            paths.append(str(path))
        began, spent = time.perf_counter(), _children()
        workers = [context.Process(target=_pipe, args=(tuned, path, queue)) for path in paths]
        with one_thread() if tuned else nullcontext():
            for worker in workers:
                worker.start()
        for worker in workers:
            worker.join()
        took = time.perf_counter() - began
    return took, _children() - spent


def _encode(path: str, queue: multiprocessing.Queue[float]) -> None:
    from transforms.nlp.parsing.language import load, parse_texts
    from transforms.nlp.reader import model, read

    nlp, reader = load(), model.load()
    held: list[float] = []
    encode = reader.encode

    def timed(*given: Any) -> Any:
        began = time.process_time()
        try:
            return encode(*given)
        finally:
            held.append(time.process_time() - began)

    setattr(reader, "encode", timed)  # noqa: B010  (of this one alone)
    bodies = json.loads(Path(path).read_text("utf-8"))
    for begin in range(0, len(bodies), 32):
        chunk = [(text, paragraphs(text)) for text in bodies[begin : begin + 32]]
        for parse in parse_texts(nlp, chunk):
            read.read(reader, parse)
    queue.put(sum(held))


def encoder_seconds(bodies: list[str]) -> float:
    """CPU seconds that the reader's encoder takes on `bodies`, without its start."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[float] = context.Queue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bodies.json"
        path.write_text(json.dumps(bodies), "utf-8")
        worker = context.Process(target=_encode, args=(str(path), queue))
        with one_thread():
            worker.start()
        worker.join()
    if worker.exitcode:
        raise SystemExit("the encoder could not be measured")
    return queue.get()


def _children() -> float:
    """CPU seconds of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pipeline_run(bodies: list[str]) -> tuple[float, float, float]:
    """(wall, CPU seconds, peak MiB of all its processes) of `dateline run` on `bodies`.

    Prefect's own database is the one of earlier runs, as on a machine in use.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        corpus(folder / "in", bodies)
        command = [
            sys.executable, "-m", "flows.commands.cli", "run", str(folder / "in"),
            "--warehouse", str(folder / "w.duckdb"), "--processes", str(PROCESSES),
        ]  # fmt: skip
        environment = {**os.environ, "PREFECT_HOME": str(ROOT / ".cache" / "prefect")}
        began, spent = time.perf_counter(), _children()
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _tree_mib(process.pid))
            time.sleep(0.5)
        took = time.perf_counter() - began
        output = process.stdout.read().decode() if process.stdout else ""
        if process.returncode not in (0, 3):  # 3: the gate refused something, the rest is loaded
            raise SystemExit(output)
        print(output)
    return took, _children() - spent, peak


def _tree_mib(root: int) -> float:
    """Proportional memory of a process and its descendants, MiB."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    total, stack = 0, [root]
    while stack:
        pid = stack.pop()
        stack += parents.get(pid, [])
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def _line(name: str, took: float, cpu: float, words: int) -> None:
    print(f"{name:17} {took:6.1f} s  {cpu:6.1f} CPU s  {words / took:7,.0f} words/s", flush=True)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="at most; all there are")
    parser.add_argument("--memory", action="store_true", help="also 1,000 against 4,000 articles")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    bodies = varied(options.articles)
    words = sum(len(body.split()) for body in bodies)
    tuned, tuned_cpu = pipe_seconds(bodies, tuned=True)
    _line("nlp.pipe tuned", tuned, tuned_cpu, words)
    ours, cpu, peak = pipeline_run(bodies)
    encoder = encoder_seconds(bodies)
    _line("dateline run", ours, cpu, words)
    plain, plain_cpu = pipe_seconds(bodies, tuned=False)
    _line("nlp.pipe default", plain, plain_cpu, words)
    print(f"{len(bodies)} texts, {words:,} words, peak memory {peak:,.0f} MiB")
    rest = cpu - encoder
    print(f"of the pipeline's {cpu:.1f} CPU s the reader's encoder takes {encoder:.1f}")
    print(
        f"without it, in CPU seconds: to default {rest / plain_cpu:.2f} (at most {AIMS[0]}), "
        f"to tuned {rest / tuned_cpu:.2f} (at most {AIMS[1]})"
    )
    print(f"with it: to default {cpu / plain_cpu:.2f}, to tuned {cpu / tuned_cpu:.2f}")
    print(f"on the wall, with it: to default {ours / plain:.2f}, to tuned {ours / tuned:.2f}")
    if options.memory:
        small = pipeline_run(texts(1000))[2]
        large = pipeline_run(texts(4000))[2]
        print(
            f"peak memory: 1,000 articles {small:,.0f} MiB, 4,000 {large:,.0f} MiB, ratio {large / small:.2f}"  # noqa: E501
        )


if __name__ == "__main__":
    main()
