"""Folds the sealed facts of the directory into what its tables should say."""

from datetime import date

from xinglin.kernel.ledger.models import SealedFact


def _facts():
    return SealedFact.objects.filter(type__startswith="directory.").order_by("position").values_list("type", "body")


def _day(text):
    return date.fromisoformat(text) if text else None


def folded_terms():
    """Return term → (person, organisation, title, from, until) by the facts alone."""
    terms = {}
    for type_, body in _facts():
        match type_:
            case "directory.term.begun":
                terms[body["term"]] = (body["person"], body["organisation"], body["title"], _day(body["from_on"]),
                                       _day(body.get("until_on")))
            case "directory.term.ended":
                terms[body["term"]] = (*terms[body["term"]][:4], _day(body["until_on"]))
            case "directory.term.corrected":
                _person, organisation, title, *_days = terms[body["term"]]
                terms[body["term"]] = (body["person"], organisation, title, _day(body["from_on"]),
                                       _day(body.get("until_on")))
            case "directory.entry.withdrawn":
                terms.pop(body["entry"], None)
    return terms


def folded_organisations():
    """Return organisation → (kind, parent, from, until) by the facts alone."""
    rows = {}
    for type_, body in _facts():
        ref = body.get("organisation")
        match type_:
            case "directory.organisation.founded":
                rows[ref] = [body["kind"], body.get("parent"), _day(body.get("from_on")), None]
            case "directory.organisation.corrected":
                rows[ref][0] = body.get("kind") or rows[ref][0]
                rows[ref][2] = _day(body.get("from_on")) or rows[ref][2]
            case "directory.organisation.moved":
                rows[ref][1] = body.get("parent")
            case "directory.organisation.merged" | "directory.organisation.closed" | "directory.organisation.split":
                rows[ref][3] = _day(body.get("until_on")) or rows[ref][3]
            case "directory.entry.withdrawn":
                rows.pop(body["entry"], None)
    return {ref: tuple(values) for ref, values in rows.items()}
