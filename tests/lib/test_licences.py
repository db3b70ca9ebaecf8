"""Licence numbers are read and remarked upon; none is rejected."""

import pytest

from xinglin.lib import licences as li

IDENTITY = "11010519491231002X"


def test_a_regular_practice_licence_is_read_part_by_part() -> None:
    assert li.practice_licence(number="1103 1010 1000 123") == li.LicenceReading(
        value="110310101000123", level="执业医师", category="临床", region="310101"
    )


@pytest.mark.parametrize(
    ("number", "warnings"),
    [
        ("", [li.LicenceWarning.EMPTY]),
        ("1103101010001", [li.LicenceWarning.LENGTH]),
        ("沪1234", [li.LicenceWarning.NOT_ALL_DIGITS, li.LicenceWarning.LENGTH]),
        ("310310101000123", [li.LicenceWarning.LEVEL]),
        ("199310101000123", [li.LicenceWarning.CATEGORY]),
        ("110999999000123", [li.LicenceWarning.REGION]),
        ("110310199000123", []),  # an unknown county of a known municipality passes
        ("241310101000123", []),
    ],
)
def test_an_unusual_practice_licence_is_remarked_upon(number: str, warnings: list[li.LicenceWarning]) -> None:
    assert list(li.practice_licence(number=number).warnings) == warnings


def test_the_tail_of_a_qualification_is_the_identity_number() -> None:
    number = f"200831110{IDENTITY.lower()}"
    reading = li.qualification(number=number, identity_number=IDENTITY.lower())
    assert reading == li.LicenceReading(
        value=f"200831110{IDENTITY}", level="执业医师", category="临床", region="310000", year=2008
    )
    other = li.qualification(number=number, identity_number="110105194912310038")
    assert other.warnings == (li.LicenceWarning.IDENTITY_DIFFERS,)
    passport = li.qualification(number=number, identity_number="E12345678")
    assert passport.warnings == (li.LicenceWarning.IDENTITY_UNREAD,)


def test_an_unusual_qualification_is_remarked_upon() -> None:
    assert li.qualification(number=f"197799990{IDENTITY}").warnings == (
        li.LicenceWarning.LEVEL,
        li.LicenceWarning.CATEGORY,
        li.LicenceWarning.REGION,
        li.LicenceWarning.YEAR,
    )
    assert not li.qualification(number="123").is_regular


def test_every_warning_has_words_in_both_languages() -> None:
    assert set(li.WARNING_WORDS) == set(li.LicenceWarning)
    assert all(zh and en for zh, en in li.WARNING_WORDS.values())
