"""Addresses of the open ledger."""

from django.urls import path

from . import views

app_name = "ledger"
urlpatterns = [
    path("", views.latest, name="latest"),
    path("checkpoints/<int:size>/", views.latest, name="checkpoint"),
    path("checkpoints/<int:size>.txt", views.note, name="note"),
    path("checkpoints/<int:size>.pub", views.key, name="checkpoint_key"),
    path("verifier.py", views.verifier, name="verifier"),
    path("key.pub", views.key, name="key"),
    path("positions/<int:position>.json", views.public_proof, name="public_proof"),
    path("consistency/<int:old>-<int:new>.json", views.consistency, name="consistency"),
    path("facts/<int:position>/", views.fact, name="fact"),
    path("facts/<int:position>/forget/", views.forget, name="forget"),
    path("facts/<int:position>/proof.json", views.full_proof, name="full_proof"),
]
