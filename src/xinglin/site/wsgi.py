"""The WSGI entry point."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # collected files may go there; none need to
whole = get_wsgi_application()
# Heartbeats of those who watch take the short way past everything a page needs; its models are known only now.
application = import_string("xinglin.mechanics.presence.short_way.ShortWay")(whole)
# So do those who ask for a place at an opening.
application = import_string("xinglin.mechanics.booking.lean.with_seats")(application)
