"""Can every sense be chosen, and does it fire in its own example? Prints those that do not.

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
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import (
    Lexicon,
    Sense,
    Test,
    build_lexicon,
    class_names,
    noun_head,
)
from transforms.nlp.events.senses import Senses, needs_object
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


def forestalled(lexicon: Lexicon) -> list[tuple[Sense, Sense]]:
    """(sense, a better one that holds wherever it does) for senses that can never be chosen."""
    found: dict[int, tuple[Sense, Sense]] = {}
    free: set[int] = set()
    for index in (lexicon.verbs, lexicon.nouns, lexicon.adjectives, lexicon.lights):
        for senses in index.values():
            for number, sense in enumerate(senses):
                better = (other for other in senses[:number] if _covers(other, sense, lexicon))
                first = next(better, None)
                if first is None:
                    free.add(id(sense))
                else:
                    found[id(sense)] = (sense, first)
    return [pair for key, pair in found.items() if key not in free]


def _trigger(sense: Sense) -> int:
    """Which word of a predicate its lemma index goes by."""
    if sense.pos == "noun":
        return noun_head(sense.words)
    return len(sense.words) - 1 if sense.pos == "light" else 0


def _covers(better: Sense, sense: Sense, lexicon: Lexicon) -> bool:
    """Do words and conditions of `better` hold wherever those of `sense` do, at one trigger?"""
    at = _trigger(sense)
    if len(better.words) != len(sense.words) or _trigger(better) != at:
        return False
    for place, (mine, its) in enumerate(zip(better.words, sense.words, strict=True)):
        lists = mine[0] == its[0] == "@"
        held = lists and lexicon.classes[its[1:]] <= lexicon.classes[mine[1:]]
        if place != at and mine != its and not held:
            return False
    if needs_object(better) and not needs_object(sense):
        return False
    return all(
        any(_implies(given, test, lexicon) for given in sense.tests) for test in better.tests
    )


def _implies(given: Test, test: Test, lexicon: Lexicon) -> bool:
    """Does `test` hold wherever `given` does?"""
    if given.negated != test.negated:
        return False
    if given.negated:  # what bars more, in more slots, bars this
        given, test = test, given
    if not set(given.slots) <= set(test.slots):
        return False
    if not test.classes and not test.words:
        return True
    return bool(given.classes or given.words) and all(
        mine <= its for mine, its in zip(_asked(given, lexicon), _asked(test, lexicon), strict=True)
    )


def _asked(test: Test, lexicon: Lexicon) -> tuple[set[str], set[str]]:
    """Words of a condition, those of its lists among them, and its other classes."""
    lists = [kind[1:] for kind in test.classes if kind[0] == "@"]
    words = set(test.words).union(*(lexicon.classes[name] for name in lists))
    return words, {kind for kind in test.classes if kind[0] != "@"}


def fires(sense: Sense, parse: Parse, lexicon: Lexicon) -> tuple[bool, str]:
    """(does the sense fire, what fired) in its example."""
    layer = annotate(parse, lexicon=lexicon).entities
    found = [m.sense for m in Senses(Clauses(parse, layer, lexicon), lexicon).triggers()]
    # another sense of the type may say the same, or more (a mode)
    hit = any(
        other.event_type == sense.event_type and sense.mode in {None, other.mode} for other in found
    )
    return hit, "; ".join(other.name for other in found) or "nothing"


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
    hidden = forestalled(lexicon)
    for sense, better in hidden:
        print(f"{sense.path}:{sense.line}: {sense.predicate!r} gives way to {better.name}")
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
    return 1 if failed or hidden else 0


if __name__ == "__main__":
    sys.exit(main())
