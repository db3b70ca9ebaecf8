"""The public page of the ledger says what holds, hands out proofs, and shows contents to staff only."""

import base64
import json
import subprocess
import sys

import pytest
from django.urls import reverse
from django.utils import translation

from tests.kernel.conftest import CLERK, DAY
from tests.operations.conftest import as_role  # noqa: F401
from tests.shell.conftest import account, browser_client, source  # noqa: F401  the shell's own fixtures
from xinglin.kernel.actions.forgetting import forget_annex
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger import checkpoints, standalone
from xinglin.kernel.ledger.models import Annex, Mention, SealedFact
from xinglin.kernel.refs import Ref
from xinglin.shell.openledger.policy import may_read_fact
from xinglin.site.cli import main as cli

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


def run_verifier(folder, *arguments):
    command = [sys.executable, "-I", standalone.__file__, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


def test_the_verifier_checks_what_a_visitor_can_download(client, ten, tmp_path):
    said = client.get(reverse("ledger:public_proof", args=[4])).json()
    (tmp_path / "ledger.pub").write_text(said["public_key"], "utf-8")
    (tmp_path / "checkpoint.txt").write_text(ten.note, "utf-8")
    (tmp_path / "forged.txt").write_text(ten.note.replace(f"\n{ten.size}\n", f"\n{ten.size + 1}\n"), "utf-8")
    (tmp_path / "proof.json").write_text(json.dumps(said), "utf-8")
    (tmp_path / "other.json").write_text(json.dumps(said | {"leaf": "00" * 32}), "utf-8")
    for name, status in (("proof.json", 0), ("other.json", 1), ("checkpoint.txt", 0), ("forged.txt", 1)):
        ran = run_verifier(tmp_path, name, "--key", "ledger.pub")
        assert (name, ran.returncode, ran.stderr) == (name, status, "")
    assert "fingerprint only" in run_verifier(tmp_path, "proof.json").stdout


@pytest.mark.parametrize("arguments", [
    (), ("--help",), ("nothing.json",), ("noise.txt",), ("checkpoint.txt",), ("proof.json", "--key")])
def test_the_verifier_says_how_it_is_used_when_it_cannot_check(client, ten, tmp_path, arguments):
    (tmp_path / "noise.txt").write_text("no checkpoint", "utf-8")
    (tmp_path / "checkpoint.txt").write_text(ten.note, "utf-8")
    (tmp_path / "proof.json").write_text(json.dumps(client.get(reverse("ledger:public_proof", args=[4])).json()))
    ran = run_verifier(tmp_path, *arguments)
    assert (ran.returncode, ran.stderr) == (2, "") and "--key KEY.pub" in ran.stdout


def test_what_no_plan_counts_is_proven_without_saying_what_it_was_or_when(client, visit, sealed):
    visit(note="张三")
    forget_annex(by=CLERK, on=DAY, key=visit(note="李四"), reason="request")
    sealed()
    checkpoints.make_checkpoint()
    said = [client.get(reverse("ledger:public_proof", args=[position])).json() for position in (1, 3)]
    assert said[0]["what"] == "走访已完成" and said[0]["happened_on"] == "2026-03-05"
    assert set(said[1]) == {"position", "path", "leaf", "checkpoint", "public_key"}


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


def actor(*roles, person=9, scope=()):
    return Actor(ref=Ref("directory.account:9"), person=Ref(f"directory.person:{person}"), roles=frozenset(roles),
                 scope={role: frozenset(scope) for role in roles})


@pytest.mark.parametrize(
    ("reader", "counted", "own", "others", "security"),
    [
        (actor("office"), True, True, True, True),
        (actor("supervisor"), True, True, True, True),
        (actor("audit_admin"), True, True, True, True),
        (actor("leader"), True, False, False, False),
        (actor("branch_secretary", scope=["trial.branch:1"]), True, True, False, False),
        (actor("department", scope=["trial.branch:2"]), True, False, True, False),
        (actor("member"), False, False, False, False),
        (actor("system_admin"), False, False, False, False),
    ],
)
def test_who_reads_the_words_of_which_fact(ten, reader, counted, own, others, security):
    def fact(position, type_, *named):
        Mention.objects.bulk_create([Mention(ref=one, position=position) for one in named])
        return SealedFact(position=position, type=type_)

    facts = (
        SealedFact.objects.get(position=1),
        fact(101, "directory.term.begun", "directory.person:1", "trial.branch:1"),
        fact(102, "directory.term.begun", "directory.person:2", "trial.branch:2"),
        fact(103, "security.account.shut_out", "directory.account:1"),
    )
    may = [bool(may_read_fact(actor=reader, fact=one)) for one in facts]
    assert may == [counted, own, others, security]


def test_a_refusal_to_show_a_fact_says_why(ten):
    with translation.override("en"):
        assert "own unit" in str(may_read_fact(actor=actor("member"), fact=SealedFact.objects.get(position=1)).reason)


def test_everybody_reads_what_is_said_of_themselves_when_they_are_staff(ten):
    Mention.objects.create(ref="directory.person:9", position=104)
    fact = SealedFact(position=104, type="directory.term.begun")
    assert may_read_fact(actor=actor("department"), fact=fact)
    assert not may_read_fact(actor=actor("department", person=8), fact=fact)


def test_a_kept_checkpoint_is_compared_by_what_the_page_hands_out(client, ten, visit, sealed, tmp_path):
    kept = client.get(reverse("ledger:note", args=[10])).content
    visit()
    sealed()
    checkpoints.make_checkpoint()
    address = reverse("ledger:consistency", args=[10, 11])
    assert address in client.get(reverse("ledger:checkpoint", args=[10])).content.decode()
    for name, content in {
        "verify.py": client.get(reverse("ledger:verifier")).content, "kept.txt": kept,
        "proof.json": client.get(address).content, "ledger.pub": client.get(reverse("ledger:key")).content,
    }.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-I", "verify.py", "proof.json", "--kept", "kept.txt", "--key", "ledger.pub"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "kept.txt").write_bytes(kept.replace(b"\n10\n", b"\n9\n"))
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1
    assert client.get(reverse("ledger:consistency", args=[10, 12])).status_code == 404


def test_personal_words_are_deleted_from_the_page_of_their_fact(as_role, visit, sealed):  # noqa: F811
    key = visit(note="张三")
    sealed()
    position = SealedFact.objects.get(key=key).position
    page, address = reverse("ledger:fact", args=[position]), reverse("ledger:forget", args=[position])
    assert as_role("department").get(address).status_code == 403
    assert address not in as_role("department").get(page).content.decode()
    office = as_role("office")
    assert address in office.get(page).content.decode()
    assert "张三" in office.get(address).content.decode()
    assert office.post(address, {"reason": ""}).status_code == 422 and Annex.objects.exists()
    assert office.post(address, {"reason": "request"}).status_code == 302 and not Annex.objects.exists()
    sealed()
    said = SealedFact.objects.get(type="kernel.annex.forgotten").body
    assert said == {"fact": f"kernel.fact:{key}", "reason": "request"}
    assert address not in office.get(page).content.decode()
    assert office.post(address, {"reason": "request"}).status_code == 422


def test_the_command_line_deletes_words_and_proves_a_kept_checkpoint(ten, visit, sealed, capsys):
    visit(note="张三")
    sealed()
    checkpoints.make_checkpoint()
    assert cli(["ledger", "forget", "11", "--reason", "request"]) == 0 and not Annex.objects.exists()
    assert [cli(["ledger", "forget", one, "--reason", "request"]) for one in ("11", "99", "x")] == [1, 1, 1]
    capsys.readouterr()
    assert cli(["ledger", "consistency", "10"]) == 0
    assert standalone.check_consistency(ten.note, json.loads(capsys.readouterr().out)) == []
    assert cli(["ledger", "consistency", "99"]) == 1
