"""Addresses of membership."""

from django.urls import path

from . import applications, applying, certificates, joining, leaving, mine, privacy, recommending, register, rules

app_name = "membership"
urlpatterns = [
    # The member's own pages, and the public page of a certificate
    path("c/<str:key>/", certificates.public, name="certified"),
    path("mine/", mine.mine, name="mine"),
    path("mine/certificate/", mine.take_certificate, name="take_certificate"),
    path("mine/dues/", mine.dues, name="my_dues"),
    path("mine/branches/", mine.branches, name="my_branches"),
    path("mine/branches/<int:pk>/leave/", mine.leave_branch, name="my_leave_branch"),
    path("mine/record/", mine.record, name="my_record"),
    path("mine/privacy/", privacy.privacy, name="privacy"),
    path("mine/privacy/<slug:what>/", privacy.choose, name="choose_privacy"),
    path("mine/stored.<str:form>", privacy.export, name="stored"),
    path("mine/leave/", leaving.leave_page, name="leave"),
    path("mine/appeal/", leaving.appeal_page, name="my_appeal"),
    path("certificates/<int:pk>.pdf", certificates.paper, name="certificate_pdf"),
    # Exits, appeals, requests to join, erasure: the office and the branches
    path("<int:pk>/certificates/", certificates.office, name="certificates"),
    path("<int:pk>/exit/", leaving.exit_page, name="exit"),
    path("<int:pk>/reinstate/", leaving.reinstate_page, name="reinstate"),
    path("appeals/", leaving.appeals, name="appeals"),
    path("appeals/<int:pk>/", leaving.appeal, name="appeal"),
    path("requests/", joining.requests, name="requests"),
    path("requests/<int:pk>/", joining.answer, name="request"),
    path("erasures/", privacy.erasures, name="erasures"),
    path("erasures/<int:pk>/", privacy.erase, name="erase"),
    path("", register.register, name="members"),
    path("admit/", register.admit, name="admit"),
    path("write/", register.write_to, name="write_to"),
    path("tiers/", rules.tiers, name="tiers"),
    path("tiers/<slug:code>/", rules.tier_rule, name="tier_rule"),
    path("<int:pk>/", register.member, name="member"),
    path("<int:pk>/tier/", register.grade, name="grade"),
    path("<int:pk>/waiver/", register.waive, name="waive"),
    path("<int:pk>/branch/", register.branch, name="branch"),
    path("<int:pk>/branch/<int:key>/leave/", register.leave_branch, name="leave_branch"),
    # Applications: public by key, and their review
    path("apply/", applying.choose, name="choose"),
    path("apply/<str:key>/", applying.apply, name="apply"),
    path("apply/<str:key>/check/", applying.check, name="apply_check"),
    path("apply/<str:key>/correct/", applying.correct, name="apply_correct"),
    path("apply/<str:key>/withdraw/", applying.withdraw, name="apply_withdraw"),
    path("recommend/<str:key>/", recommending.recommend, name="recommend"),
    path("recommendations/<int:pk>/", recommending.recommendation, name="recommendation"),
    path("applications/", applications.applications, name="applications"),
    path("applications/batch/", applications.batch, name="batch"),
    path("applications/papers/<int:pk>/", applications.paper, name="paper"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/pass/", applications.pass_on, name="pass_application"),
    path("applications/<int:pk>/verify/", applications.verify, name="verify_application"),
    path("applications/<int:pk>/return/", applications.send_back, name="return_application"),
    path("applications/<int:pk>/refuse/", applications.refuse, name="refuse_application"),
]
