"""The facts alone, folded in order, give the tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from xinglin.directory.actions.people import correct_person
from xinglin.engines.learning.actions.attendance import Presence, credit_attendance
from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificates, replace_certificate, revoke_certificate
from xinglin.engines.learning.actions.claims import decide_claim, file_claim
from xinglin.engines.learning.actions.people import choose_openness, impose_bar, set_duty
from xinglin.engines.learning.actions.projects import change_leader
from xinglin.engines.learning.actions.stages import move_project
from xinglin.engines.learning.certificates import Certificate, Openness
from xinglin.engines.learning.credits import Attendance, Award, Bar, Claim, Duty, TestResult
from xinglin.engines.learning.projects import Batch, Project
from xinglin.kernel.files import keep
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)
KEYS = ("level", "sort", "repeat", "year", "specialty", "organisation", "leader", "heads", "tested")


def day(text):
    return date.fromisoformat(text) if text else None


def folded():
    """Read the ledger from its first fact."""
    tables = {name: {} for name in ("batches", "projects", "came", "tests", "awards", "claims", "duties", "bars",
                                    "papers", "open")}
    by_key = {}
    for fact in SealedFact.objects.filter(type__startswith="learning.").order_by("position"):
        body, on = fact.body, fact.happened_on
        project = tables["projects"].get(body.get("project"))
        match fact.type.removeprefix("learning."):
            case "batch.opened":
                tables["batches"][body["year"], body["level"]] = (day(body["opens_on"]), day(body["closes_on"]))
            case "project.drafted":
                tables["projects"][body["project"]] = {**{key: body[key] for key in KEYS}, "state": "draft",
                                                       "from": None, "until": None, "on_site": None}
            case "project.filed" | "project.published" | "project.held" as said:
                project["state"] = said.removeprefix("project.")
            case "project.moved":
                project["state"] = body["after"]
            case "project.scheduled":
                project |= {"state": "scheduled", "from": day(body["from_on"]), "until": day(body["until_on"])}
            case "project.led":
                project["leader"] = body["leader"]
            case "project.reported":
                project |= {"state": "reported", "on_site": body["heads"]}
            case "attendance.recorded":
                if fact.corrects:
                    del tables["came"][by_key[fact.corrects]]
                by_key[fact.key] = body["attendance"]
                tables["came"][body["attendance"]] = (
                    body["person"], body["project"], day(body["day"]), body["minutes"], body["channel"], body["role"])
            case "test.recorded":
                tables["tests"][body["person"], body["project"], day(body["taken_on"])] = Decimal(body["score"])
            case "credit.awarded":
                tables["awards"][body["award"]] = [
                    body["person"], body["kind"], body.get("level", ""), body.get("project"), body.get("claim"),
                    Decimal(body["credits"]), body["minutes"], body["year"], on, None]
            case "credit.revoked":
                tables["awards"][body["award"]][-1] = on
            case "claim.filed":
                tables["claims"][body["claim"]] = [body["person"], body["kind"], Decimal(body["asked"]), "waiting"]
            case "claim.decided":
                tables["claims"][body["claim"]][-1] = "accepted" if body["accepted"] else "refused"
            case "duty.set":
                tables["duties"][body["person"], day(body["from_on"])] = body["what"]
            case "bar.imposed":
                tables["bars"][body["bar"]] = (body["about"], day(body["from_on"]), day(body["until_on"]))
            case "certificate.issued":
                tables["papers"][body["paper"]] = [body["award"], on, None, None]
                if "replaces" in body:
                    tables["papers"][body["replaces"]][3] = body["paper"]
            case "certificate.revoked":
                tables["papers"][body["paper"]][2] = on
            case "openness.chosen":
                tables["open"][body["person"]] = body["shown"]
    return tables


def stored():
    """Read the tables."""
    projects = Project.objects.select_related("branch", "leader")
    awards = Award.objects.select_related("person", "project", "claim")
    return {
        "batches": {(one.year, one.level): (one.opens_on, one.closes_on) for one in Batch.objects.all()},
        "projects": {str(one.ref): {
            "level": one.level, "sort": one.sort, "repeat": one.repeat, "year": one.year, "specialty": one.subject,
            "organisation": str(one.branch.ref), "leader": str(one.leader.ref), "heads": one.heads,
            "tested": one.tested, "state": one.state, "from": one.from_on, "until": one.until_on,
            "on_site": one.reported_heads} for one in projects},
        "came": {str(one.ref): (str(one.person.ref), str(one.project.ref), one.day, one.minutes, one.channel, one.role)
                 for one in Attendance.objects.filter(corrected_by=None)},
        "tests": {(str(one.person.ref), str(one.project.ref), one.taken_on): one.score
                  for one in TestResult.objects.all()},
        "awards": {str(one.ref): [
            str(one.person.ref), one.kind, one.level, str(one.project.ref) if one.project else None,
            str(one.claim.ref) if one.claim else None, one.credits, one.minutes, one.year, one.completed_on,
            one.revoked_on] for one in awards},
        "claims": {str(one.ref): [str(one.person.ref), one.kind, one.asked, one.state] for one in Claim.objects.all()},
        "duties": {(str(one.person.ref), one.from_on): one.what for one in Duty.objects.all()},
        "bars": {f"learning.bar:{one.pk}": (one.about, one.from_on, one.until_on) for one in Bar.objects.all()},
        "papers": {str(one.ref): [str(one.award.ref), one.issued_on, one.revoked_on,
                                  str(one.replaced_by.ref) if one.replaced_by else None]
                   for one in Certificate.objects.all()},
        "open": {str(one.person.ref): one.shown for one in Openness.objects.all()},
    }


def test_the_facts_give_the_tables(project, someone, leader, sealed):
    wang, li, zhao = someone("王小明"), someone("李小红"), someone("赵一")
    first = project("reported", people=[wang, li])
    awards = issue_credits(by=OFFICE, on=AFTER, project=first)
    papers = issue_certificates(by=OFFICE, on=AFTER, awards=awards)
    correct_person(by=HOUSE, on=AFTER, person=papers[0].award.person.ref, name="王晓明")
    replace_certificate(by=OFFICE, on=AFTER, certificate=papers[0], reason="更名")
    revoke_certificate(by=OFFICE, on=AFTER, certificate=papers[1], reason="误发")
    source = Attendance.objects.filter(person=li).first().source
    credit_attendance(by=HOUSE, on=AFTER, project=first, corrects=Ref(source), presence=Presence(
        person=li, day=EVENT, minutes=400, source=Ref("events.presence:later")))
    issue_credits(by=OFFICE, on=AFTER, project=first)
    move_project(by=OFFICE, on=AFTER, project=first, after="audited")
    second = project("published", level="provincial", tested=False)
    change_leader(by=OFFICE, on=DAY, project=second, leader=zhao, note="换人")
    move_project(by=OFFICE, on=DAY, project=second, after="not_held", note="取消")
    move_project(by=OFFICE, on=DAY, project=project("filed"), after="draft", note="补正")
    proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
    for credits in (Decimal(3), Decimal(0)):
        claim = file_claim(by=actor(person=zhao), on=DAY, person=zhao, kind="paper", words="论著",
                           completed_on=date(2026, 1, 9), asked=Decimal(3), hours=Decimal(9), files=[proof])
        decide_claim(by=OFFICE, on=DAY, claim=claim, credits=credits, answer="已核")
    set_duty(by=OFFICE, on=DAY, person=zhao, what="tertiary", from_on=DAY)
    impose_bar(by=OFFICE, on=AFTER, about=leader.ref, years=1, reason="弄虚作假")
    choose_openness(by=actor(person=wang), on=AFTER, person=wang, shown=True)
    sealed()
    told, kept = folded(), stored()
    for name, rows in kept.items():
        assert told[name] == rows, name
    assert {name: len(rows) for name, rows in kept.items()} == {
        "batches": 3, "projects": 3, "came": 4, "tests": 2, "awards": 4, "claims": 2, "duties": 1, "bars": 1,
        "papers": 3, "open": 1}
