"""Which place each toponym stands for.

Scores are in powers of ten of a population: how well known a place is, plus what the rest of
the article says for its country, its first-order division and its neighbourhood. The article is
weighed by distinct forms, so that a name said twenty times does not outvote the others, and a
form never counts for itself. One form has one sense in an article, but for an explicit
"Paris, Texas".
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.gazetteer import ALIAS, FOREIGN, NONE, Candidate
from transforms.lexicons.loader import word_set
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.containers import SEAT, Allowed, contained, narrowed
from transforms.nlp.places.cues import Told
from transforms.nlp.places.toponym import Toponym, root_of

_WORKS = word_set("words/places.tsv", "resolve.works")
ROUNDS = 3
SHARPNESS = 2.5  # of the choice among candidates, per power of ten
COUNTRY_PULL, ADMIN1_PULL, NEAR_PULL = 1.2, 2.0, 0.8
NEAR_KM = 150.0
_NEAR_DEGREES = NEAR_KM / 111.2 + 1e-6  # of latitude; `_near` decides
KIND_COST = {0: 0.0, ALIAS: 0.4, FOREIGN: 1.2, 3: 0.0}
SEAT_COST = 1.0  # of a division that is named after a town in it
REGION_COST = 0.9  # of a county without "County"
ENGLISH = {"AUS", "CAN", "GBR", "IRL", "NZL", "USA"}
FORMER_COST = 2.4  # of what a town there was once called, or a quarter of it: "Twickenham"
SHIRES = {"GBR", "IRL"}  # where counties go by their bare name
SMALL = 20_000  # below it a foreign spelling needs the article to speak for the country
RENOWNED = 1_000_000  # its name is not used for a small town that has another one
KNOWN = 500_000  # so may it where works bear the name of a town
FAMOUS = 100_000  # English has its own names for towns of this size
CANDIDATE_LIMIT = 60
UNHEARD = 30_000  # below it a place needs its country told where the article plays in another
LEAD, AGREED = 2.0, 0.6  # toponyms of that other country, and their part of all that is told
SAID = 0.5  # of the name of a place inside another name


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen for one toponym; `confidence` is its share of the scores."""

    candidate: Candidate
    method: str  # demonym, containment, context, only, prior
    confidence: float


@dataclass(slots=True)
class _Form:
    """One distinct form (with one explicit container) and its candidates."""

    candidates: list[Candidate]
    prior: list[float]
    adjective: bool
    contained: bool = False
    share: list[float] = field(default_factory=list)
    say: float = 1.0  # how much it tells the others
    root: str = ""  # what "Karak" and "Karak district" share: they tell each other nothing

    @property
    def best(self) -> int:
        """Number of the candidate with the largest share, the first of equals."""
        return self.share.index(max(self.share))


def resolve(
    parse: Parse,
    toponyms: Sequence[Toponym],
    said: Sequence[Toponym] = (),
    told: Told | None = None,
) -> list[Choice | None]:
    """The choice for each toponym, None where the gazetteer knows no such name.

    `said` are names of places that are no toponyms of the article but tell where it plays, as
    does what is `told` by the way.
    """
    containers = contained(parse, toponyms)
    divisions = narrowed(parse, toponyms, containers)
    keys: list[tuple[str, Allowed | None]] = []
    senses: dict[str, Allowed] = {}
    for toponym, allowed in zip(toponyms, containers, strict=True):
        if allowed:
            senses.setdefault(toponym.form, allowed)
    forms: dict[tuple[str, Allowed | None], _Form] = {}
    for toponym, inside, division in zip(toponyms, containers, divisions, strict=True):
        if inside is not None and not inside:
            keys.append((toponym.form, inside))  # no place of that name is where it is said to be
            continue
        both = inside & division if inside and division else None  # "Ukraine's Odesa region"
        allowed = both or inside or division or senses.get(toponym.form)
        key = (toponym.form, allowed)
        keys.append(key)
        if key not in forms and toponym.candidates:
            forms[key] = _form(toponym, allowed)
    held = list(forms.values())
    for (name, _), form in forms.items():
        form.root = root_of(name)
    spoken = {toponym.form for toponym in toponyms}
    for toponym in said:
        if toponym.candidates and toponym.form not in spoken:
            spoken.add(toponym.form)
            held.append(_form(toponym, None))
            held[-1].say, held[-1].root = SAID, root_of(toponym.form)
    _settle(held, told or Told())
    found: list[Choice | None] = []
    for key, toponym in zip(keys, toponyms, strict=True):
        chosen = forms.get(key)
        known = (
            chosen is not None
            and _is_backed(chosen, key[0], held, site=_names_site(parse, toponym))
            and not _is_contradicted(chosen, held)
        )
        found.append(_choose(chosen) if chosen is not None and known else None)
    return found


