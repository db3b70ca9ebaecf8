"""The public page of the ledger says what holds, hands out proofs, and shows contents to staff only."""

import base64
import json
import subprocess
import sys

import pytest
from django.urls import reverse

from xinglin.kernel.ledger import checkpoints, standalone
from xinglin.kernel.ledger.models import SealedFact

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(visit, sealed):
    for number in range(10):
        visit(place=f"trial.place:{number}")
    sealed()
    return checkpoints.make_checkpoint()


def test_an_empty_ledger_has_a_page_that_says_so(client):
    assert client.get(reverse("ledger:latest")).status_code == 200


def test_everybody_sees_the_latest_checkpoint_and_its_signature(client, ten):
    page = client.get(reverse("ledger:latest")).content.decode()
    assert bytes(ten.root).hex()[:4] in page
    assert client.get(reverse("ledger:note", args=[ten.size])).content.decode() == ten.note


def test_the_public_proof_leads_to_the_root_without_the_content(client, ten):
    said = client.get(reverse("ledger:public_proof", args=[4])).json()
    assert "content" not in said
    path = [bytes.fromhex(step) for step in said["path"]]
    root = standalone.root_by_inclusion(bytes.fromhex(said["leaf"]), 3, ten.size, path)
    assert root == bytes(ten.root)


def test_a_number_beyond_the_end_is_not_found(client, ten):
    assert client.get(reverse("ledger:public_proof", args=[11])).status_code == 404


def test_contents_are_not_for_strangers(client, ten):
    assert client.get(reverse("ledger:fact", args=[1])).status_code == 302
    assert client.get(reverse("ledger:full_proof", args=[1])).status_code == 302


def test_the_handed_out_verifier_checks_a_handed_out_proof(client, ten, tmp_path):
    (tmp_path / "verify.py").write_bytes(client.get(reverse("ledger:verifier")).content)
    (tmp_path / "ledger.pub").write_bytes(client.get(reverse("ledger:key")).content)
    (tmp_path / "proof.json").write_text(
        json.dumps(checkpoints.proof(key=SealedFact.objects.get(position=7).key)), "utf-8"
    )
    command = [sys.executable, "-I", "verify.py", "proof.json", "--key", "ledger.pub"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "ledger.pub").write_text(base64.b64encode(bytes(32)).decode())
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1
