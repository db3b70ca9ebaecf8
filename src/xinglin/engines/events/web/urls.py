"""Addresses of events."""

from django.urls import path

from . import abstracts, faculty, register, site

app_name = "events"
urlpatterns = [
    path("", register.events, name="events"),
    path("<int:key>/", register.event, name="event"),
    path("calendar/", site.calendar, name="calendar"),
    path("calendar.ics", site.feed, name="feed"),
    path("<int:key>/open/", site.site, name="site"),
    path("<int:key>/open.ics", site.event_feed, name="event_feed"),
    path("<int:key>/open/abstract/", abstracts.submit, name="submit_abstract"),
    path("<int:key>/open/abstract/<int:abstract>/withdraw/", abstracts.withdraw, name="withdraw_abstract"),
    path("<int:key>/abstracts/", abstracts.abstracts, name="abstracts"),
    path("<int:key>/abstracts/book/", abstracts.book, name="book"),
    path("<int:key>/abstracts/<int:abstract>/", abstracts.abstract, name="abstract"),
    path("<int:key>/faculty/", faculty.faculty, name="faculty"),
    path("<int:key>/faculty/invite/", faculty.invite, name="invite"),
    path("<int:key>/faculty/<int:invitation>/", faculty.one, name="faculty_one"),
    path("<int:key>/faculty/<int:invitation>/move/", faculty.move, name="move_faculty"),
    path("invitations/<str:key>/", faculty.invitation, name="invitation"),
    path("invitations/<str:key>/letter/<str:language>/", faculty.letter, name="letter"),
    path("series/<int:key>/", register.series, name="series"),
]