def _form(toponym: Toponym, allowed: frozenset[int] | None) -> _Form:
    candidates = [c for c in toponym.candidates if allowed is None or c.index in allowed]
    known = max((c.weight for c in candidates if c.kind <= ALIAS), default=0)
    if known >= RENOWNED:  # "Islamabad" is no town in Kashmir, however much is told of Kashmir
        candidates = [c for c in candidates if c.kind <= ALIAS or 10 * c.weight >= known]
    seats = {
        c.admin1 for c in candidates if c.place_type == "city" and c.kind == 0 and c.weight >= SEAT
    }
    ranked = sorted(
        (-_prior(c, toponym.form, c.index in seats, known), c.index, c) for c in candidates
    )
    del ranked[CANDIDATE_LIMIT:]
    candidates = [c for _, _, c in ranked]
    prior = [-cost for cost, _, _ in ranked]
    form = _Form(candidates, prior, toponym.adjective, allowed is not None)
    form.share = _shares(prior)
    return form


def _prior(candidate: Candidate, form: str, shares_name: bool, known: int) -> float:
    """How well known a place is under this name; `shares_name` with a large town inside it.

    `known` is the weight of the best known place whose proper name it is.
    """
    kind, cost = candidate.place_type, KIND_COST[candidate.kind]
    if candidate.kind == FOREIGN and candidate.weight >= FAMOUS and known < FAMOUS:
        cost = KIND_COST[ALIAS]
    if candidate.kind == FOREIGN and candidate.country_code in ENGLISH:
        cost = FORMER_COST
    if kind == "admin1":
        cost += SEAT_COST if shares_name else 0.0
    elif kind == "region" and candidate.country_code and " " not in form:
        cost += 0.0 if candidate.country_code in SHIRES and candidate.kind == 0 else REGION_COST
    elif kind == "site":
        cost += 0.3
    return math.log10(candidate.weight + 10) - cost


