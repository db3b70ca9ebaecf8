"""Survey after an event: answers without names, one a person, shown only when enough have answered."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core import signing
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from xinglin.kernel import regulations
from xinglin.kernel.refs import Ref
from xinglin.mechanics.questionnaires.definition import Questionnaire, load_questionnaire

from .meetings import Event, State

FILE = Path(__file__).parent / "questionnaires" / "survey.yaml"
SALT = "events.survey"


class SurveyAnswer(models.Model):
    """What somebody answered: under a random key, without name, person or moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    event = models.ForeignKey(Event, models.CASCADE, related_name="survey_answers")
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # of the questionnaire that was asked


class SurveyMark(models.Model):
    """That somebody has answered: a keyed hash, so that nobody answers twice and nobody can be named."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="survey_marks")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "mark"], name="one_answer_a_person")]


@cache
def questionnaire() -> Questionnaire:
    """Return what is asked after an event."""
    return load_questionnaire(file=FILE)


def token_of(event: Event) -> str:
    """Return what stands in the address that the organiser gives out."""
    return signing.Signer(salt=SALT).sign(str(event.pk))


def event_of(token: str) -> Event | None:
    """Return the event of an address, None when the address was made up."""
    try:
        return Event.objects.filter(pk=signing.Signer(salt=SALT).unsign(token)).first()
    except signing.BadSignature:
        return None


def is_open(event: Event, *, on: date) -> bool:
    """Say whether answers are taken: from the first day until C07.survey_days after the last."""
    until = event.until_on + timedelta(days=int(regulations.value("C07.survey_days", on=event.last_on)))
    return event.state not in (State.DRAFT, State.PROPOSED, State.CANCELLED, State.REFUSED) and (
        event.from_on <= on < until)


def take_answer(*, event: Event, answers: Mapping[str, Any], who: Ref | None) -> bool:
    """Keep an answer without its author; False when this person has answered before."""
    with transaction.atomic():
        if who is not None:
            mark = salted_hmac(SALT, f"{event.pk}/{who}", algorithm="sha256").hexdigest()
            if not SurveyMark.objects.get_or_create(event=event, mark=mark)[1]:
                return False
        SurveyAnswer.objects.create(event=event, content=dict(answers), digest=questionnaire().digest)
    return True


@dataclass(frozen=True, kw_only=True)
class Summed:
    """One question: how often each answer was given, or the words that were written."""

    label: str
    choices: tuple[tuple[str, int, int], ...] = ()  # words, how often, percent
    words: tuple[str, ...] = ()


def summary(event: Event, *, on: date) -> tuple[int, list[Summed]]:
    """Return how many answered and what; nothing but the number below C07.survey_least."""
    rows = list(event.survey_answers.values_list("content", flat=True))
    if len(rows) < int(regulations.value("C07.survey_least", on=on)):
        return len(rows), []
    answer = []
    for one in questionnaire().questions():
        said = [row[one.code] for row in rows if row.get(one.code) not in (None, "", [])]
        if one.options:
            counted = Counter(code for given in said for code in (given if isinstance(given, list) else [given]))
            number = max(sum(counted.values()), 1)
            answer.append(Summed(label=one.label, choices=tuple(
                (label, counted[code], round(100 * counted[code] / number)) for code, label in one.choices(on=on))))
        else:  # sorted by a hash, so that the order tells nothing of who was first
            answer.append(Summed(label=one.label, words=tuple(sorted(
                map(str, said), key=lambda text: hashlib.sha256(text.encode()).hexdigest()))))
    return len(rows), answer
