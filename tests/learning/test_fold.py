"""The facts alone, folded in order, give the tables: every column but those that are named."""

import json
from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import Model

from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.directory.actions.people import correct_person
from xinglin.engines.learning.actions.attendance import Presence, credit_attendance, record_test
from xinglin.engines.learning.actions.awards import issue_credits, revoke_award
from xinglin.engines.learning.actions.certificates import issue_certificates, replace_certificate, revoke_certificate
from xinglin.engines.learning.actions.claims import decide_claim, file_claim
from xinglin.engines.learning.actions.people import choose_openness, impose_bar, set_duty
from xinglin.engines.learning.actions.projects import change_leader
from xinglin.engines.learning.actions.refused import carry_attendance, settle_refused
from xinglin.engines.learning.actions.stages import move_project, schedule_project
from xinglin.engines.learning.certificates import Certificate, Openness
from xinglin.engines.learning.credits import Attendance, Award, Bar, Claim, Duty, Refused, TestResult
from xinglin.engines.learning.projects import ENDED, Batch, Project, Session, Step, Teacher
from xinglin.kernel.files import keep
from xinglin.kernel.ledger.models import Annex, SealedFact
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, HOUSE, OFFICE, actor, slots

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)
# What no fact says: keys, who pressed the button (the actor of each fact), and what follows from other columns.
UNSAID = {
    "Batch": {"id"}, "Project": {"id"}, "Session": {"id", "project"}, "Teacher": {"id", "project"},
    "Step": {"id", "project", "by"}, "Attendance": {"id"}, "Refused": {"id"}, "TestResult": {"id"}, "Claim": {
        "id", "decided_by"}, "Award": {"id"}, "Duty": {"id"}, "Bar": {"id"}, "Certificate": {"id"}, "Openness": {"id"}}


def day(text):
    return date.fromisoformat(text) if text else None


