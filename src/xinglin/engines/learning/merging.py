"""How projects, attendances, credits and duties follow when two entries of the directory are one person."""

from django.utils.translation import gettext_lazy as _

from xinglin.directory.merging import moving_refs, moving_rows, register_merge

from .certificates import Openness
from .credits import Attendance, Award, Bar, Claim, Duty, TestResult
from .projects import Project, Session, Teacher

register_merge("learning.records", moving_rows(kind="learning.records", label=_("CME projects and credits"), follow=(
    (Project, "leader", ()), (Session, "lecturer", ()), (Teacher, "person", ("project",)), (Attendance, "person", ()),
    (TestResult, "person", ("project", "taken_on")), (Award, "person", ("project", "kind")), (Claim, "person", ()),
    (Duty, "person", ("from_on",)), (Openness, "person", ()))))
register_merge("learning.bars", moving_refs(kind="learning.bars", label=_("Bars from applying"), model=Bar,
                                            field="about"))
