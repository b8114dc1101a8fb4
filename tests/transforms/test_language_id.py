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
    # English with names of elsewhere, which a detector of letters takes for their language
    ("Premier Agnieszka Wójcik met Krzysztof Dąbrowski and Grzegorz Łuczak in Rzeszów.", "en"),
    ("Vali Ömer Çağlayan met Gülşen İpek in Eskişehir on Friday.", "en"),
    ("Ministro Paolo Conti thanked the Guardia di Finanza della Lombardia on Monday.", "en"),
    ("The Junta de Castilla accused the Xunta de Galicia of delay on Tuesday.", "en"),
    ("Chief Adaeze Nwosu condemned the arrests of Igbo traders in Kano. Emir Bello met her.", "en"),
    ("Barangay captains met Mayor Dela Cruz in Tondo. Senator Reyes condemned them.", "en"),
    ("Togo expels envoy of Mali.", "en"),
    ("GHANA RECALLS ENVOY FROM TOGO. BENIN OFFERS TO MEDIATE.", "en"),
    ("For: Chad, Gabon, Mali, Peru. Against: Laos, Nepal. The council rejected the text.", "en"),
    ("Girona 2 Cádiz 1. Lens 0 Nantes 3. Police arrested six fans in Lens.", "en"),
    ('"La patria no se vende, la revolución no se rinde," the president of Cuba said.', "en"),
    ("Kim Jong Un visits Pyongyang factory.", "en"),
    ("ECOWAS suspends Niger, Mali, Burkina Faso.", "en"),
    ("Death toll: Haiti 34, Cuba 2, Jamaica 1.", "en"),
    ("Russia invaded Ukraine.", "en"),
    ("Ethiopia's government jammed Deutsche Welle's Amharic broadcasts.", "en"),
    ("Senado de la República rejects bill.", "en"),
    ('"Nous sommes en guerre," President Macron said. "Vive la France."', "en"),
    ('Zelenskyy: "Слава Україні!" Crowd in Lviv cheers.', "en"),
    # and short texts of others
    ("Polizei nimmt drei Männer in Köln fest.", "de"),
    ("La policía detuvo a tres personas en Sevilla.", "es"),
    ("La polizia ha arrestato tre persone a Torino.", "it"),
    ("De politie heeft drie mannen in Breda gearresteerd.", "nl"),
    ("Policja zatrzymała trzy osoby w Gdańsku.", "pl"),
    ("Polis bu sabah İzmir’de üç kişiyi gözaltına aldı.", "tr"),
    ("Polisi menangkap tiga orang di Bandung.", "id"),
    ("Bundestag lehnt Gesetz ab.", "de"),
    ("Minister trifft Kollegen in Bern", "de"),
    ("Regeringen afviser forslaget fra oppositionen.", "da"),
    ("Hallitus hylkäsi opposition ehdotuksen.", "fi"),
    ("Muere exministro peruano", "es"),
    ("Di soja dem don catch three pipo wey dey thief oil for Warri.", None),  # Pidgin has no code
]


@pytest.mark.parametrize(("text", "language"), TEXTS)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Zółty Łódź Gdańsk Szczecin.", "en", "en"),
        ("Kenya recalls envoy.", "English", "en"),
        ("Kenya recalls envoy.", "en-GB", "en"),
        ("Le ministre a rencontré mardi son homologue à Paris, selon un communiqué du palais.",
         "en", "fr"),
        ("Министр встретился с коллегой в Москве в понедельник, сообщило агентство.", "en", "ru"),
        ("The minister met his colleague on Monday and said that they had agreed on the text.",
         "de", "en"),
        ("Der Minister traf seinen Kollegen am Montag.", "de", "de"),
        ("12:30", "fr", "fr"),
        ("12:30", "none at all", None),
    ],
)  # fmt: skip
def test_what_is_declared_holds_unless_the_text_strongly_says_otherwise(
    text: str, declared: str, language: str | None
) -> None:
    assert language_of(text, declared) == language
