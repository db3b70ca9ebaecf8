"""The fictional association's house: its departments, branches, and the hospitals around it."""

from dataclasses import dataclass, field
from datetime import date

from xinglin.directory.actions.organisations import found_organisation
from xinglin.kernel.actors import house as part
from xinglin.kernel.refs import Ref

from .invented import CITIES, COUNTIES, SPECIALTIES, hospital_names

NAME = "江海省医师协会（演示）"
UNITS = {
    "office": ("办公室", "office"),
    "party": ("党务部", "department"),
    "organisation": ("组织部", "department"),
    "membership": ("会员部", "department"),
    "academic": ("学术部", "department"),
    "cme": ("继教部", "department"),
    "research": ("科研部", "department"),
    "quality": ("质控办", "department"),
    "publicity": ("宣传部", "department"),
    "rights": ("维权部", "department"),
    "finance": ("财务部", "department"),
    "union": ("工会", "department"),
}


@dataclass
class House:
    """The refs of everything that was founded."""

    association: Ref
    commission: Ref
    units: dict[str, Ref] = field(default_factory=dict)
    branches: list[Ref] = field(default_factory=list)
    branch_names: list[str] = field(default_factory=list)
    hospitals: list[Ref] = field(default_factory=list)
    hospital_names: list[str] = field(default_factory=list)
    counties: list[Ref] = field(default_factory=list)


def found(*, branches: int, hospitals: int, year: int) -> House:
    """Found the association with its departments and branches, and enter the hospitals."""
    by, on = part("demo"), date(year - 1, 12, 1)

    def one(name: str, kind: str, **more: object) -> Ref:
        return found_organisation(by=by, on=on, name=name, kind=kind, **more)  # type: ignore[arg-type]

    made = House(
        association=one(NAME, "association", from_on=date(1995, 6, 18), region="320000"),
        commission=one("江海省卫生健康委员会（演示）", "government"),
    )
    for order, (code, (name, kind)) in enumerate(UNITS.items()):
        made.units[code] = one(name, kind, parent=made.association, from_on=date(1995, 6, 18), order=order)
    for name in SPECIALTIES[:branches]:
        made.branch_names.append(f"{name}医师分会")
        made.branches.append(one(f"{name}医师分会", "branch", parent=made.association, from_on=date(2008, 3, 1)))
    for number, name in enumerate(hospital_names(hospitals)):
        kind = "primary_care" if "社区" in name else "hospital"
        made.hospital_names.append(name)
        made.hospitals.append(one(name, kind, level="1a" if kind == "hospital" and number % 6 == 2 else ""))
    made.counties = [one(f"{county}县卫生健康局（演示）", "government") for county in COUNTIES]
    return made


PLACES = (*CITIES, *COUNTIES)
