"""The facts alone, folded in order, give the tables."""

import json
from datetime import date
from decimal import Decimal

import pytest

from xinglin.engines.worklog.actions.registers import ItemWords, amend_item, change_track, close_track, move_item
from xinglin.engines.worklog.actions.series import cancel_edition, change_series, open_series, plan_edition
from xinglin.engines.worklog.actions.verifying import return_work, verify_work
from xinglin.engines.worklog.actions.words import KindWords, change_kind, retire_kind
from xinglin.engines.worklog.actions.work import correct_work, log_work, submit_work, withdraw_work
from xinglin.engines.worklog.entries import Entry
from xinglin.engines.worklog.registers import Item, Track
from xinglin.engines.worklog.words import QUANTITIES, Edition, Kind, Series
from xinglin.kernel.ledger.models import Annex, SealedFact

from .conftest import ACADEMIC, BRANCH, CLERK, DAY, HEAD, OFFICE

pytestmark = pytest.mark.django_db
WORK = (
    "kind",
    "organisation",
    "until_on",
    "count",
    "format",
    "region",
    "place",
    *QUANTITIES,
    "series",
    "edition",
    "role",
    "item",
    "entrusted_by",
    "logged_by",
    "changed_by",
    "title",
    "unit",
    "description",
    "place_name",
    "partner_names",
)
ITEM = (
    "track",
    "stage",
    "parent",
    "subject",
    "region",
    "grade",
    "modality",
    "organisation",
    "owner",
    "party",
    "from_on",
    "until_on",
    "due_on",
    "days",
    "number",
    "title",
    "party_name",
    "from_place",
    "to_place",
    "result",
)


def fold():
    """Play every sealed fact of the worklog, in order, onto empty tables."""
    words = {one.key: json.loads(one.text) for one in Annex.objects.all()}
    tables = {name: {} for name in ("kind", "series", "edition", "entry", "track", "item")}
    for fact in SealedFact.objects.filter(type__startswith="worklog.").order_by("position"):
        said = {**fact.body, **words.get(fact.key, {})}
        _engine, noun, participle = fact.type.split(".")
        PLAY[noun](tables, participle, said, fact)
    return tables


def _kind(tables, participle, said, fact):
    if participle == "retired":
        tables["kind"][said["kind"]]["until_on"] = said["until_on"]
        return
    known = json.loads(said["words"])
    tables["kind"][said["kind"]] = {
        "until_on": "",
        **known,
        **{name: said.get(name) or "" for name in ("parent", "pattern")},
        **{name: said[name] for name in ("group", "quantities", "uses", "numbered", "order", "from_on")},
    }


def _series(tables, participle, said, fact):
    tables["series"][said["series"]] = {
        "title": said["title"],
        "aliases": json.loads(said["aliases"]),
        "kind": said["kind"],
        "organisation": said["organisation"],
        "per_year": said["per_year"],
    }


def _edition(tables, participle, said, fact):
    if participle == "cancelled":
        tables["edition"][said["edition"]]["state"] = "cancelled"
        return
    tables["edition"][said["edition"]] = {
        **{name: said[name] for name in ("series", "number", "year", "role")},
        "host": said.get("host", ""),
        "host_name": said.get("host_name", ""),
        "state": "held" if said["known"] else "planned",
        "entry": "",
    }


def _living(tables, row):
    return [
        one
        for one in tables["edition"].values()
        if one["state"] != "cancelled" and (one["series"], one["number"]) == (row["series"], row["edition"])
    ]


def _work(tables, participle, said, fact):
    row = tables["entry"].get(
        said["entry"], {"state": "draft", "verified_by": "", "submitted_by": "", "returned_for": ""}
    )
    before = row["state"]
    if participle in ("logged", "corrected", "verified"):
        row = {
            **row,
            **{name: said.get(name, "") for name in WORK},
            "happened_on": fact.happened_on.isoformat(),
            "people": said["people"],
            "partners": said["partners"],
        }
    if participle == "submitted":
        row = {**row, "state": "submitted", "submitted_by": said["submitted_by"], "returned_for": ""}
    elif participle == "verified":
        row = {**row, "state": "verified", "verified_by": said["verified_by"]}
        for one in _living(tables, row):
            one.update(state="held", entry=said["entry"])
    elif participle == "returned":
        row = {**row, "state": "returned", "returned_for": said["reason"]}
    elif participle == "withdrawn":
        row = {**row, "state": "withdrawn"}
    elif participle == "corrected" and before == "verified":
        row = {**row, "state": "submitted", "submitted_by": said["changed_by"], "verified_by": ""}
    if before == "verified" and participle in ("corrected", "withdrawn"):
        for one in tables["edition"].values():
            if one["entry"] == said["entry"]:
                one.update(state="planned", entry="")
    tables["entry"][said["entry"]] = row


def _track(tables, participle, said, fact):
    if participle == "closed":
        tables["track"][said["track"]]["closed_on"] = fact.happened_on.isoformat()
        return
    row = {
        name: said.get(name, "")
        for name in ("pattern", "organisation", "target", "modality", "from_on", "due_on", "title")
    }
    tables["track"][said["track"]] = {"closed_on": "", **tables["track"].get(said["track"], {}), **row}


def _item(tables, participle, said, fact):
    row = tables["item"].get(said["item"], {"done_on": "", "reason": ""})
    if participle in ("listed", "amended"):
        row = {**row, **{name: said.get(name, "") for name in ITEM}, "after": said["after"]}
    elif participle == "moved":
        row = {
            **row,
            "stage": said["stage"],
            "stage_on": fact.happened_on.isoformat(),
            "due_on": said.get("due_on", ""),
            "reason": said.get("reason", ""),
            "result": said.get("result", ""),
        }
    elif participle == "completed":
        row = {**row, "done_on": fact.happened_on.isoformat()}
    elif participle == "reopened":
        row = {**row, "done_on": ""}
    if participle == "listed":
        row["stage_on"] = fact.happened_on.isoformat()
    tables["item"][said["item"]] = row


