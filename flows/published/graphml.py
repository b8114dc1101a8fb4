"""The network of actors as GraphML, for Gephi, Cytoscape, igraph and networkx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from warehouse.connection import Connection

_NODE = {"name": "string", "entity_type": "string", "country_code": "string", "sector": "string"}
_EDGE = {
    "events": "long", "verbal_cooperation": "long", "material_cooperation": "long",
    "verbal_conflict": "long", "material_conflict": "long", "goldstein_mean": "double",
    "first_day": "string", "last_day": "string",
}  # fmt: skip
_DERIVED = {"weight": "long", "is_mutual": "boolean"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(con: Connection, path: Path) -> tuple[int, int]:
    """Write the view `actor_network` to `path`. Returns (actors, pairs).

    An edge leads from who acts to who is acted on. Those who act together have one each way with
    `is_mutual` true: a file of both kinds of edges, directed and not, few readers take. `weight` is
    the number of events. A value that is not known is left out.
    """
    edges = con.execute(
        f"SELECT source_id, target_id, is_mutual, {', '.join(_EDGE)} FROM actor_network "
        "ORDER BY source_id, target_id, is_mutual"
    ).fetchall()
    nodes = con.execute(
        f"SELECT entity_id, {', '.join(_NODE)} FROM entities WHERE entity_id IN "
        "(SELECT source_id FROM actor_network UNION SELECT target_id FROM actor_network) "
        "ORDER BY entity_id"
    ).fetchall()
    with path.open("w", encoding="utf-8") as file:
        _document(XMLGenerator(file, "utf-8", short_empty_elements=True), nodes, edges)
    return len(nodes), len(edges)


def _document(xml: XMLGenerator, nodes: list[Any], edges: list[Any]) -> None:
    xml.startDocument()
    _start(xml, "graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    for domain, keys in (("node", _NODE), ("edge", {**_EDGE, **_DERIVED})):
        for name, kind in keys.items():
            key = {"id": f"{domain}.{name}", "for": domain, "attr.name": name, "attr.type": kind}
            _start(xml, "key", key)
            xml.endElement("key")
    _start(xml, "graph", {"id": "actors", "edgedefault": "directed"})
    for key, *values in nodes:
        _start(xml, "node", {"id": key})
        _values(xml, "node", dict(zip(_NODE, values, strict=True)))
        xml.endElement("node")
    for source, target, mutual, *values in edges:
        found = dict(zip(_EDGE, values, strict=True))
        found |= {"weight": found["events"], "is_mutual": str(mutual).lower()}
        for a, b in ((source, target), (target, source)) if mutual else ((source, target),):
            _start(xml, "edge", {"source": a, "target": b})
            _values(xml, "edge", found)
            xml.endElement("edge")
    xml.endElement("graph")
    xml.endElement("graphml")
    xml.endDocument()


def _start(xml: XMLGenerator, name: str, attributes: dict[str, str]) -> None:
    xml.startElement(name, AttributesImpl(attributes))


def _values(xml: XMLGenerator, domain: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is not None:
            _start(xml, "data", {"key": f"{domain}.{name}"})
            xml.characters(_NOT_XML.sub("\ufffd", str(value)))
            xml.endElement("data")
