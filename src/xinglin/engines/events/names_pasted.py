"""Reads names pasted from a sheet, a line each, its columns told by what stands in them; wrong lines say why."""

import re
import unicodedata
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Problem

from .places import Party

MOST = 1000
_HEADING = re.compile(r"^(姓名|名字|参会人员|name)$", re.IGNORECASE)
_SPLIT = re.compile(r"[\t,，;；|]+|\s{2,}|(?<=\S) (?=\S+@)|(?<=\S) (?=1\d{10}\b)")
_NAME = re.compile(r"^[^\W\d_][^\d_@/\\<>]{0,38}[^\W\d_]$")
_MOBILE = re.compile(r"^(?:\+?86)?1[3-9]\d{9}$")
_NUMBER = re.compile(r"^[+\d][\d\s-]{4,}$")


def parties_in(*, text: str) -> tuple[list[tuple[int, Party]], list[Problem]]:
    """Return who stands in pasted lines, with the numbers of the lines, and what is wrong with the others."""
    rows: list[tuple[int, Party]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines()[:MOST], start=1):
        cells = [one.strip() for one in _SPLIT.split(unicodedata.normalize("NFKC", line)) if one.strip()]
        if not cells or (number == 1 and _HEADING.match(cells[0])):
            continue
        party, wrong = _party(cells, blank_first=line[:1] in ("\t", ",", "，"))
        same = (party.name, party.mobile or party.email or party.unit_name)
        if not wrong and same in seen:
            wrong = _("%(name)s stands on line %(line)d already.") % {"name": party.name, "line": seen[same]}
        if wrong:
            problems.append(Problem(field="names", row=number, message=_("Line %(row)d: %(why)s") % {
                "row": number, "why": wrong}))
        else:
            seen[same] = number
            rows.append((number, party))
    return rows, problems


def _party(cells: Sequence[str], *, blank_first: bool) -> tuple[Party, str]:
    name, rest = ("", cells) if blank_first else (cells[0], cells[1:])
    email = mobile = unit = ""
    for one in rest:
        if "@" in one:
            email = one
        elif _NUMBER.match(one):
            mobile = re.sub(r"[\s-]", "", one)
        else:
            unit = unit or one
    party = Party(name=name, unit_name=unit, email=email, mobile=mobile)
    return party, _wrong(party)


def _wrong(party: Party) -> str:
    if not party.name:
        return _("The name is missing; write it first on the line.")
    if not _NAME.match(party.name):
        return _("“%(name)s” is no name; write the name alone in the first column.") % {"name": party.name}
    if party.mobile and not _MOBILE.match(party.mobile):
        return _("%(name)s: “%(mobile)s” is no mobile number; it has eleven digits and begins with 1.") % {
            "name": party.name, "mobile": party.mobile}
    if party.email:
        try:
            validate_email(party.email)
        except ValidationError:
            return _("%(name)s: “%(email)s” is no e-mail address; write it like name@example.org.") % {
                "name": party.name, "email": party.email}
    return ""
