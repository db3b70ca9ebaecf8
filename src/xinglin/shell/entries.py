"""The shell's own entries: the regulations in the side navigation, the pattern page for the builders."""

from django.utils.translation import gettext_lazy as _

from .navigation import Entry, register
from .policy import may_see_patterns

register(Entry(section="system", label=_("Pattern page"), icon="palette", url_name="shell:patterns", order=90,
               when=lambda actor: bool(may_see_patterns(actor=actor))))
