"""Our own lists of places (`transforms/lexicons/places`) laid over those of the packages."""

from __future__ import annotations

from transforms.gazetteer import ADJECTIVE, PRIMARY, SourcePlace, fold
from transforms.lexicons import loader
from transforms.lexicons.loader import Row

_REGION_COLUMNS = (
    "id", "name", "type", "country", "latitude", "longitude", "weight", "aliases", "adjectives",
)  # fmt: skip
_ADMIN1_COLUMNS = ("code", "latitude", "longitude", "aliases", "adjectives")
_ALIAS_COLUMNS = ("name", "country", "aliases", "adjectives", "weight")
_ACTOR_COLUMNS = ("code", "name", "adjectives", "people", "capital", "aliases")


def apply_lexicons(
    places: dict[str, SourcePlace],
    codes: dict[str, str],
    capitals: set[tuple[str, str]] | None = None,
) -> None:
    """Add the regions, names and demonyms of our lists to `places`, by place id.

    `codes` gives the place id of an ISO 3166-2 code, `capitals` the alpha-3 code and folded name
    of capitals that the packages know. Raises LexiconError, by file and line, on a
    number out of range, a code or place that the packages do not know, or a doubled id.
    """
    _regions(places)
    _admin1(places, codes)
    countries = {p.country_code: p for p in places.values() if p.place_type == "country"}
    regions = {fold(n) for p in places.values() if p.place_type == "region" for n in p.names
               if p.weight >= 1_000_000 and p.names[n] == PRIMARY} | {"gaza"}  # fmt: skip
    regions |= {fold(p.name) for p in places.values() if p.place_type == "admin1"}
    known: set[tuple[str, str]] = set()
    for row in loader.table("actors/countries.tsv", _ACTOR_COLUMNS):
        country = countries.get(row["code"])
        if country is not None:
            _name(country, row["name"], PRIMARY)
            aliases = [name for name in row["aliases"].split(";") if fold(name) not in regions]
            _names(country, ";".join(aliases), PRIMARY)
            _names(country, row["adjectives"], ADJECTIVE)
            _names(country, row["people"], ADJECTIVE)
            known.add((row["code"], fold(row["capital"])))
    best = _cities(places)
    for key in sorted((known | (capitals or set())) & best.keys()):
        if key[1] in {fold(n) for n, kind in countries[key[0]].names.items() if kind != ADJECTIVE}:
            continue  # "Macau" is the territory
        people = best[key].population
        fame = max(people, 50_000) * _CAPITAL_FAME if key in known else people * _MINOR_FAME
        best[key].weight = max(best[key].weight, min(fame, _FAME_LIMIT))
    _aliases(places, countries, best)


_CAPITAL_FAME, _FAME_LIMIT = 10, 7_000_000  # a capital is talked of like a city so much bigger
_MINOR_FAME = 5  # that of a territory, or of a state outside our list


def _regions(places: dict[str, SourcePlace]) -> None:
    seen: set[str] = set()
    for row in loader.table("places/regions.tsv", _REGION_COLUMNS):
        identifier = row["id"]
        key = f"geonames:{identifier}" if identifier.isdigit() else f"dateline:{identifier}"
        if key in seen:
            raise row.error(f"{identifier} stands twice")
        seen.add(key)
        if row["type"] not in {"region", "site"}:
            raise row.error(f"type {row['type']!r} is neither region nor site")
        place = places.get(key)
        if place is None:
            place = places[key] = SourcePlace(
                key, row["name"], row["type"], row["country"], None, None, 0, 0
            )
        place.latitude = _number(row, "latitude", 90)
        place.longitude = _number(row, "longitude", 180)
        place.weight = max(place.weight, int(_number(row, "weight", 1e9)))
        _name(place, row["name"], PRIMARY)
        _names(place, row["aliases"], PRIMARY)
        _names(place, row["adjectives"], ADJECTIVE)


def _admin1(places: dict[str, SourcePlace], codes: dict[str, str]) -> None:
    for row in loader.table("places/admin1.tsv", _ADMIN1_COLUMNS):
        if row["code"] not in codes:
            if row["code"] in {"CN-HK", "CN-MO"}:
                continue
            raise row.error(f"no division has the code {row['code']!r}")
        place = places[codes[row["code"]]]
        if row["latitude"]:
            place.latitude = _number(row, "latitude", 90)
            place.longitude = _number(row, "longitude", 180)
        _names(place, row["aliases"], PRIMARY)
        _names(place, row["adjectives"], ADJECTIVE)


def _cities(places: dict[str, SourcePlace]) -> dict[tuple[str, str], SourcePlace]:
    """The most populous city of each (country code, folded name)."""
    best: dict[tuple[str, str], SourcePlace] = {}
    for place in places.values():
        if place.place_type == "city":
            for name, kind in place.names.items():
                if kind != PRIMARY and place.population < 100_000:
                    continue
                key = (place.country_code, fold(name))
                if key not in best or best[key].population < place.population:
                    best[key] = place
    return best


def _aliases(
    places: dict[str, SourcePlace],
    countries: dict[str, SourcePlace],
    best: dict[tuple[str, str], SourcePlace],
) -> None:
    for row in loader.table("places/aliases.tsv", _ALIAS_COLUMNS):
        country = countries.get(row["country"])
        if country is None:
            raise row.error(f"no country has the code {row['country']!r}")
        known = {fold(name) for name, kind in country.names.items() if kind != ADJECTIVE}
        target: SourcePlace | None = country
        if fold(row["name"]) not in known:
            target = best.get((row["country"], fold(row["name"])))
        if target is None:
            raise row.error(f"no place {row['name']!r} in {row['country']}")
        _name(target, row["name"], PRIMARY)
        _names(target, row["aliases"], PRIMARY)
        _names(target, row["adjectives"], ADJECTIVE)
        if row["weight"]:
            target.weight = max(target.weight, int(_number(row, "weight", 1e9)))


def _names(place: SourcePlace, cell: str, kind: int) -> None:
    for name in cell.split(";"):
        if name.strip():
            _name(place, name.strip(), kind)


def _name(place: SourcePlace, name: str, kind: int) -> None:
    place.names[name] = min(kind, place.names.get(name, kind))


def _number(row: Row, column: str, limit: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        raise row.error(f"{column} {row[column]!r} is no number") from None
    if not -limit <= value <= limit:
        raise row.error(f"{column} {value} is out of range")
    return value
