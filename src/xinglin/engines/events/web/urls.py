"""Addresses of events."""

from django.urls import path

from . import register, site

app_name = "events"
urlpatterns = [
    path("", register.events, name="events"),
    path("<int:key>/", register.event, name="event"),
    path("calendar/", site.calendar, name="calendar"),
    path("calendar.ics", site.feed, name="feed"),
    path("<int:key>/open/", site.site, name="site"),
    path("<int:key>/open.ics", site.event_feed, name="event_feed"),
    path("series/<int:key>/", register.series, name="series"),
]
