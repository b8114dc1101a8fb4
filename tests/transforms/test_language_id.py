"""Which language a text is in, short ones too."""

from __future__ import annotations

import pytest

from transforms.language_id import language_of

TEXTS = [
    ("Kenya and Uganda signed a trade agreement in Nairobi on Monday.", "en"),
    ("The minister met his colleague.", "en"),
    ("Le ministre a rencontré son homologue à Paris mardi, selon un communiqué.", "fr"),
    ("Der Minister traf seinen Kollegen am Montag in Berlin, wie das Amt mitteilte.", "de"),
    ("El ministro se reunió con su homólogo en Madrid el lunes, según un comunicado.", "es"),
    ("Министр встретился с коллегой в Москве в понедельник, сообщило агентство.", "ru"),
    ("外交部长星期一在北京会见了他的同事，新华社报道说。", "zh"),
    ("12:30 — 14", None),
]


@pytest.mark.parametrize(("text", "language"), TEXTS)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language
