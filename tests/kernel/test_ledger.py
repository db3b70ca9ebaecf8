"""The chain holds, and every way of breaking it is named."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from tests.kernel.conftest import CLERK, DAY, VisitMade
from xinglin.kernel.actions.forgetting import NothingToForget, forget_annex
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import OutsideAct, SilentAct, act, state
from xinglin.kernel.ledger import checkpoints, keys, standalone
from xinglin.kernel.ledger.content import canonical
from xinglin.kernel.ledger.models import Annex, Checkpoint, Head, Mention, SealedFact, UnsealedFact
from xinglin.kernel.ledger.sealer import seal_batch
from xinglin.kernel.ledger.verify import verify
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code, Ref

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]


def test_an_act_leaves_its_fact_unsealed_and_the_sealer_gives_it_the_next_place(visit, sealed):
    visit()
    visit()
    assert (UnsealedFact.objects.count(), SealedFact.objects.count()) == (2, 0)
    assert sealed() == 2
    assert list(SealedFact.objects.values_list("position", flat=True).order_by("position")) == [1, 2]
    assert UnsealedFact.objects.count() == 0


def test_a_silent_act_is_refused_and_nothing_stays():
    @act
    def say_nothing(*, by, on):
        Annex.objects.create(key="00000000-0000-7000-8000-000000000001", salt="00", text="x")

    with pytest.raises(SilentAct):
        say_nothing(by=CLERK, on=DAY)
    assert Annex.objects.count() == 0


def test_a_fact_is_stated_only_inside_an_act():
    with pytest.raises(OutsideAct):
        state(VisitMade(place="trial.place:1", kind="care"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "care"},
        {"kind": Ref("trial.place:1")},
        {"place": "张三的家"},
        {"people": True},
        {"people": 2.5},
        {"people": None},
    ],
)
def test_a_fact_whose_value_is_not_what_was_declared_is_refused_in_the_act_and_never_reaches_the_sealer(wrong, sealed):
    @act
    def say(*, by, on):
        state(VisitMade(**{"place": Ref("trial.place:1"), "kind": Code("care"), "people": 1} | wrong))

    with pytest.raises(TypeError, match=r"trial\.visit\.made"):
        say(by=CLERK, on=DAY)
    assert (UnsealedFact.objects.count(), sealed()) == (0, 0)


def test_a_moment_is_no_day_and_a_word_no_key(visit):
    moment = datetime(2026, 3, 5, 12, tzinfo=UTC)
    with pytest.raises(TypeError, match="on=date"):
        visit(on=moment)

    @act
    def say(*, by, on, **how):
        state(VisitMade(place=Ref("trial.place:1"), kind=Code("care")), **how)

    for wrong in ({"happened_on": moment}, {"corrects": "the one before"}):
        with pytest.raises(TypeError, match="happened_on is a date"):
            say(by=CLERK, on=DAY, **wrong)
    assert UnsealedFact.objects.count() == 0


def test_the_longest_ref_fits_its_column():
    with pytest.raises(ValueError, match="is not a ref"):
        Ref(f"{'e' * 28}.noun:1")
    assert len(Ref(f"{'e' * 27}.{'n' * 27}:{'k' * 64}")) == Mention._meta.get_field("ref").max_length


def test_a_whole_ledger_verifies_with_its_checkpoints(visit, sealed):
    for _ in range(300):
        visit(note="张三")
    sealed()
    checkpoints.make_checkpoint()
    visit()
    sealed()
    checkpoints.make_checkpoint()
    found = verify()
    assert (found.holds, found.facts) == (True, 301)
    assert Checkpoint.objects.count() == 2


@pytest.fixture
def thirty(visit, sealed):
    for number in range(30):
        visit(place=f"trial.place:{number}")
    sealed()
    checkpoints.make_checkpoint()


def actor(*roles):
    return Actor(ref=Ref("directory.person:1"), roles=frozenset(roles))


def behind_the_back(sql, *values):
    """Change a row as somebody with the database password would: triggers off, SQL by hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(sql, values)
        for _, text in triggers:
            cursor.execute(text)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE kernel_sealedfact SET actor = 'x'", "DELETE FROM kernel_sealedfact", "DELETE FROM kernel_checkpoint"],
)
def test_the_database_refuses_to_change_what_is_sealed(thirty, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert verify().holds


@pytest.mark.parametrize(
    ("sql", "position", "what"),
    [
        (
            "UPDATE kernel_sealedfact SET content = replace(content, 'place:6', 'place:9') WHERE position = 7",
            7,
            "altered",
        ),
        ("DELETE FROM kernel_sealedfact WHERE position = 12", 12, "missing"),
        ("DELETE FROM kernel_sealedfact WHERE position > 28", 29, "missing"),
        ("UPDATE kernel_sealedfact SET happened_on = '2026-01-01' WHERE position = 20", 20, "columns"),
        (
            'UPDATE kernel_sealedfact SET body = \'{"kind":"care","people":9,"place":"trial.place:4"}\''
            " WHERE position = 5",
            5,
            "columns",
        ),
        ("UPDATE kernel_sealedfact SET recorded_at = '2026-03-05 08:00:00+00:00' WHERE position = 9", 9, "columns"),
        ("INSERT INTO kernel_mention (ref, position) VALUES ('trial.place:77', 8)", 8, "index"),
        ("DELETE FROM kernel_mention WHERE ref = 'trial.place:11'", 12, "index"),
        ("UPDATE kernel_head SET size = 29", 30, "missing"),
        ("DELETE FROM kernel_head", 1, "missing"),
        ("UPDATE kernel_sealedfact SET position = -3 WHERE position = 1", 1, "missing"),
        ("UPDATE kernel_checkpoint SET note = replace(note, 'time 2', 'time 3')", 30, "signature"),
        ("UPDATE kernel_checkpoint SET note = 'rubbish'", 30, "checkpoint"),
    ],
)
def test_a_row_altered_behind_the_back_is_named(thirty, sql, position, what):
    behind_the_back(sql)
    found = verify()
    assert (found.broken_at, found.what) == (position, what)


def rewrite_history(old, new):
    """Write the whole ledger anew with other words, as its operator could: content, links, tiles, head, checkpoints."""
    rows = list(SealedFact.objects.order_by("position").values_list("content", flat=True))
    tables = ["kernel_mention", "kernel_sealedfact", "kernel_tile", "kernel_checkpoint", "kernel_head"]
    for table in tables:
        behind_the_back(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        for content in rows:
            cursor.execute("INSERT INTO kernel_unsealedfact (content) VALUES (%s)", [content.replace(old, new)])
    seal_batch()


def test_rewriting_the_whole_chain_is_caught_by_a_kept_checkpoint(thirty, visit, sealed, tmp_path):
    """Somebody with every right rewrites history and signs anew: all holds but an outsider's checkpoint."""
    kept = Checkpoint.objects.get().note
    visit()
    sealed()
    checkpoints.make_checkpoint()
    honest = checkpoints.consistency(old=30)
    assert standalone.check_consistency(kept, honest, keys.public_key()) == []
    rewrite_history("trial.place:6", "trial.place:9")
    checkpoints.make_checkpoint()
    assert (verify().holds, verify().facts) == (True, 31)
    forged = checkpoints.consistency(old=30)
    assert standalone.signature_holds(forged["checkpoint"], keys.public_key())
    assert "rewritten" in standalone.check_consistency(kept, forged, keys.public_key())[0]
    (tmp_path / "kept.txt").write_text(kept, "utf-8")
    for proof, status in ((honest, 0), (forged, 1)):
        (tmp_path / "proof.json").write_text(json.dumps(proof), "utf-8")
        command = [sys.executable, "-I", standalone.__file__, "proof.json", "--kept", "kept.txt"]
        assert subprocess.run(command, check=False, capture_output=True, cwd=tmp_path).returncode == status


def test_a_kept_checkpoint_is_compared_with_a_later_one_of_the_same_ledger_only(thirty):
    kept = Checkpoint.objects.get().note
    same = checkpoints.consistency(old=30)
    assert standalone.check_consistency(kept, same, keys.public_key()) == []
    assert standalone.check_consistency(kept.replace("hash sha256", "hash sm3"), same) == [
        "the two checkpoints are of different ledgers"
    ]
    assert standalone.check_consistency(kept, same, bytes(32)) == ["the signature does not belong to this key"]
    for wrong in ({"old": 31}, {"old": 0}, {"old": 20, "new": 29}):
        with pytest.raises(checkpoints.NotSealed):
            checkpoints.consistency(**wrong)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 600])