PLAY = {"kind": _kind, "series": _series, "edition": _edition, "work": _work, "track": _track, "item": _item}


def plain(value):
    """Return a column as the chain writes it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Series | Item | Track | Entry):
        return str(value.ref)
    if isinstance(value, Kind):
        return value.code
    return list(value) if isinstance(value, tuple | list) else value


def columns(row, names):
    return {name: plain(getattr(row, name)) for name in names}


def tables():
    """Return the tables in the same words."""
    return {
        "kind": {
            f"worklog.kind:{one.code}": columns(
                one,
                (
                    "zh",
                    "en",
                    "units",
                    "nouns",
                    "regulations",
                    "parent",
                    "pattern",
                    "group",
                    "quantities",
                    "uses",
                    "numbered",
                    "order",
                    "from_on",
                    "until_on",
                ),
            )
            for one in Kind.objects.all()
        },
        "series": {
            one.ref: columns(one, ("title", "aliases", "kind", "organisation", "per_year"))
            for one in Series.objects.all()
        },
        "edition": {
            one.ref: columns(one, ("series", "number", "year", "role", "host", "host_name", "state", "entry"))
            for one in Edition.objects.all()
        },
        "entry": {
            one.ref: columns(
                one,
                (*WORK, "happened_on", "people", "partners", "state", "verified_by", "submitted_by", "returned_for"),
            )
            for one in Entry.objects.all()
        },
        "track": {
            one.ref: {
                "pattern": one.pattern_code,
                **columns(one, ("organisation", "target", "modality", "from_on", "due_on", "title", "closed_on")),
            }
            for one in Track.objects.all()
        },
        "item": {
            one.ref: {
                **columns(one, (*ITEM, "stage_on", "done_on", "reason")),
                "after": [b.before.ref for b in one.befores.order_by("before_id")],
            }
            for one in Item.objects.all()
        },
    }


def test_folding_the_facts_gives_the_tables(kinds, work, submitted, verified, track, listed, sealed):
    change_kind(
        by=OFFICE,
        on=DAY,
        kind=kinds["video"],
        words=KindWords(code="video", zh="直播", units=("场",), parent="publicity", quantities=("people_online",)),
    )
    retire_kind(by=OFFICE, on=DAY, kind=kinds["survey"], until_on=date(2025, 1, 1))
    series = open_series(
        by=OFFICE, on=DAY, title="华东论坛", kind=kinds["forum"], organisation=ACADEMIC, aliases=("华东",)
    )
    change_series(by=OFFICE, on=DAY, series=series, title="华东医院论坛", aliases=(), organisation=BRANCH)
    plan_edition(by=OFFICE, on=DAY, series=series, year=2022, number=10, role="host", host_name="福建省医院协会")
    cancel_edition(
        by=OFFICE,
        on=DAY,
        reason="停办",
        edition=plan_edition(
            by=OFFICE, on=DAY, series=series, year=2023, role="participant", host="directory.organisation:fj"
        ),
    )
    held = verified(
        "forum",
        by=OFFICE,
        checker=HEAD,
        series=series,
        edition=11,
        role="host",
        people=(CLERK.person, "directory.person:b"),
        format="hybrid",
        people_on_site=200,
        people_online=9000,
        hours=Decimal("7.5"),
        region="320102",
    )
    correct_work(
        by=OFFICE, on=DAY, entry=verified("post", title="推文", count=9), work=work("post", title="推文", count=8)
    )
    withdraw_work(by=HEAD, on=DAY, entry=held, reason="未举办")
    return_work(
        by=HEAD, on=DAY, entry=submitted("free_clinic", title="义诊", patients=40, place_name="河西"), reason="缺照片"
    )
    again = submitted("condolence", title="慰问三位医师", count=3, money=Decimal("30000.50"))
    return_work(by=HEAD, on=DAY, entry=again, reason="金额不符")
    correct_work(
        by=CLERK, on=DAY, entry=again, work=work("condolence", title="慰问三位医师", count=3, money=Decimal(30000))
    )
    submit_work(by=CLERK, on=DAY, entries=[again])
    log_work(by=CLERK, on=DAY, work=work("training_course", until_on=date(2024, 6, 15), partner_names="省红十字会"))
    plan = track("meeting_plan", "东方会议", target=2)
    item = listed(plan, title="东方肝病", organisation=ACADEMIC)
    entry = submitted("brand_meeting", item=item, format="online", happened_on=date(2024, 5, 5))
    verify_work(by=OFFICE, on=DAY, entries=[entry])
    withdraw_work(by=OFFICE, on=DAY, entry=entry, reason="未开")
    works = track("construction", "工程")
    first = listed(works, title="设计", days=10)
    listed(works, title="施工", days=30, after=(first.pk,), organisation=ACADEMIC)
    amend_item(by=OFFICE, on=DAY, item=first, words=ItemWords(title="方案设计", days=12, organisation=ACADEMIC))
    move_item(by=OFFICE, on=DAY, item=first, stage="running", reason="开工", result="")
    change_track(by=OFFICE, on=DAY, track=works, title="校区工程", organisation=ACADEMIC, due_on=date(2024, 12, 31))
    close_track(by=OFFICE, on=DAY, track=plan)
    sealed()
    found, kept = fold(), tables()
    for name, rows in kept.items():
        assert found[name] == rows, name
