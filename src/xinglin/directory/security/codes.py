"""Codes of six digits: sent by text or e-mail, kept only as a digest in the session, used once."""

import hmac
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.regulations import value

from ..telling import tell
from . import log
from .rates import Rate, count

MINUTES, TRIES = 10, 5
_KEY = "x_code"


def send_code(*, code: str, mobile: str = "", email: str = "") -> bool:
    """Queue a code for a mobile number or, without one, an e-mail address; False when it had enough of them (SE7)."""
    if not (mobile or email):
        tell(words=code)  # a stranger's request takes as long and nobody hears anything
        return True
    rate = Rate(name="codes", times=int(value("SE7.codes", on=clock.today())), seconds=3600, per="key")
    if count(rate=rate, whom=mobile or email.lower()) > rate.times:
        log.record(kind="rate_exceeded", detail="codes")
        return False
    words = _("%(code)s is your code. It holds for %(minutes)d minutes. Tell it to nobody.") % {
        "code": code, "minutes": MINUTES,
    }  # fmt: skip
    tell(mobile=mobile, email=email, subject=_("Your code"), words=words)
    return True


def issue(*, request: HttpRequest, purpose: str, carries: str) -> str:
    """Make a code for one purpose; `carries` comes back when it is given rightly."""
    code = f"{secrets.randbelow(10**6):06d}"
    request.session[_KEY] = {
        "purpose": purpose, "carries": carries, "digest": _digest(code, purpose), "tries": 0,
        "until": int(clock.now().timestamp()) + MINUTES * 60,
    }  # fmt: skip
    return code


def pretend(*, request: HttpRequest, purpose: str) -> None:
    """Leave the session as after `issue`, with a code nobody knows, so that strangers learn nothing."""
    issue(request=request, purpose=purpose, carries="")


def keep(*, request: HttpRequest, purpose: str, carries: str, code: str) -> None:
    """Let a rightly given code be given again: what came after it was refused."""
    request.session[_KEY] = {
        "purpose": purpose, "carries": carries, "digest": _digest(code.strip(), purpose), "tries": 0,
        "until": int(clock.now().timestamp()) + MINUTES * 60,
    }  # fmt: skip


def is_waiting(*, request: HttpRequest, purpose: str) -> bool:
    """Say whether a code of this purpose was sent and may still be given."""
    kept = request.session.get(_KEY) or {}
    return kept.get("purpose") == purpose and kept["until"] > clock.now().timestamp() and kept["tries"] < TRIES


def redeem(*, request: HttpRequest, purpose: str, code: str) -> str | None:
    """Return what the code carries, once; None when it is wrong, late, spent or of another purpose."""
    if not is_waiting(request=request, purpose=purpose):
        return None
    kept = dict(request.session[_KEY])
    if kept["carries"] and hmac.compare_digest(kept["digest"], _digest(code.strip(), purpose)):
        del request.session[_KEY]
        return str(kept["carries"])
    request.session[_KEY] = {**kept, "tries": kept["tries"] + 1}
    return None


def _digest(code: str, purpose: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"{purpose}:{code}".encode(), "sha256").hex()
