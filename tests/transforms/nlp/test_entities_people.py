"""Which full name a short form means; one key for all spellings of a name."""

from __future__ import annotations

import pytest

from transforms.nlp.entities.people import People, gender, person_key


def people(*names: str) -> People:
    return People((name, 10 * position) for position, name in enumerate(names))


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Anna Kowalska", "Kowalska"),
        ("Ramon Dela Cruz", "Dela Cruz"),
        ("Camilo Restrepo Duque", "Restrepo"),
        ("Layla al-Jabiri", "Jabiri"),
        ("Laith Abu Jubran al-Dulaimi", "al-Dulaimi"),
        ("U Khine Maung", "Khine Maung"),
        ("Kim Do-hyun", "Kim"),
        ("Volodymyr Zelenskyy", "Zelensky"),
        ("Nicolás Maduro", "Maduro"),
    ],
)
def test_a_short_form_is_its_person(full: str, short: str) -> None:
    assert people(full, "Petr Novak").full(short, 99) == full


def test_a_surname_of_two_people_is_neither() -> None:
    assert people("Maria Silva", "Joao Silva").full("Silva", 99) is None


def test_a_surname_is_the_only_bearer_named_so_far() -> None:
    assert people("Kim Jong-un", "Kim Do-hyun").full("Kim", 5) == "Kim Jong-un"
    assert people("Kim Jong-un", "Kim Do-hyun").full("Kim", 15) is None


def test_a_longer_form_of_a_name_is_the_same_person() -> None:
    held = people("Juan Manuel Ortega Ruiz", "Juan Ruiz")
    assert held.full("Ruiz", 99) == held.full("Juan Ruiz", 99) == "Juan Manuel Ortega Ruiz"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Jong-un", "Kim Jong Un"),
        ("Muammar Qaddafi", "Moammar Gadhafi"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
        ("Mohammed Hussein", "Muhammad Hussain"),
        ("Abdel Fattah al-Sisi", "Abdel Fattah el-Sisi"),
        ("Sergey Shoygin", "Sergei Shoygin"),
        ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
        ("Piotr Mirskiy", "Piotr Mirskyi"),
        ("Youssef Ibrahim", "Yusuf Ebrahim"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert person_key(one) == person_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim Jong-un", "Kim Jong-il"), ("Maria Silva", "Mario Silva"), ("Ali Hassan", "Ali Hussein"),
     ("George Bush", "George W. Bush")],
)  # fmt: skip
def test_namesakes_keep_their_keys(one: str, other: str) -> None:
    assert person_key(one) != person_key(other)


def test_gender_needs_a_given_name_that_tells() -> None:
    assert gender("Rebecca Hale") == "f"
    assert gender("Haruto Morimoto") == "m"
    assert gender("Kim Jong Un") is None  # the family stands first
    assert gender("Hale") is None
