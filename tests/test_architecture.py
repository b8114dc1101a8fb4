"""Arrows point one way, and each package keeps the rule its docstring states.

Every rule is one loop over the files that names all faults at once.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from flows.resources.version import code_of
from tests.conftest import ROOT
from transforms.plover import event_types
from warehouse.vocabulary import ENTITY_TYPES, MODALITIES, SECTORS
from warehouse.wording import counted, counted_of

PACKAGES = ("dateline", "flows", "transforms", "warehouse", "expectations")
SCHEMA_SIDE = {
    "warehouse.schema", "warehouse.tables", "warehouse.run_tables", "warehouse.internal_tables",
    "warehouse.dialects",
    "warehouse.numbers",
    "warehouse.errors", "warehouse.vocabulary", "warehouse.wording",
}  # fmt: skip
IMPURE = {
    "duckdb", "prefect", "os", "random", "secrets", "time", "socket", "requests", "httpx",
    "subprocess",
}  # fmt: skip
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TRANSFORMS = [path for path in MODULES if path.relative_to(ROOT).parts[0] == "transforms"]
NLP = ROOT / "transforms" / "nlp"
ROOMS = ("parsing", "reader", "names", "dates", "places", "entities", "clauses", "statements",
         "events", "identity")  # fmt: skip
FLOWS = ROOT / "flows"
FLOW_ROOMS = {  # room of `flows` → the rooms it may see
    "resources": set(),
    "run": {"resources"},
    "published": {"resources", "run"},
    "report": {"resources"},
    "review": {"resources"},
    "orchestration": {"resources", "run"},
    "commands": {"resources", "run", "published", "report", "review", "orchestration"},
}

# What a word of a text is not: labels of spaCy's, codes of the contract's.
LABELS = (
    {
        "ROOT", "acl", "acomp", "advcl", "advmod", "agent", "amod", "appos", "attr", "aux",
        "auxpass", "case", "cc", "expl", "mark", "meta", "neg", "preconj", "punct",
        "ccomp", "compound", "conj", "csubj", "csubjpass", "dative", "dep", "det", "dobj", "intj",
        "iobj", "nmod", "nn", "npadvmod", "nsubj", "nsubjpass", "nummod", "obj", "oprd",
        "parataxis", "pcomp", "pobj", "poss", "predet", "prep", "prt", "quantmod", "relcl",
        "xcomp",
    },
    set(SECTORS), set(ENTITY_TYPES), set(MODALITIES),
)  # fmt: skip
WORD = re.compile(r"[a-z'’][a-z'’. -]+")
# Constants that name the parts of a format, not words of a text.
OF_A_FORMAT = re.compile(r"COLUMNS|KINDS|CLASSES|SLOTS|GATES|LISTS|__slots__|columns", re.I)
LONGEST = 5  # words that may stand in code
# Nouns that stand behind a number in what people are told; `warehouse.wording` has their singular.
THINGS = re.compile(
    r"\A (?!of )(?:[a-z]+ )?(?:address|alert|article|attachment|batch|correction|decision|entit|"
    r"entr|event|expectation|file|page|report|row|run|sentence|snapshot|source|worker)(?:s|es|ies)\b"
)
LOGGED = re.compile(r"%(?:\(\w+\))?d( (?:[a-z]+ ){0,2}[a-z]+)")

# What only `extract` calls outside its room: what one step takes from another is said there.
# The cost benchmarks time a step; the tests of entities build their parses and places by hand.
STEPS = {"find_places", "build_layer", "code_events", "find_quotations"}
ALONE = {"benchmarks/entity_cost.py", "benchmarks/when_where_cost.py",
         "tests/transforms/nlp/test_entities.py"}  # fmt: skip


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Modules a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of(path: Path, package: str) -> set[str]:
    """What a file imports of a package."""
    return {name for name in imports(path) if name == package or name.startswith(package + ".")}


def short(path: Path) -> str:
    """A path as people say it."""
    return str(path.relative_to(ROOT))


def test_arrows() -> None:
    """Flows see all; expectations and transforms only the schema side of the warehouse."""
    faults = []
    for path in MODULES:
        package = path.relative_to(ROOT).parts[0]
        barred = {
            "dateline": (),
            "flows": ("dateline",),
            "expectations": ("dateline", "flows"),
            "transforms": ("dateline", "flows", "expectations"),
            "warehouse": ("dateline", "flows", "expectations", "transforms"),
        }[package]
        faults += [f"{short(path)} imports {other}" for other in barred if of(path, other)]
        if package in ("transforms", "expectations"):
            modules = {".".join(name.split(".")[:2]) for name in of(path, "warehouse")}
            extra = modules - {"warehouse"} - SCHEMA_SIDE
            faults += [f"{short(path)} imports {name}, no schema" for name in sorted(extra)]
    assert not faults, "\n".join(faults)


def test_transforms_are_pure() -> None:
    """No clock, randomness, environment, process or network; files are for lexicons to read."""
    faults = []
    for path in TRANSFORMS:
        roots = {name.split(".")[0] for name in imports(path)}
        faults += [f"{short(path)} imports {name}" for name in sorted(roots & IMPURE)]
        words = ["datetime.now(", "date.today(", "utcnow("]
        if "lexicons" not in path.parts:
            words += [" open(", ".read_text("]
        text = path.read_text("utf-8")
        faults += [f"{short(path)} calls {word})" for word in words if word in text]
    assert not faults, "\n".join(faults)


def test_each_package_states_its_rule() -> None:
    """Rooms of extraction too."""
    for folder in (
        *(ROOT / name for name in PACKAGES), NLP, *(NLP / room for room in ROOMS),
        *(FLOWS / room for room in FLOW_ROOMS),
    ):  # fmt: skip
        doc = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
        assert doc and len(doc) > 60, short(folder)


def test_every_module_says_what_it_is_for_and_stays_short() -> None:
    """A docstring, and at most 480 lines."""
    faults = []
    for path in MODULES:
        text = path.read_text("utf-8")
        if not ast.get_docstring(parsed(path)):
            faults.append(f"{short(path)}: no docstring")
        if text.count("\n") > 480:
            faults.append(f"{short(path)}: a file of more than one purpose; cut it")
    assert not faults, "\n".join(faults)


def test_a_room_sees_only_the_rooms_before_it() -> None:
    """Beside the rooms stand `annotations`, which all see, and `extract`, which sees all."""
    folders = {path.name for path in NLP.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(ROOMS)
    assert {path.name for path in NLP.glob("*.py")} == {
        "__init__.py",
        "annotations.py",
        "extract.py",
    }
    faults = []
    for number, room in enumerate(ROOMS):
        for path in sorted((NLP / room).rglob("*.py")):
            for name in of(path, "transforms.nlp"):
                other = (*name.split("."), "", "")[2]
                if other == "extract" or other in ROOMS[number + 1 :]:
                    faults.append(f"{short(path)} imports {name}, a later room")
    assert not faults, "\n".join(faults)


def test_a_room_of_flows_sees_only_its_own() -> None:
    """No file stands outside a room, and the run knows neither Prefect nor who shows it."""
    folders = {path.name for path in FLOWS.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(FLOW_ROOMS)
    assert [path.name for path in FLOWS.glob("*.py")] == ["__init__.py"]
    faults = []
    for room, seen in FLOW_ROOMS.items():
        for path in sorted((FLOWS / room).rglob("*.py")):
            others = {(*name.split("."), "")[1] for name in of(path, "flows")} - {room, ""}
            faults += [f"{short(path)} imports {name}" for name in sorted(others - seen)]
            if room not in ("orchestration", "commands") and of(path, "prefect"):
                faults.append(f"{short(path)} imports Prefect")
    assert not faults, "\n".join(faults)


def test_what_runs_is_held_in_one_registry() -> None:
    """No module of `flows` keeps things in a dict or list of its own.

    But a worker its model, and the local server itself while it serves.
    """
    faults = [
        f"{short(path)}:{node.lineno}: {ast.unparse(node.target)}"
        for path in sorted(FLOWS.rglob("*.py"))
        for node in parsed(path).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.List)
        if not (node.value.keys if isinstance(node.value, ast.Dict) else node.value.elts)
    ]
    kept = ["flows/orchestration/local_server.py", "flows/run/workers.py"]
    assert [fault.split(":")[0] for fault in faults] == kept, faults


def test_no_circles() -> None:
    """Imports for types alone count as well."""
    held = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in MODULES
    }
    left = {name: imports(path) & held.keys() - {name} for name, path in held.items()}
    for name, path in held.items():  # `from package import module` is of the module
        for other in list(left[name]):
            inner = any(one.startswith(other + ".") for one in left[name])
            if held[other].name == "__init__.py" and inner and not _takes(path, other, held.keys()):
                left[name].discard(other)
    while True:
        free = {name for name, seen in left.items() if not seen & left.keys()}
        if not free:
            break
        left = {name: seen for name, seen in left.items() if name not in free}
    assert not left, f"a circle among {sorted(left)}"


def _takes(path: Path, package: str, modules: object) -> bool:
    """Does a file take a name from a package itself, not only its modules?"""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == package
        and any(f"{package}.{alias.name}" not in modules for alias in node.names)  # type: ignore[operator]
        for node in ast.walk(parsed(path))
    )


def literals(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """(line, name it is given or "", strings) of sets, lists, tuples and keys of dictionaries."""
    tree = parsed(path)
    given = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given.update({id(below): ast.unparse(targets[0]) for below in ast.walk(node)})
    for node in ast.walk(tree):
        held: list[ast.expr | None] = []
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            held = [*node.elts]
        elif isinstance(node, ast.Dict):
            held = [*node.keys]
        strings = [one.value for one in held if isinstance(one, ast.Constant)]
        yield (
            getattr(node, "lineno", 0),
            given.get(id(node), ""),
            [s for s in strings if isinstance(s, str)],
        )


def test_words_are_lexicons() -> None:
    """A list of more than five words of a text stands in `lexicons/words`, not in code."""
    faults = [
        f"{short(path)}:{line}: {name or 'a list'} of {len(words)} words"
        for path in sorted(NLP.rglob("*.py"))
        for line, name, strings in literals(path)
        if len(words := [s for s in strings if WORD.fullmatch(s)]) > LONGEST
        and not OF_A_FORMAT.search(name)
        and not any(set(words) <= labels for labels in LABELS)
    ]
    assert not faults, "\n".join(faults)


def test_what_is_known_of_event_types_stands_in_one_table() -> None:
    """No set of PLOVER types in code: `event_types.tsv` has a trait for it."""
    faults = [
        f"{short(path)}:{line}: {', '.join(strings)}"
        for path in MODULES
        for line, _, strings in literals(path)
        if len(strings) > 1 and set(strings) <= event_types().keys()
        # the closed set of the contract; the order in which the reader's weights answer
        if path.name not in {"vocabulary.py", "features.py"}
    ]
    assert not faults, "\n".join(faults)


def test_one_composition() -> None:
    """Only `extract` hands one extractor's findings to another."""
    faults = []
    for path in sorted(
        (*MODULES, *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "tests").rglob("*.py"))
    ):
        for name in of(path, "transforms.nlp") if short(path) not in ALONE else ():
            *module, last = name.split(".")
            inside = path.is_relative_to(NLP / module[2]) if len(module) > 2 else False
            if last in STEPS and not inside and path != NLP / "extract.py":
                faults.append(f"{short(path)} calls {last}")
    assert not faults, "\n".join(faults)


