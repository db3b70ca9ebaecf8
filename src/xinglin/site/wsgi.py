"""The WSGI entry point."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # collected files may go there; none need to
application = get_wsgi_application()