def test_every_fact_is_provable_at_every_size(visit, sealed, size):
    for number in range(size):
        visit(place=f"trial.place:{number}")
    sealed()
    checkpoint = checkpoints.make_checkpoint()
    for position in {1, size // 2 + 1, size}:
        fact = SealedFact.objects.get(position=position)
        assert standalone.check_proof(checkpoints.proof(key=fact.key), checkpoints.public_key()) == []
    for old in {1, size // 2 + 1, size - 1} - {0, size}:
        path = [bytes.fromhex(step) for step in checkpoints.consistency(old=old, new=size)["path"]]
        old_root = checkpoints.tree().span(0, old)
        assert standalone.consistent(old, size, old_root, bytes(checkpoint.root), path)


def test_the_stand_alone_verifier_checks_a_proof_without_us(thirty, tmp_path):
    fact = SealedFact.objects.get(position=17)
    proof = checkpoints.proof(key=fact.key)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof), "utf-8")
    (tmp_path / "key").write_text(base64.b64encode(checkpoints.public_key()).decode())
    command = [sys.executable, "-I", standalone.__file__, str(file), "--key", str(tmp_path / "key")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    file.write_text(json.dumps(proof | {"content": proof["content"].replace("care", "fair")}), "utf-8")
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_the_verifier_holds_an_annex_against_its_digest(visit, sealed, settings, algorithm):
    settings.XINGLIN_LEDGER_HASH = algorithm
    key = visit(note="张三")
    sealed()
    checkpoints.make_checkpoint()
    proof = checkpoints.proof(key=key, with_annex=True)
    assert (json.loads(proof["annex"]["text"]), standalone.check_proof(proof)) == ({"note": "张三"}, [])
    assert json.loads(proof["content"])["annex"].startswith("sm3:") is (algorithm == "sm3")
    assert verify().holds
    proof["annex"]["text"] = canonical({"note": "李四"})
    assert standalone.check_proof(proof) == ["the annex is not the one that the fact names"]


def test_only_the_office_forgets(visit, sealed):
    key = visit(note="张三")
    sealed()
    for role in ("member", "department", "leader", "branch_secretary"):
        with pytest.raises(NotAllowed):
            forget_annex(by=actor(role), on=DAY, key=key, reason="request")
    assert (Annex.objects.count(), UnsealedFact.objects.count()) == (1, 0)
    forget_annex(by=actor("office"), on=DAY, key=key, reason="request")
    assert Annex.objects.count() == 0


def test_forgetting_deletes_the_words_and_keeps_the_proof(visit, sealed):
    key = visit(note="李四的住址")
    sealed()
    assert "李四" in Annex.objects.get(key=key).text
    assert "李四" not in SealedFact.objects.get(key=key).content
    forget_annex(by=CLERK, on=DAY, key=key, reason="request")
    sealed()
    checkpoints.make_checkpoint()
    assert not Annex.objects.exists()
    assert verify().holds
    assert standalone.check_proof(checkpoints.proof(key=key)) == []
    with pytest.raises(NothingToForget):
        forget_annex(by=CLERK, on=DAY, key=key, reason="request")


def test_an_annex_that_went_without_a_word_is_named(visit, sealed):
    first, second = visit(note="张三"), visit(note="李四")
    forget_annex(by=CLERK, on=DAY, key=first, reason="request")
    sealed()
    assert verify().holds
    Annex.objects.filter(key=second).delete()
    assert (verify().broken_at, verify().what) == (2, "annex")


def test_a_living_ledger_is_whole_though_facts_are_sealed_while_it_is_read(thirty, visit, sealed):
    """The sealer does not rest while somebody verifies: what came after the head was read is no matter."""
    read = []

    def meanwhile(count):
        if not read:
            visit()
            sealed()
            checkpoints.make_checkpoint()
        read.append(count)

    found = verify(progress=meanwhile)
    assert (found.holds, found.facts, verify().facts) == (True, 30, 31)


def test_a_cut_ledger_whose_head_was_set_back_is_named_by_its_checkpoint(thirty):
    link = bytes(SealedFact.objects.get(position=28).link).hex()
    behind_the_back("DELETE FROM kernel_sealedfact WHERE position > 28")
    behind_the_back("DELETE FROM kernel_mention WHERE position > 28")
    how = f"'\\x{link}'" if connection.vendor == "postgresql" else f"x'{link}'"
    behind_the_back(f"UPDATE kernel_head SET size = 28, link = {how}")
    assert (verify().broken_at, verify().what) == (29, "missing")


@pytest.fixture
def own_keys(settings, tmp_path):
    """Keys that the test may lose."""
    settings.VAR = tmp_path
    yield tmp_path / "keys" / "ledger.ed25519"
    keys._load.cache_clear()


def test_old_checkpoints_and_proofs_hold_under_a_new_key(own_keys, visit, sealed):
    first = visit()
    sealed()
    old = checkpoints.make_checkpoint()
    own_keys.unlink()
    keys._load.cache_clear()
    second = visit()
    sealed()
    new = checkpoints.make_checkpoint()
    assert bytes(old.key) != bytes(new.key) == keys.public_key()
    assert verify().holds
    for key in (first, second):
        found = checkpoints.proof(key=key)
        assert standalone.check_proof(found, base64.b64decode(found["public_key"])) == []


def test_a_checkpoint_signed_with_a_strangers_key_is_named(own_keys, visit, sealed):
    visit()
    sealed()
    one = checkpoints.make_checkpoint()
    own_keys.unlink()
    own_keys.with_suffix(".known").unlink()
    keys._load.cache_clear()
    assert not checkpoints.signature_stands(one)
    assert (verify().broken_at, verify().what) == (1, "signature")


def test_an_annex_that_was_rewritten_is_named(visit, sealed):
    key = visit(note="原文")
    sealed()
    Annex.objects.filter(key=key).update(text='{"note":"改过"}')
    assert (verify().broken_at, verify().what) == (1, "annex")


def test_a_fact_names_what_it_mentions(visit, sealed):
    visit(place="trial.place:77")
    sealed()
    assert set(Mention.objects.values_list("ref", "position")) == {("kernel.house:test", 1), ("trial.place:77", 1)}


def test_a_batch_limit_never_leaves_a_gap(visit):
    for _ in range(10):
        visit()
    assert [seal_batch(limit=4) for _ in range(4)] == [4, 4, 2, 0]
    assert Head.objects.get().size == 10