def test_nothing_is_public_for_tests_and_benchmarks_alone() -> None:
    """Every public name is said in production code beside its definition.

    But those of `dateline`, which is there for others.
    """
    said: Counter[str] = Counter()
    for path in MODULES:
        said.update(re.findall(r"\b[A-Za-z_]\w*\b", code_of(path.read_text("utf-8"))))
    faults = []
    for path in (path for path in MODULES if path.parent.name != "dateline"):
        tree = parsed(path)
        defined = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        names = [(node.name, node.lineno) for node in defined]
        # Found by whoever they are registered with: commands, kinds of metrics.
        registered = {
            node.name
            for node in defined
            if any(".command(" in ast.unparse(one) for one in node.decorator_list)
            or (
                isinstance(node, ast.ClassDef)
                and any("MetricProvider" in ast.unparse(one) for one in node.bases)
            )
        }
        for node in tree.body:
            if isinstance(node, ast.Assign):
                names += [(t.id, t.lineno) for t in node.targets if isinstance(t, ast.Name)]
        faults += [
            f"{short(path)}:{line}: {name}"
            for name, line in names
            if name[0] != "_" and said[name] < 2 and name not in registered
        ]
    assert not faults, "\n".join(faults)


def test_great_expectations_and_prefect_are_imported_on_first_use() -> None:
    import subprocess
    import sys

    code = (
        "import sys, flows.run.pipeline, flows.commands.console, expectations.gate; "
        "print([m for m in ('great_expectations', 'prefect', 'spacy', 'trafilatura') if m in sys.modules])"  # noqa: E501
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_numbers_of_things_are_told_in_one_place() -> None:
    """No "1 articles": a number with its noun is `counted`, in f-strings, logs and templates."""
    faults = []
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            said, line = [], 0
            if isinstance(node, ast.JoinedStr):
                line = node.lineno
                for one, other in pairwise(node.values):
                    if isinstance(one, ast.FormattedValue) and isinstance(other, ast.Constant):
                        said.append(str(other.value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said, line = LOGGED.findall(node.value), node.lineno
            faults += [f"{short(path)}:{line}: {text!r}" for text in said if THINGS.match(text)]
    for path in ROOT.glob("*/templates/*.html"):
        for text in re.findall(r"\}\}( [a-z]+(?: [a-z]+)?)", path.read_text("utf-8")):
            faults += [f"{short(path)}: {text!r}"] if THINGS.match(text) else []
    assert not faults, "say counted(number, noun) of warehouse.wording:\n" + "\n".join(faults)


def test_one_thing_is_told_in_the_singular() -> None:
    assert [counted(n, "article") for n in (0, 1, 2, 1200)] == [
        "0 articles", "1 article", "2 articles", "1,200 articles",
    ]  # fmt: skip
    assert counted(1, "batch", "batches") == "1 batch"
    assert [counted_of(1, name) for name in ("entities", "event counts", "bytes saved")] == [
        "1 entity", "1 event count", "1 bytes saved",
    ]  # fmt: skip
