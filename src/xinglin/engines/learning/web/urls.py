"""Addresses of learning."""

from django.urls import path

from . import credits, mine, office, project, public, refused, register

app_name = "learning"
urlpatterns = [
    path("", register.projects, name="projects"),
    path("new/", register.draft, name="draft"),
    path("batches/", register.batches, name="batches"),
    path("<int:pk>/", project.project, name="project"),
    path("<int:pk>/edit/", register.edit, name="edit"),
    path("<int:pk>/refile/", register.refile, name="refile"),
    path("<int:pk>/leader/", project.leader, name="leader"),
    path("<int:pk>/file/", project.file, name="file"),
    path("<int:pk>/move/<slug:after>/", project.move, name="move"),
    path("<int:pk>/publish/", project.publish, name="publish"),
    path("<int:pk>/timetable/", project.timetable, name="timetable"),
    path("<int:pk>/hold/", project.hold, name="hold"),
    path("<int:pk>/report/", project.report, name="report"),
    path("<int:pk>/attendance/", credits.attendance, name="attendance"),
    path("<int:pk>/credits/", credits.credits, name="credits"),
    path("awards/<int:pk>/", credits.award, name="award"),
    path("awards/<int:pk>/certificate/", credits.take_paper, name="take_paper"),
    path("certificates/<int:pk>/", credits.paper, name="revoke_paper"),
    path("certificates/<int:pk>.pdf", public.paper, name="paper"),
    # The reader's own, and what the office looks over
    path("mine/", mine.mine, name="mine"),
    path("mine/claim/", mine.claim, name="new_claim"),
    path("mine/openness/", mine.openness, name="openness"),
    path("claims/", office.claims, name="claims"),
    path("claims/<int:pk>/", office.claim, name="claim"),
    path("refused/", refused.listed, name="refused_list"),
    path("refused/<int:pk>/", refused.one, name="refused"),
    path("files/<int:pk>/", office.evidence, name="evidence"),
    path("people/<int:pk>/", office.person, name="person"),
    path("units/<int:pk>/", office.requirements, name="requirements"),
    path("branches/<int:pk>/", office.branch, name="branch"),
    path("bars/", office.bars, name="bars"),
    # Public: whether a certificate holds, and Open Badges 3.0
    path("verify/", public.verify, name="verify"),
    path("verify/<str:code>.json", public.public_json, name="verified_json"),
    path("verify/<str:code>/", public.public, name="verified"),
    path("badges/<int:pk>.<slug:form>", public.badge, name="badge"),
    path("badges/issuer.json", public.issuer, name="badge_issuer"),
    path("badges/key.json", public.key, name="badge_key"),
    path("badges/achievements/<int:pk>.json", public.achievement, name="badge_achievement"),
    path("badges/status/<int:number>.json", public.status, name="badge_status"),
]
