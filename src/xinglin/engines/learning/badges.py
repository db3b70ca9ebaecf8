"""Words certificates as Open Badges 3.0, a W3C verifiable credential, with the documents that others verify it by."""

import gzip
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from xinglin.directory import answers as directory

from . import signing
from .certificates import Certificate
from .projects import Project

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
LIST = 131_072  # entries of one status list: the least that keeps single holders hidden among others


def _address(name: str, *args: object) -> str:
    return settings.XINGLIN_URL + reverse(f"learning:{name}", args=args)


def _at(day: date) -> str:
    return _begin(day).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _begin(day: date) -> datetime:
    """Return when a day begins where the association is; a paper of today holds from this midnight on."""
    return timezone.make_aware(datetime.combine(day, time()))


def method() -> str:
    """Return the address of the key, as proofs name it."""
    return f"{_address('badge_issuer')}#{signing.multikey()}"


def issuer(*, on: date) -> dict[str, Any]:
    """Return the association's profile, which is also the controller document of its key."""
    ours = directory.association(on=on)
    one = {"id": method(), "type": "Multikey", "controller": _address("badge_issuer"),
           "publicKeyMultibase": signing.multikey()}
    return {"@context": [*CONTEXTS, "https://w3id.org/security/multikey/v1"], "id": _address("badge_issuer"),
            "type": ["Profile"], "name": ours.name if ours else "", "url": settings.XINGLIN_URL,
            "verificationMethod": [one], "assertionMethod": [method()]}


def achievement(project: Project) -> dict[str, Any]:
    """Return what is achieved by completing a project."""
    return {"id": _address("badge_achievement", project.pk), "type": ["Achievement"], "achievementType": "Course",
            "name": project.title, "humanCode": project.number or "", "inLanguage": "zh",
            "description": f"{project.get_level_display()}　{project.number or ''}",
            "criteria": {"narrative": "按出勤学时和考核结果授予学分，见协会继续教育学分规则。"}}


def credential(paper: Certificate, *, on: date) -> dict[str, Any]:
    """Return the unsigned credential of a certificate: only its holder and the office are given it."""
    award, profile = paper.award, issuer(on=on)
    what = achievement(award.project) if award.project else {
        "id": f"{_address('badge_issuer')}#claim-{award.pk}", "type": ["Achievement"], "name": award.title,
        "description": award.get_kind_display(), "criteria": {"narrative": award.get_kind_display()}}
    return {
        "@context": CONTEXTS, "id": settings.XINGLIN_URL + paper.get_absolute_url(),
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": paper.number,
        "issuer": {key: profile[key] for key in ("id", "type", "name", "url")},
        "validFrom": _at(paper.issued_on),
        "credentialSubject": {
            "type": ["AchievementSubject"], "achievement": what,
            "creditsEarned": int(award.credits) if award.credits % 1 == 0 else float(award.credits),
            "activityEndDate": _at(award.completed_on),
            "identifier": [{"type": "IdentityObject", "identityHash": paper.name, "hashed": False,
                            "identityType": "name"}]},
        "credentialStatus": _status(paper)}


def _status(paper: Certificate) -> dict[str, str]:
    address = _address("badge_status", paper.pk // LIST)
    return {"id": f"{address}#{paper.pk % LIST}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(paper.pk % LIST), "statusListCredential": address}


def signed(paper: Certificate, *, on: date) -> dict[str, Any]:
    """Return the credential with its embedded proof."""
    return signing.proven(document=credential(paper, on=on), method=method(), created=_at(paper.issued_on))


def as_token(paper: Certificate, *, on: date) -> str:
    """Return the credential as a JWT, as Open Badges 3.0 words it."""
    document = credential(paper, on=on)
    return signing.token(kid=_address("badge_key"), payload={
        **document, "iss": document["issuer"]["id"], "jti": document["id"], "sub": document["id"],
        "nbf": int(_begin(paper.issued_on).timestamp())})


def last_list() -> int:
    """Return the number of the last status list that any certificate is in."""
    return (Certificate.objects.aggregate(last=Max("pk"))["last"] or 0) // LIST


def status_list(number: int, *, on: date) -> dict[str, Any]:
    """Return the signed list that says which certificates are revoked: one bit each, nothing else."""
    bits = bytearray(LIST // 8)
    rows = Certificate.objects.filter(pk__gte=number * LIST, pk__lt=(number + 1) * LIST, revoked_on__isnull=False)
    for key in rows.values_list("pk", flat=True):
        bits[key % LIST // 8] |= 0x80 >> (key % 8)  # the first entry is the leftmost bit
    address, profile = _address("badge_status", number), issuer(on=on)
    document = {
        "@context": [CONTEXTS[0]], "id": address, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": profile["id"], "validFrom": _at(on),
        "credentialSubject": {"id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
                              "encodedList": "u" + signing.base64url(gzip.compress(bytes(bits), mtime=0))}}
    return signing.proven(document=document, method=method(), created=_at(on))