def _shares(scores: list[float]) -> list[float]:
    top = max(scores)
    raised = [10 ** (SHARPNESS * (score - top)) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def _settle(forms: list[_Form], told_by_way: Told) -> None:
    """Let the forms of one article inform each other, a few times."""
    for _ in range(ROUNDS):
        country = dict(told_by_way.countries)
        admin1 = dict(told_by_way.divisions)
        own: dict[str, tuple[dict[str, float], dict[int, float]]] = {}
        anchors: list[tuple[str, Candidate, float]] = []
        for form in forms:
            mine = own.setdefault(form.root, ({}, {}))
            told: tuple[dict[str, float], dict[int, float]] = ({}, {})
            for candidate, share in zip(form.candidates, form.share, strict=True):
                if share < 0.02:
                    continue
                share *= form.say
                if candidate.country_code:
                    code = candidate.country_code
                    told[0][code] = told[0].get(code, 0.0) + share
                if candidate.admin1 != NONE:
                    told[1][candidate.admin1] = told[1].get(candidate.admin1, 0.0) + share
                if share > 0.5 and candidate.place_type in {"city", "region", "site"}:
                    anchors.append((form.root, candidate, share))
            for code, value in told[0].items():
                country[code] = country.get(code, 0.0) + value
                mine[0][code] = mine[0].get(code, 0.0) + value
            for index, value in told[1].items():
                admin1[index] = admin1.get(index, 0.0) + value
                mine[1][index] = mine[1].get(index, 0.0) + value
        neighbours = _Neighbours(anchors)
        total = sum(country.values()) or 1.0
        for form in forms:
            if len(form.candidates) == 1:
                continue
            scores = []
            mine = own[form.root]
            rest = max(total - sum(mine[0].values()), 1e-9)
            for candidate, prior in zip(form.candidates, form.prior, strict=True):
                code, area = candidate.country_code, candidate.admin1
                said = country.get(code, 0.0) - mine[0].get(code, 0.0)
                score = prior + COUNTRY_PULL * (said / max(rest, 1.0)) ** 0.5
                if area != NONE:
                    said = admin1.get(area, 0.0) - mine[1].get(area, 0.0)
                    score += ADMIN1_PULL * (1 - math.exp(-max(said, 0.0)))
                near = neighbours.weight(candidate, form.root)
                score += NEAR_PULL * (1 - math.exp(-near))
                scores.append(score)
            form.share = _shares(scores)


class _Neighbours:
    """Places that are sure enough to speak for others near them, by latitude."""

    def __init__(self, anchors: Sequence[tuple[str, Candidate, float]]) -> None:
        self.anchors = anchors
        order = sorted((anchor.latitude, n) for n, (_, anchor, _) in enumerate(anchors))
        self.latitudes, self.numbers = [at for at, _ in order], [n for _, n in order]

    def weight(self, candidate: Candidate, root: str) -> float:
        """How much those near a candidate weigh, but for those of its own root."""
        first = bisect_left(self.latitudes, candidate.latitude - _NEAR_DEGREES)
        last = bisect_right(self.latitudes, candidate.latitude + _NEAR_DEGREES)
        total = 0.0
        for number in sorted(self.numbers[first:last]):  # a sum depends on its order
            other, anchor, weight = self.anchors[number]
            if other != root and _near(candidate, anchor):
                total += weight
        return total


def _near(one: Candidate, other: Candidate) -> bool:
    high = abs(one.latitude - other.latitude) * 111.2
    if not high <= NEAR_KM:
        return False
    wide = abs(one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(high, wide) <= NEAR_KM


def _names_site(parse: Parse, toponym: Toponym) -> bool:
    """ "the Grasberg mine": a field or works may lie far from the town that bears its name."""
    behind = parse.lower[toponym.end] if toponym.end < len(parse) else ""
    return behind in _WORKS and parse.heads[toponym.end - 1] == toponym.end


def _is_backed(form: _Form, name: str, others: Sequence[_Form], *, site: bool) -> bool:
    """No when all that speaks for a small town is that a foreign spelling or a `site` fits."""
    candidate = form.candidates[form.best]
    if form.contained or form.adjective or candidate.weight >= (KNOWN if site else SMALL):
        return True
    if not site and (candidate.kind != FOREIGN or " " in name):
        return True
    told = {
        c.country_code
        for other in others
        if other.root != form.root
        for c, share in zip(other.candidates, other.share, strict=True)
        if share >= 0.2
    }
    return candidate.country_code in told or (not told and candidate.weight >= SMALL)


def _is_contradicted(form: _Form, others: Sequence[_Form]) -> bool:
    """Is it a small place of a country that nothing else tells of, and the rest agrees on another?

    "Hanley" among towns of Staffordshire is not the village in Saskatchewan, although the gazetteer
    knows no other.
    """
    candidate = form.candidates[form.best]
    if form.contained or form.adjective or candidate.place_type == "country":
        return False
    if candidate.weight >= UNHEARD:
        return False
    told: dict[str, float] = {}
    for other in others:
        if other.root != form.root:
            for c, share in zip(other.candidates, other.share, strict=True):
                if c.country_code:
                    told[c.country_code] = told.get(c.country_code, 0.0) + share * other.say
    most = max(told.values(), default=0.0)
    own = told.get(candidate.country_code, 0.0)
    return own < 0.2 and most >= LEAD and most >= AGREED * sum(told.values())


def _choose(form: _Form) -> Choice:
    best = form.best
    candidate = form.candidates[best]
    if form.adjective:
        method = "demonym"
    elif form.contained:
        method = "containment"
    elif len(form.candidates) == 1:
        method = "only"
    else:
        method = "prior" if best == 0 else "context"
    return Choice(candidate, method, form.share[best])
