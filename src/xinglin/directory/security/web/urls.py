"""Addresses of account security."""

from django.urls import path

from . import admin, numbers, views

app_name = "security"
urlpatterns = [
    path("account/activate/", views.activate, name="activate"),
    path("account/activate/password/", views.first_password, name="first_password"),
    path("account/security/", views.mine, name="mine"),
    path("account/security/sessions/", views.end_elsewhere, name="end_elsewhere"),
    path("account/security/address/", views.address, name="address"),
    path("account/security/address/code/", views.address_code, name="address_code"),
    path("account/alive/", views.alive, name="alive"),
    path("account/idle/", views.idle_notice, name="idle_notice"),
    path("security/accounts/", admin.account_list, name="accounts"),
    path("security/accounts/open/", admin.account_open, name="account_open"),
    path("security/accounts/<int:pk>/", admin.account_page, name="account"),
    path("security/accounts/<int:pk>/<slug:deed>/", admin.account_do, name="account_do"),
    path("security/grants/", admin.grant_list, name="grants"),
    path("security/grants/<int:pk>/end/", admin.grant_end, name="grant_end"),
    path("security/log/", admin.records, name="log"),
    path("security/acts/", admin.acts, name="acts"),
    path("security/rules/", admin.rules, name="rules"),
    path("security/exports/", numbers.exports, name="exports"),
    path("security/exports/ask/<str:asked>/", numbers.ask, name="export_ask"),
    path("security/exports/<int:pk>/", numbers.export_page, name="export"),
    path("security/exports/<int:pk>/decide/", numbers.export_decide, name="export_decide"),
    path("security/numbers/<str:subject>/<slug:field>/", numbers.unmask, name="unmask"),
    path("security/numbers/<str:subject>/<slug:field>/covered/", numbers.masked_again, name="covered"),
]
