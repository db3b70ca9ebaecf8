"""Sends words to one number or e-mail address by a job: the request takes as long whether or not somebody gets them."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from xinglin.kernel.actors import house
from xinglin.kernel.jobs import Running, job, start_job
from xinglin.kernel.notices.sms import gateway
from xinglin.kernel.refs import Ref
from xinglin.kernel.sealed_fields import seal, unseal

KIND, COLUMN = "directory.telling", "kernel_job.payload"
SEALED = ("mobile", "email", "words")


def tell(*, words: str, mobile: str = "", email: str = "", subject: str = "") -> None:
    """Queue a text message or, without a mobile number, a letter; without either nobody hears anything."""
    kept = [seal(one, column=COLUMN) if one else "" for one in (mobile, email, words)]
    start_job(kind=KIND, by=house("telling"), payload={
        "mobile": kept[0], "email": "" if mobile else kept[1], "words": kept[2], "subject": subject})


@job(KIND, again=True, forgets=True)
def send_words(running: Running, *, mobile: str, email: str, words: str, subject: str) -> Ref | None:
    """Hand the words to the gateway, which drops a repetition by its key; without an address to nobody."""
    if not (mobile or email):
        return None
    plain = unseal(words, column=COLUMN)
    if mobile:
        gateway().send(mobile=unseal(mobile, column=COLUMN), text=plain, key=f"telling-{running.job.pk}")
    else:
        send_mail(subject, plain, settings.DEFAULT_FROM_EMAIL, [unseal(email, column=COLUMN)])
    return None


def tell_replaced(*, mobile: str = "", email: str = "") -> None:
    """Tell the number or address that was replaced, so that nobody is taken over unnoticed."""
    words = _("Your mobile number or e-mail address at the association was replaced by another. "
              "If you did not ask for this, call the office.")
    tell(mobile=mobile, email=email, subject=_("Your address was replaced"), words=words)
