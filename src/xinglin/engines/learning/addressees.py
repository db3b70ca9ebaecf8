"""Whom notices of learning go to."""

from datetime import date

from xinglin.directory import answers as directory
from xinglin.kernel import regulations
from xinglin.kernel.refs import Ref

from .projects import Project

SECRETARIES = ("branch_secretary", "chair")


def runners(project: Project, *, on: date) -> list[Ref]:
    """Return who runs a project: its leader, secretaries and chair of its branch."""
    terms = directory.members_of(project.branch.ref, on=on, titles=SECRETARIES)
    return list(dict.fromkeys([project.leader.ref, *(one.person for one in terms)]))


def office_people(*, on: date) -> list[Ref]:
    """Return who works in the CME office on a day: the department whose name says so, else the office (E4)."""
    words = regulations.value("E4.office_words", on=on)
    places = [one for one in directory.departments(on=on) if any(word in one.name for word in words)]
    terms = [term for one in places or directory.of_kind("office", on=on)
             for term in directory.members_of(one.ref, on=on)]
    return list(dict.fromkeys(one.person for one in terms))
