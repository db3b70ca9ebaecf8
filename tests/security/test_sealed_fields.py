"""Sensitive fields at rest: unreadable in the table, bound to their column, movable to a new key."""

import base64
from io import StringIO

import pytest
from django.core.management import call_command

from tests.security.conftest import DAY
from tests.security.vault import Vault, make_table, overwrite, stored
from xinglin.directory.people import Person
from xinglin.directory.security import rotation
from xinglin.directory.security.actions.keys import NothingToRetire, make_key, retire_keys
from xinglin.directory.security.rotation import reindex, reseal, waiting
from xinglin.kernel import keyring as rings
from xinglin.kernel.actors import house
from xinglin.kernel.ledger.models import SealedFact, UnsealedFact
from xinglin.kernel.sealed_fields import Unreadable, blind_index, seal, unseal

pytestmark = pytest.mark.django_db
NUMBER = "11010119900307765X"


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.VAR = tmp_path
    make_table()


def test_a_sealed_value_reads_back_and_is_not_in_the_table():
    row = Vault.objects.create(number=NUMBER, bank="6222 0000 1111 2222")
    again = Vault.objects.get(pk=row.pk)
    assert (again.number, again.bank) == (NUMBER, "6222 0000 1111 2222")
    assert stored(row.pk).startswith("x1.k1.")
    assert NUMBER not in stored(row.pk) and "6222" not in stored(row.pk, "bank")


def test_the_same_value_is_sealed_differently_each_time():
    one, two = (Vault.objects.create(number=NUMBER) for _ in range(2))
    assert stored(one.pk) != stored(two.pk)


def test_empty_and_missing_values_stay_as_they_are():
    row = Vault.objects.create(number="", bank=None)
    assert (stored(row.pk), stored(row.pk, "bank"), row.number_index) == ("", None, None)


def test_a_tampered_ciphertext_is_refused():
    row = Vault.objects.create(number=NUMBER)
    version, key, body = stored(row.pk).split(".")
    raw = bytearray(base64.b64decode(body))
    raw[14] ^= 1
    overwrite(row.pk, "number", f"{version}.{key}.{base64.b64encode(bytes(raw)).decode()}")
    with pytest.raises(Unreadable, match="altered"):
        Vault.objects.get(pk=row.pk)


@pytest.mark.parametrize("bad", ["x1.k1.", "x1.k1.AAAA", "x1.k9.AAAA", "plain words", "x1.k1.@@@", "x2.k1.AAAA"])
def test_a_malformed_ciphertext_is_refused_and_never_shown_as_it_is(bad):
    row = Vault.objects.create(number=NUMBER)
    overwrite(row.pk, "number", bad)
    with pytest.raises(Unreadable):
        Vault.objects.get(pk=row.pk)


def test_a_ciphertext_moved_to_another_column_is_refused():
    row = Vault.objects.create(number=NUMBER, bank="6222")
    overwrite(row.pk, "bank", stored(row.pk, "number"))
    with pytest.raises(Unreadable, match="wrong column"):
        Vault.objects.get(pk=row.pk)


def test_the_key_id_of_a_ciphertext_cannot_be_exchanged():
    sealed = seal("x", column="a.b")
    rings.add_key()
    with pytest.raises(Unreadable):
        unseal(sealed.replace("x1.k1.", "x1.k2."), column="a.b")


def test_sm4_seals_too_and_both_ciphers_open_side_by_side(settings):
    old = Vault.objects.create(number=NUMBER)
    settings.XINGLIN_CIPHER = "sm4"
    assert rings.add_key() == "k2"
    new = Vault.objects.create(number="E12345678")
    assert rings.keyring().current.cipher == "sm4"
    assert stored(new.pk).startswith("x1.k2.")
    assert [Vault.objects.get(pk=row.pk).number for row in (old, new)] == [NUMBER, "E12345678"]


def test_an_unknown_cipher_is_refused_with_the_setting_named(settings):
    settings.XINGLIN_CIPHER = "rot13"
    with pytest.raises(rings.KeyringError, match="XINGLIN_CIPHER: rot13"):
        rings.keyring()


def test_a_blind_index_finds_the_exact_value_however_it_was_typed():
    row = Vault.objects.create(number=NUMBER)
    Vault.objects.create(number="110101199003071234")
    for typed in (NUMBER, "110101 19900307 765x", "１１０１０１１９９００３０７７６５Ｘ"):
        assert list(Vault.objects.filter(number_index__matches=typed)) == [row]
    assert list(Vault.objects.filter(number_index=NUMBER)) == [row]
    assert not Vault.objects.filter(number_index__matches="1101011990").exists()


def test_a_blind_index_differs_between_columns_and_installations(settings, tmp_path):
    first = blind_index(NUMBER, column="a.b")
    assert first != blind_index(NUMBER, column="a.c")
    settings.VAR = tmp_path / "other"
    assert first != blind_index(NUMBER, column="a.b")


def test_a_sealed_column_cannot_be_searched_by_its_text():
    with pytest.raises(TypeError, match="BlindIndex"):
        Vault.objects.filter(number=NUMBER).exists()


def test_the_index_follows_the_value_in_save_and_in_bulk():
    row = Vault.objects.create(number=NUMBER)
    row.number = "E12345678"
    row.save()
    assert Vault.objects.filter(number_index__matches="E12345678").get() == row
    row.number = "G7654321"
    Vault.objects.bulk_update([row], ["number", "number_index"])
    assert Vault.objects.filter(number_index__matches="G7654321").get().number == "G7654321"
    Vault.objects.bulk_create([Vault(number="H1"), Vault(number="H2")])
    assert Vault.objects.filter(number_index__matches="H2").get().number == "H2"


