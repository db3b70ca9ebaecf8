"""Invented content for the pattern page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import Refusal

from ..charts import Figures, Series
from ..forms import Choose, DateField, Form, Group, MoneyField, NumberField, Upload
from ..tables import Bulk, Choice, Column, Dates, Segment, Table, YesNo

STATES = {"current": ("ok", _("In good standing")), "due": ("warn", _("To renew")), "grace": ("bad", _("Grace period")),
          "proof": ("off", _("Proof outstanding"))}


@dataclass(frozen=True)
class Doctor:
    """A physician who does not exist."""

    key: str
    name: str
    unit: str
    number: str
    field: str
    state: str
    dues: Decimal
    until_on: date
    credits: Decimal
    phone: str


def _doctor(at: int, name: str, unit: str, field: str, state: str, dues: int, credits: str) -> Doctor:
    return Doctor(key=f"{at}", name=name, unit=unit, number=f"JH-20{14 + at}-{318 + at * 889:06d}", field=field,
                  state=state, dues=Decimal(dues), until_on=date(2026, 12 - at % 4, 28), credits=Decimal(credits),
                  phone=f"1380000{1000 + at * 37}")


DOCTORS = [
    _doctor(0, "沈知远", "江海省第一人民医院（演示）", "心血管内科", "due", 300, "18.5"),
    _doctor(1, "陆明溪", "海港区中心医院（演示）", "急诊医学", "due", 200, "26"),
    _doctor(2, "程望舒", "江海大学附属妇产医院（演示）", "妇产科", "grace", 200, "9"),
    _doctor(3, "叶听澜", "临川县人民医院（演示）", "全科医学", "current", 200, "21.5"),
    _doctor(4, "方既白", "江海省肿瘤医院（演示）", "放射治疗", "due", 200, "24"),
    _doctor(5, "罗清越", "江海省中医院（演示）", "针灸", "proof", 200, "15.5"),
    _doctor(6, "谭映雪", "江海省第二人民医院（演示）", "麻醉", "grace", 200, "6.5"),
]


class Doctors(Table):
    """A list of invented physicians."""

    code = "shell.sample"
    title = _("Members (sample)")
    unit = "人"
    search_hint = _("Name, number, unit")
    columns = (
        Column("name", _("Name and unit"), sort=True, at="name", sub="unit", link=lambda row: f"#{row.key}"),
        Column("number", _("Member number"), kind="id", sort=True),
        Column("field", _("Medical field"), sort=True),
        Column("state", _("State"), kind="status", words=STATES, sort=True, at="status"),
        Column("dues", _("Dues"), kind="money", sort=True),
        Column("until_on", _("Valid until"), kind="date", sort=True),
        Column("credits", _("Credits this year"), kind="number", unit="分", places=1, sort=True),
        Column("phone", _("Mobile"), sensitive=True, hidden=True),
    )
    segments = (
        Segment("all", _("All")),
        Segment("follow", _("To follow up"), test=lambda row: row.state != "current"),
        Segment("current", _("In good standing"), test=lambda row: row.state == "current"),
    )
    filters = (
        Choice("state", _("State"), options=[(code, word) for code, (_light, word) in STATES.items()]),
        Dates("until_on", _("Valid until")),
        YesNo("few", _("Fewer than 10 credits"), test=lambda row: row.credits < 10),
    )
    bulk = (Bulk("shell:patterns", _("Send a reminder"), icon="send"),
            Bulk("shell:patterns", _("End memberships……"), danger=True))


class Sample(Form):
    """A form with one of each control."""

    name = django_forms.CharField(label=_("Name of the event"), max_length=40)
    person = Choose(kind="directory.person", label=_("Contact person"), required=False,
                    placeholder=_("Name, pinyin, unit"))
    held_on = DateField(label=_("Held on"))
    people = NumberField(label=_("Attendance"), unit=_("people"), whole=True, min_value=1,
                         help_text=_("Those who signed in, without staff."))
    cost = MoneyField(label=_("Cost"), required=False)
    kind = django_forms.ChoiceField(label=_("Kind of event"), choices=[
        ("", "——"), ("forum", _("Forum")), ("talk", _("Lecture"))])
    place = django_forms.ChoiceField(label=_("Venue"), widget=django_forms.RadioSelect,
                                     choices=[("hall", _("In the hall")), ("line", _("On line"))])
    note = django_forms.CharField(label=_("Further remark"), required=False,
                                  widget=django_forms.Textarea(attrs={"rows": 3}))
    file = Upload(label=_("Evidence"), accept=(".pdf", ".jpg", ".png"), max_bytes=20 * 1024 * 1024, required=False)
    public = django_forms.BooleanField(label=_("Show it on the public page"), required=False)
    groups = (Group(label=_("What took place"), fields=("name", "held_on", "people", "cost", "kind", "place")),
              Group(label=_("Who can tell more"), fields=("person", "note", "file", "public")))
    basis = "W3"
    draft = True


_MONTHS = tuple(f"{number}月" for number in range(1, 13))
PACE = Figures(
    id="x-sample-pace", head=_("Month"), categories=_MONTHS, now=10,
    series=(
        Series(label=_("As planned"), values=(3, 8, 17, 26, 36, 48, 57, 64, 73, 82, 88, 100), line="dashed",
               colour="ink-3"),
        Series(label=_("Actual"), values=(2.5, 7, 15, 25.5, 35, 47.5, 52.5, 59.5, 69, 78, 83.4, None), line="area",
               colour="accent"),
    ),
)
BARS = Figures(
    id="x-sample-bars", head=_("Department"), categories=("组织部", "学术部", "继教部", "质控办"),
    series=(Series(label=_("Done"), values=(9, 13, 9, 22), colour="done-fill"),
            Series(label=_("Still open"), values=(7, 11, 7, 18), colour="off-fill")),
)
JOB = SimpleNamespace(pk=0, kind="sample", done=8210, total=12486, state="cancelled", message="", trouble="", result="")
REFUSAL = Refusal(_("This vote cannot begin: one person is missing"), regulation="W3",
                  instead=_("42 are called, 27 have come; 28 are needed."))
