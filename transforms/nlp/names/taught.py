"""Actors that a project teaches, laid over the packaged lexicon; their offices go by the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transforms.dictionary.entries import Actor, Dictionary, Office
from transforms.nlp.names.actors import ActorLexicon, Known, Noun, fold, packaged, pieces_of

_LABEL = {"person": "PERSON"}


def taught_lexicon(dictionary: Dictionary, offices: tuple[Office, ...]) -> ActorLexicon:
    """The packaged lexicon with the dictionary's actors, as these offices make them."""
    base = packaged()
    lex = replace(
        base,
        forms={first: list(entries) for first, entries in base.forms.items()},
        by_form=dict(base.by_form),
        surnames=dict(base.surnames),
        plain_surnames=set(base.plain_surnames),
        nouns=dict(base.nouns),
        title_heads=dict(base.title_heads),
        offices={},
    )
    _forget(lex, dictionary.left_out("actor"))
    holders: dict[str, Known] = {}
    for actor in dictionary.actors:
        known = _known(actor, offices)
        holders[actor.name] = known
        _forget(lex, (actor.name, *actor.aliases))
        for form in (actor.name, *actor.aliases):
            lex.add(form, known)
        if actor.surname:
            lex.surnames[actor.surname] = known
            lex.plain_surnames.add(actor.surname)
    for office in offices:
        _hold(lex, office, holders[office.name])
    for entries in lex.forms.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return lex


def _known(actor: Actor, offices: Iterable[Office]) -> Known:
    held = next((office for office in offices if office.name == actor.name), None)
    country, sector = actor.country_code, actor.sector
    if held is not None:
        country, sector = held.country_code or country, held.sector
    label = _LABEL.get(actor.entity_type, "ORG")
    return Known(actor.entity_type, actor.name, country, sector, label, True)


def _forget(lex: ActorLexicon, names: Iterable[str]) -> None:
    for name in names:
        lex.by_form.pop(fold(name), None)
        lex.surnames.pop(name, None)
        lex.plain_surnames.discard(name)
        for form in pieces_of(name):
            entries = lex.forms.get(form[0], [])
            entries[:] = [entry for entry in entries if entry[0] != form]


def _hold(lex: ActorLexicon, office: Office, known: Known) -> None:
    title = tuple(office.title.lower().split())
    code = office.country_code or known.country_code
    if code is not None:
        held = lex.offices.setdefault(title, {})
        held[code] = None if held.get(code, known) != known else known
    head = title[title.index("of") - 1 if "of" in title else -1]
    lex.nouns.setdefault(head, Noun(office.sector, "person", stable=False))
    lex.title_heads.setdefault(head, office.sector)