def test_a_row_read_without_its_sealed_column_keeps_its_index():
    row = Vault.objects.create(number=NUMBER)
    partly = Vault.objects.defer("number").get(pk=row.pk)
    assert bytes(partly.number_index) == bytes(row.number_index)
    partly.bank = "6222"
    partly.save()
    assert Vault.objects.filter(number_index__matches=NUMBER).get().bank == "6222"


def test_rotation_moves_every_row_in_batches_and_goes_on_after_a_stop():
    rows = [Vault.objects.create(number=f"E{n:08}") for n in range(7)]
    rings.add_key()
    number = Vault._meta.get_field("number")

    def stop_after_the_first(_rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(model=Vault, field=number, batch=3, moved=stop_after_the_first)
    assert waiting(model=Vault, field=number) == 4
    assert [Vault.objects.get(pk=row.pk).number for row in rows] == [f"E{n:08}" for n in range(7)]
    assert reseal(model=Vault, field=number, batch=3, moved=lambda n: None) == 4
    assert all(stored(row.pk).startswith("x1.k2.") for row in rows)
    assert reseal(model=Vault, field=number, batch=3, moved=lambda n: None) == 0


def test_while_the_index_key_changes_every_row_is_found_by_old_and_new():
    rows = [Vault.objects.create(number=f"E{n:08}") for n in range(5)]
    assert rings.add_key(index=True) == "i2"
    assert Vault.objects.filter(number_index__matches="E00000003").get() == rows[3]
    index = Vault._meta.get_field("number_index")
    assert reindex(model=Vault, field=index, batch=2, moved=lambda n: None) == 5
    assert Vault.objects.filter(number_index=blind_index("E00000003", column="trial_vault.number")).get() == rows[3]
    assert reindex(model=Vault, field=index, batch=2, moved=lambda n: None) == 0


def test_the_command_makes_a_key_says_so_in_the_ledger_and_retires_the_old_one():
    out = StringIO()
    call_command("rotate_keys", "--new", "--retire", stdout=out)
    assert "made k2" in out.getvalue() and "retired k1" in out.getvalue()
    assert sorted(rings.keyring().keys) == ["k2"]
    content = " ".join(UnsealedFact.objects.values_list("content", flat=True))
    assert "security.key.made" in content and "security.key.retired" in content
    assert rings.keyring().current.secret.hex() not in content + out.getvalue()


def test_a_key_is_made_and_retired_by_acts_that_say_so(sealed):
    assert make_key(by=house("test"), on=DAY) == "k2"
    assert make_key(by=house("test"), on=DAY, index=True) == "i2"
    assert retire_keys(by=house("test"), on=DAY) == ("i1", "k1")
    sealed()
    said = list(SealedFact.objects.order_by("position").values_list("type", "body"))
    assert said == [
        ("security.key.made", {"key": "k2", "cipher": "aes"}),
        ("security.key.made", {"key": "i2", "cipher": "hmac"}),
        ("security.key.retired", {"key": "i1"}),
        ("security.key.retired", {"key": "k1"}),
    ]


def test_an_old_index_key_is_retired_only_after_every_row_was_computed_again(person):
    who = person(mobile="13800001234")
    out = StringIO()
    call_command("rotate_keys", "--new", "--index", "--count", "--retire", stdout=out)
    make_key(by=house("test"), on=DAY, index=True)
    with pytest.raises(NothingToRetire):
        retire_keys(by=house("test"), on=DAY)
    call_command("rotate_keys", "--index", "--retire", stdout=out)
    assert sorted(rings.keyring().index_keys) == ["i2"] and "retired i1" in out.getvalue()
    assert Person.objects.filter(mobile_index__matches="13800001234").get() == who
    call_command("rotate_keys", "--index", "--retire", stdout=out)  # nothing is left to retire, and it says so


def test_an_index_written_while_it_is_computed_again_is_the_writers(monkeypatch):
    row = Vault.objects.create(number=NUMBER)
    rings.add_key(index=True)

    def slowly(plain, *, column):
        fresh = Vault.objects.get(pk=row.pk)
        fresh.number = "E12345678"
        fresh.save()
        return blind_index(plain, column=column)

    monkeypatch.setattr(rotation, "blind_index", slowly)
    reindex(model=Vault, field=Vault._meta.get_field("number_index"), batch=2, moved=lambda n: None)
    assert Vault.objects.filter(number_index__matches="E12345678").get() == row


def test_a_key_that_opens_nothing_more_is_the_only_one_retired():
    with pytest.raises(NothingToRetire):
        retire_keys(by=house("test"), on=DAY)
    assert sorted(rings.keyring().keys) == ["k1"]


def test_the_key_file_is_its_owners_alone_and_a_world_readable_one_is_refused():
    file = rings.keyring_file()
    rings.keyring()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    rings._read.cache_clear()
    with pytest.raises(rings.KeyringError, match="chmod 600"):
        rings.keyring()


def test_a_missing_mounted_key_file_stops_us_instead_of_making_another(settings, tmp_path):
    settings.XINGLIN_KEYRING = str(tmp_path / "nowhere.json")
    with pytest.raises(rings.KeyringError, match="does not exist"):
        rings.keyring()
