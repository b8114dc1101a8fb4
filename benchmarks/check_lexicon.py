"""Does every sense fire in its own example? Prints those that do not, by file and line.

Run: `.venv/bin/python -m benchmarks.check_lexicon [--file agree.tsv]`. Parses are cached per
example, so a second run takes seconds. Events are extracted as from any article.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
from pathlib import PurePosixPath

from benchmarks.annotate import annotate
from benchmarks.parses import CACHE
from transforms.lexicons.loader import names, read_text
from transforms.nlp.clauses.predicates import Lexicon, Sense, build_lexicon, class_names
from transforms.nlp.events.coder import extract_events
from transforms.nlp.parsing.language import DEFAULT_MODEL, load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs


def example_parses(texts: list[str]) -> dict[str, Parse]:
    """Parses of single sentences, cached one by one."""
    path = CACHE / "lexicon-examples.pickle"
    held: dict[str, Parse] = pickle.loads(path.read_bytes()) if path.exists() else {}
    keys = {t: hashlib.sha256((DEFAULT_MODEL + t).encode()).hexdigest()[:20] for t in texts}
    missing = sorted({t for t in texts if keys[t] not in held})
    if missing:
        nlp = load(DEFAULT_MODEL)
        for begin in range(0, len(missing), 64):
            chunk = missing[begin : begin + 64]
            for text, parse in zip(
                chunk, parse_texts(nlp, [(t, paragraphs(t)) for t in chunk]), strict=True
            ):
                held[keys[text]] = parse
        CACHE.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(held))
    return {t: held[keys[t]] for t in texts}


def fires(sense: Sense, parse: Parse, lexicon: Lexicon) -> tuple[bool, str]:
    """(does the sense fire, what fired) in its example."""
    layer, times, places = annotate(parse)
    events = extract_events(parse, layer, times, places, published=None, lexicon=lexicon)
    shown = []
    for event in events:
        sides: dict[str, list[str]] = {}
        for party in event.participants:
            mention = layer.mentions[party.mention]
            sides.setdefault(party.role[:4], []).append(parse.span_text(mention.start, mention.end))
        shown.append(f"{event.sense} {event.modality} {sides}")
    hit = any(event.sense == sense.name for event in events)
    if not hit:  # another sense of the type says the same, or more (a mode)
        hit = any(
            event.event_type == sense.event_type and sense.mode in {None, event.event_mode}
            for event in events
        )
    return hit, "; ".join(shown) or "nothing"


def main() -> int:
    """Print the senses that fail; exit status 1 when any does."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--file", help="only this file, such as agree.tsv")
    options.add_argument("--show", action="store_true", help="show what fires for every entry")
    chosen = options.parse_args()
    files = []
    classes = class_names()
    for path in names("predicates", ".tsv"):
        text = read_text(path)
        try:
            build_lexicon([(path, text)], classes)
        except ValueError as error:
            if chosen.file in {None, PurePosixPath(path).name}:
                print(f"BROKEN {error}")
            continue
        files.append((path, text))
    lexicon = build_lexicon(files, classes)
    wanted = [s for s in lexicon.senses if chosen.file in {None, PurePosixPath(s.path).name}]
    parses = example_parses([s.example for s in wanted])
    failed = 0
    for sense in wanted:
        hit, shown = fires(sense, parses[sense.example], lexicon)
        if not hit:
            failed += 1
            print(f"{sense.path}:{sense.line}: {sense.pos} {sense.predicate!r} did not fire")
            print(f"    {sense.example}\n    fired: {shown}")
        elif chosen.show:
            print(f"ok {sense.path}:{sense.line} {sense.example}\n    {shown}")
    print(f"{len(wanted)} senses, {failed} do not fire in their own example")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