def clock(minute):
    return time(minute // 60, minute % 60) if minute is not None else None


class Fold:
    """Every table of learning, built from the facts alone: rows by their ref or what stands for it."""

    def __init__(self):
        self.batch, self.project, self.attendance, self.refused, self.test, self.award = {}, {}, {}, {}, {}, {}
        self.claim, self.duty, self.bar, self.paper, self.open, self.said = {}, {}, {}, {}, {}, {}
        for fact in SealedFact.objects.filter(type__startswith="learning.").order_by("position"):
            annex = Annex.objects.filter(pk=fact.key).first()
            words = defaultdict(str, json.loads(annex.text)) if annex else defaultdict(str)
            read = getattr(self, fact.type.removeprefix("learning.").replace(".", "_"))
            read(fact, defaultdict(lambda: None, fact.body), words)

    def batch_opened(self, fact, body, words):
        self.batch[body["batch"]] = {"year": body["year"], "level": body["level"], "opens_on": day(body["opens_on"]),
                                     "closes_on": day(body["closes_on"])}

    def project_drafted(self, fact, body, words):
        row = self.project.setdefault(body["project"], {
            "drafted_on": fact.happened_on, "state": "draft", "steps": [], "sessions": [], "stale": False, "place": "",
            **dict.fromkeys(("number", "batch", "from_on", "until_on", "reported_on", "reported_heads", "filed_key",
                             "held_key", "moved_key"))})
        row |= {"title": words["title"], "level": body["level"], "sort": body["sort"], "repeat": body["repeat"],
                "year": body["year"], "subject": body["specialty"], "of": body["of"], "leader": body["leader"],
                "branch": body["organisation"], "hours": Decimal(body["hours"]), "heads": body["heads"],
                "tested": body["tested"], "planned_on": day(body["planned_on"]), "teachers": body["teachers"]}

    def step(self, fact, body, after, note="", **changed):
        row = self.project[body["project"]]
        row["steps"].append((row["state"], after, day(body["noted_on"]) or fact.happened_on, note))
        row |= {"state": after, **changed}

    def project_filed(self, fact, body, words):
        self.step(fact, body, "filed", filed_key=fact.key, batch=body["batch"])

    def stale(self, body):
        for one in body["stale"] or ():
            self.project[one]["stale"] = True

    def project_moved(self, fact, body, words):
        ended = {"stale": False} if body["after"] in ENDED else {}
        self.step(fact, body, body["after"], words["note"], **ended)
        self.stale(body)

    def project_published(self, fact, body, words):
        self.step(fact, body, "published", words["number"], number=words["number"])

    def project_scheduled(self, fact, body, words):
        lines = [(day(one[0]), time.fromisoformat(one[1]), time.fromisoformat(one[2]), *one[3:5], one[5] or None)
                 for one in json.loads(words["timetable"])]
        key = fact.key if body["moved"] else self.project[body["project"]]["moved_key"]
        self.step(fact, body, "scheduled", moved_key=key, from_on=day(body["from_on"]), until_on=day(body["until_on"]),
                  place=words["place_name"], sessions=sorted(lines, key=lambda one: one[:2]))

    def project_led(self, fact, body, words):
        self.project[body["project"]]["leader"] = body["leader"]

    def project_held(self, fact, body, words):
        self.step(fact, body, "held", held_key=fact.key)

    def project_reported(self, fact, body, words):
        self.step(fact, body, "reported", reported_on=fact.happened_on, reported_heads=body["heads"])

    def project_reckoned(self, fact, body, words):
        self.project[body["project"]]["stale"] = False

    def project_marked(self, fact, body, words):
        self.stale(body)

    def project_told(self, fact, body, words):
        pass  # notices are the kernel's

    def attendance_recorded(self, fact, body, words):
        if fact.corrects:
            self.said[fact.corrects]["corrected_by"] = body["attendance"]
        self.stale(body)
        self.said[fact.key] = self.attendance[body["attendance"]] = {
            "day": day(body["day"]), "from_at": clock(body["from_minute"]), "until_at": clock(body["until_minute"]),
            "said_key": fact.key, "corrected_by": None, "entry": body["came_as"],
            **{name: body[name] for name in ("person", "project", "minutes", "channel", "role", "source")}}

    def attendance_refused(self, fact, body, words):
        self.refused[body["refused"]] = {
            "day": day(body["day"]), "corrects": body["corrects"] or "", "reason": words["reason"],
            "refused_on": fact.happened_on, "state": "waiting", "settled_on": None, "answer": "",
            "entry": body["came_as"],
            **{name: body[name] for name in ("person", "project", "minutes", "channel", "role", "source")}}

    def refused_settled(self, fact, body, words):
        self.refused[body["refused"]] |= {"state": "taken" if body["accepted"] else "left", "answer": words["answer"],
                                          "settled_on": fact.happened_on}

    def test_recorded(self, fact, body, words):
        self.stale(body)
        self.test[body["person"], body["project"], body["taken_on"]] = {
            "person": body["person"], "project": body["project"], "score": Decimal(body["score"]),
            "taken_on": day(body["taken_on"])}

    def credit_awarded(self, fact, body, words):
        self.award[body["award"]] = {
            "level": body["level"] or "", "credits": Decimal(body["credits"]), "hours": Decimal(body["hours"]),
            "issued_on": day(body["issued_on"]), "completed_on": fact.happened_on, "said_key": fact.key,
            "revoked_on": None, "revoked_for": "", "revoked_key": None,
            **{name: body[name] for name in (
                "person", "kind", "project", "claim", "minutes", "per_credit", "specialist", "year")}}

    def credit_revoked(self, fact, body, words):
        self.award[body["award"]] |= {"revoked_on": fact.happened_on, "revoked_for": words["reason"],
                                      "revoked_key": fact.key if body["decided"] else None}

    def claim_filed(self, fact, body, words):
        self.claim[body["claim"]] = {
            "words": words["words"], "completed_on": day(body["completed_on"]), "asked": Decimal(body["asked"]),
            "hours": Decimal(body["hours"]), "filed_on": fact.happened_on, "state": "waiting", "decided_on": None,
            "answer": "", **{name: body[name] for name in ("person", "kind", "months", "specialist")}}

    def claim_decided(self, fact, body, words):
        self.claim[body["claim"]] |= {"state": "accepted" if body["accepted"] else "refused", "answer": words["answer"],
                                      "decided_on": fact.happened_on}

    def duty_set(self, fact, body, words):
        self.duty[body["person"], body["from_on"]] = {"person": body["person"], "what": body["what"],
                                                      "from_on": day(body["from_on"])}

    def bar_imposed(self, fact, body, words):
        self.bar[body["bar"]] = {"about": body["about"], "from_on": day(body["from_on"]), "reason": words["reason"],
                                 "until_on": day(body["until_on"])}

    def certificate_issued(self, fact, body, words):
        self.paper[body["paper"]] = {
            "award": body["award"], "number": words["number"], "code": words["code"], "name": words["name"],
            "document_masked": words["document"], "issued_on": fact.happened_on, "revoked_on": None, "revoked_for": "",
            "replaced_by": None}
        if body["replaces"]:
            self.paper[body["replaces"]]["replaced_by"] = body["paper"]

    def certificate_revoked(self, fact, body, words):
        self.paper[body["paper"]] |= {"revoked_on": fact.happened_on, "revoked_for": words["reason"]}

    def openness_chosen(self, fact, body, words):
        self.open[body["person"]] = {"person": body["person"], "shown": body["shown"], "chosen_on": fact.happened_on}


def stored(model):
    """Read every column of a table but those no fact says; what points to a row is its ref."""
    rows = []
    for one in model.objects.order_by("pk"):
        row = {}
        for column in model._meta.concrete_fields:
            value = getattr(one, column.name)
            row[column.name] = str(value.ref) if isinstance(value, Model) else value
        rows.append({name: value for name, value in row.items() if name not in UNSAID[model.__name__]})
    return rows


def same(told, kept):
    assert len(told) == len(kept)
    for one in kept:
        assert one in told, (one, told)


def compared(fold):
    for model, rows in ((Batch, fold.batch), (Attendance, fold.attendance), (Refused, fold.refused),
                        (TestResult, fold.test), (Award, fold.award), (Claim, fold.claim), (Duty, fold.duty),
                        (Bar, fold.bar), (Certificate, fold.paper), (Openness, fold.open)):
        same(list(rows.values()), stored(model))
    kept = dict(zip([str(one.ref) for one in Project.objects.order_by("pk")], stored(Project), strict=True))
    for ref, row in fold.project.items():
        mine = {"project": int(ref.partition(":")[2])}
        assert {name: row[name] for name in kept[ref]} == kept[ref]
        assert row["teachers"] == [str(one.person.ref) for one in Teacher.objects.filter(**mine)]
        assert row["sessions"] == [(one.day, one.from_at, one.until_at, one.kind, one.topic, str(
            one.lecturer.ref) if one.lecturer else None) for one in Session.objects.filter(**mine)]
        assert row["steps"] == list(Step.objects.filter(**mine).values_list("before", "after", "happened_on", "note"))
    assert set(UNSAID) == {one.__name__ for one in apps.get_app_config("learning").get_models()}


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
    carry_attendance(by=HOUSE, on=AFTER, project=first, before=[Ref(source)], presence=Presence(
        person=li, day=EVENT, minutes=300, source=Ref("events.presence:latest")))
    settle_refused(by=OFFICE, on=AFTER, refused=Refused.objects.get(), accepted=False, answer="以手工登记为准")
    revoke_award(by=OFFICE, on=AFTER, award=Award.objects.standing().filter(project=first).first(), reason="误发")
    record_test(by=OFFICE, on=AFTER, project=first, person=li, score=Decimal(90), taken_on=AFTER)
    third = project("scheduled", people=[wang], level="provincial")
    issue_credits(by=OFFICE, on=AFTER, project=first)
    move_project(by=OFFICE, on=AFTER, project=third, after="not_held", note="场地停用")
    schedule_project(by=OFFICE, on=DAY, project=project("scheduled"), slots=slots(), place="南京")
    sealed()
    assert Project.objects.get(pk=first.pk).stale  # by the end of another, and by nothing later
    compared(Fold())
    assert {model.__name__: model.objects.count() for model in (Project, Attendance, Refused, Award, Certificate)} == {
        "Project": 5, "Attendance": 7, "Refused": 1, "Award": 4, "Certificate": 3}


def test_what_a_merge_marks_is_in_a_fact(project, someone, sealed):
    one, other = someone("王小明"), someone("王小明")
    row = project("reported", people=[one, other])
    issue_credits(by=OFFICE, on=AFTER, project=row)
    merge = merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    sealed()
    assert Project.objects.get(pk=row.pk).stale and Fold().project[str(row.ref)]["stale"]
    issue_credits(by=OFFICE, on=AFTER, project=row)
    unmerge_people(by=OFFICE, on=AFTER, merge=merge)
    sealed()
    assert Project.objects.get(pk=row.pk).stale and Fold().project[str(row.ref)]["stale"]
