"""Drafts of applications: kept under a secret key as somebody fills them in, and forgotten when nobody comes back."""

import json
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from xinglin.kernel import clock, regulations
from xinglin.kernel.files import StoredFile
from xinglin.kernel.scheduler import nightly
from xinglin.mechanics.questionnaires.answers import Kept, packed, received

from .applications import Application, Draft
from .applying import keep_form, questionnaire

KEY_BYTES = 24


def new_key() -> str:
    """Return a key that nobody guesses, for an address."""
    return secrets.token_urlsafe(KEY_BYTES)


def begin_draft(*, holder: str, account: str = "") -> Draft:
    """Begin an application under a new key."""
    return Draft.objects.create(key=new_key(), holder=holder, form=keep_form(questionnaire(holder)), account=account)


def reopen(application: Application) -> Draft:
    """Return the draft in which a returned application is corrected, with everything that was said."""
    said = json.loads(application.answers)
    files = {code: one for code, one in said.items() if isinstance(one, dict)}
    content = json.dumps({"typed": {code: one for code, one in said.items() if code not in files}, "kept": files})
    draft, _new = Draft.objects.get_or_create(key=application.key, defaults={
        "holder": application.holder, "form": application.form, "account": application.account,
        "application": application, "answers": content})
    return draft


def save_draft(*, draft: Draft, typed: Mapping[str, Any], kept: Mapping[str, Kept]) -> Draft:
    """Keep what was typed so far, right or wrong, and the files that came."""
    draft.answers = json.dumps({"typed": dict(typed), "kept": packed(kept)})
    draft.save(update_fields=["answers", "changed_at"])
    return draft


def typed_of(draft: Draft) -> dict[str, Any]:
    """Return what was typed, as a form takes it for a beginning."""
    return dict(json.loads(draft.answers)["typed"]) if draft.answers else {}


def kept_of(draft: Draft) -> dict[str, Kept]:
    """Return the files that came."""
    said = json.loads(draft.answers)["kept"] if draft.answers else {}
    return {code: received(one) for code, one in said.items()}


@nightly("membership.drafts", at="02:50")
def tend_drafts(*, on: date) -> int:
    """Delete drafts that nobody touched for long and return how many; hold the files of the others.

    Files that no act has attached are swept away after a day (kernel.files), so living drafts touch theirs before.
    """
    oldest = clock.now() - timedelta(days=int(regulations.value("M2.draft_days", on=on)))
    gone, _rows = Draft.objects.filter(changed_at__lt=oldest).delete()
    digests = [one.ref.key for draft in Draft.objects.iterator() for one in kept_of(draft).values()]
    StoredFile.objects.filter(pk__in=digests, kept_at__isnull=False).update(seen_at=clock.now())
    return gone
