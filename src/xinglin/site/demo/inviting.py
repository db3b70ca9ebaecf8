"""Speakers and abstracts of one meeting to come: answers of every kind, papers accepted, declined and waiting."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from xinglin.directory.models import Person
from xinglin.engines.events.actions.abstracts import Author, Paper, decide_abstracts, is_asked, submit_abstract
from xinglin.engines.events.actions.faculty import answer_invitation, invite_faculty
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.meetings import Event
from xinglin.kernel.actors import house as part

from .gatherings import Stage

INVITED = (("糖尿病管理新进展", "full", 1000, True), ("甲状腺疾病诊治争议", "full", 800, True),
           ("肥胖的多学科干预", "associate", 500, False), ("内分泌急症病例讨论", "full", 1000, None))
LECTURE = timedelta(minutes=45)
PAPERS = (("linxiaoman", "社区糖尿病患者随访一年的效果"), ("gulinchuan", "甲状腺结节超声分级的一致性"),
          ("yinshutong", "住院患者血糖管理流程的改进"), ("shenzhiwei", "肥胖门诊减重干预的依从性"))
TEXT = "目的：描述方法与结果。方法：回顾性分析。结果：差异有统计学意义。结论：值得推广。（本摘要为虚构）"


def invite(stage: Stage, event: Event) -> None:
    """Invite four speakers, who accept, decline or have not answered; take and decide abstracts while asked for."""
    by, on = part("demo"), stage.today
    speakers = Person.objects.exclude(email="").order_by("pk")[5:5 + len(INVITED)]
    begins = timezone.make_aware(datetime.combine(event.from_on, time(13)))
    for person, (title, rank, net, answer) in zip(speakers, INVITED, strict=False):
        arrange_session(by=by, on=on, event=event, slot=Slot(
            title=title, from_at=begins, until_at=begins + LECTURE, room="二号厅", speakers=(Speaker(person=person),)))
        begins += LECTURE
        row = invite_faculty(by=by, on=on, event=event, person=person, rank=rank, net=Decimal(net))
        if answer is not None:
            answer_invitation(by=by, on=on, key=row.key, accepted=answer)
    if not is_asked(event, on=on):
        return
    rows = []
    for username, title in PAPERS:
        author = stage.cast.actor(username, on)
        rows.append(submit_abstract(by=author, on=on, event=event, paper=Paper(
            title=title, text=TEXT, authors=(Author(name=author.name, unit="江海省医师协会（演示）"),))).pk)
    decide_abstracts(by=by, on=on, event=event, abstracts=rows[:2], accepted=True, presented_as="oral")
    decide_abstracts(by=by, on=on, event=event, abstracts=rows[2:3], accepted=False, reason="与会议主题不符（演示）。")
