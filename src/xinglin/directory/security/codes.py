"""Codes of six digits: sent by text or e-mail, kept only as a digest in the session, used once."""

import hmac
import secrets

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.notices.sms import gateway

MINUTES, TRIES = 10, 5
_KEY = "x_code"


def send_text(*, mobile: str, code: str) -> None:
    """Hand a code to the text-message gateway."""
    text = _("%(code)s is your code. It holds for %(minutes)d minutes. Tell it to nobody.") % {
        "code": code, "minutes": MINUTES,
    }  # fmt: skip
    gateway().send(mobile=mobile, text=text, key=f"code-{secrets.token_hex(8)}")


def send_letter(*, email: str, code: str) -> None:
    """Send a code by e-mail."""
    words = _("%(code)s is your code. It holds for %(minutes)d minutes. Tell it to nobody.") % {
        "code": code, "minutes": MINUTES,
    }  # fmt: skip
    send_mail(_("Your code"), words, settings.DEFAULT_FROM_EMAIL, [email])


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
