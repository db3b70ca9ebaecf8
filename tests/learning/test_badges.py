"""Open Badges 3.0: a stranger with the `cryptography` library and the published documents verifies a credential."""

import base64
import gzip
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.urls import reverse

from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificate, revoke_certificate

from .conftest import EVENT, OFFICE, actor

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text):
    """Decode multibase z; a stranger's own code, nothing of ours."""
    assert text[0] == "z"
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    size = (number.bit_length() + 7) // 8
    return b"\0" * (len(text[1:]) - len(text[1:].lstrip("1"))) + number.to_bytes(size)


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@pytest.fixture
def paper(project, someone):
    [award] = issue_credits(by=OFFICE, on=AFTER, project=project("reported", people=[someone("王小明")]))
    return issue_certificate(by=OFFICE, on=AFTER, award=award)


@pytest.fixture
def fetch(client, settings):
    """Read a published address without any account, as strangers do."""
    def read(address):
        assert address.startswith(settings.XINGLIN_URL), address
        response = client.get(address.removeprefix(settings.XINGLIN_URL).partition("#")[0])
        assert response.status_code == 200 and response["Access-Control-Allow-Origin"] == "*", address
        return json.loads(response.content)

    return read


def check_proof(document, fetch):
    """Verify an eddsa-jcs-2022 proof with what its verification method publishes."""
    body, proof = {key: value for key, value in document.items() if key != "proof"}, dict(document["proof"])
    value = base58(proof.pop("proofValue"))
    profile = fetch(proof["verificationMethod"])
    [key] = [one for one in profile["verificationMethod"] if one["id"] == proof["verificationMethod"]]
    assert key["id"] in profile["assertionMethod"]
    raw = base58(key["publicKeyMultibase"])
    assert raw[:2] == b"\xed\x01" and proof["@context"] == body["@context"]
    Ed25519PublicKey.from_public_bytes(raw[2:]).verify(
        value, hashlib.sha256(canonical(proof)).digest() + hashlib.sha256(canonical(body)).digest())


def given_to_the_holder(visit, paper, form):
    client = visit(actor(person=paper.award.person))
    return client.get(reverse("learning:badge", args=[paper.pk, form]))


def test_the_embedded_proof_holds_and_a_changed_word_breaks_it(paper, visit, fetch):
    document = json.loads(given_to_the_holder(visit, paper, "json").content)
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["credentialSubject"]["creditsEarned"] == 5
    check_proof(document, fetch)
    document["credentialSubject"]["creditsEarned"] = 10
    with pytest.raises(InvalidSignature):
        check_proof(document, fetch)


def test_the_token_holds_by_the_published_key(paper, visit, fetch):
    said = given_to_the_holder(visit, paper, "jwt").content.decode()
    head, payload, signature = said.split(".")
    header, claims = json.loads(base64url(head)), json.loads(base64url(payload))
    key = fetch(header["kid"])
    assert (header["alg"], key["kty"], key["crv"]) == ("EdDSA", "OKP", "Ed25519") and "d" not in key
    Ed25519PublicKey.from_public_bytes(base64url(key["x"])).verify(base64url(signature), f"{head}.{payload}".encode())
    assert (claims["iss"], claims["jti"]) == (claims["issuer"]["id"], claims["id"])
    profile = fetch(claims["iss"])
    assert profile["id"] == claims["issuer"]["id"] and profile["name"]


def test_a_credential_of_today_holds_since_this_midnight_where_the_association_is(paper, visit):
    document = json.loads(given_to_the_holder(visit, paper, "json").content)
    assert document["validFrom"] == f"{AFTER - timedelta(days=1)}T16:00:00Z"  # 00:00 in Beijing


def test_the_achievement_and_the_status_are_published_and_revocation_flips_one_bit(paper, visit, fetch):
    document = json.loads(given_to_the_holder(visit, paper, "json").content)
    assert fetch(document["credentialSubject"]["achievement"]["id"])["humanCode"] == "2026-03-01-001（国）"
    entry = document["credentialStatus"]

    def bit():
        listed = fetch(entry["statusListCredential"])
        check_proof(listed, fetch)
        encoded = listed["credentialSubject"]["encodedList"]
        assert encoded[0] == "u"
        bits, index = gzip.decompress(base64url(encoded[1:])), int(entry["statusListIndex"])
        assert len(bits) * 8 >= 131_072
        return sum(bin(one).count("1") for one in bits), bits[index // 8] >> (7 - index % 8) & 1

    assert bit() == (0, 0)
    revoke_certificate(by=OFFICE, on=AFTER, certificate=paper, reason="代签")
    assert bit() == (1, 1)


def test_nobody_else_is_given_the_credential_for_it_bears_the_name(paper, visit, someone, client):
    stranger = visit(actor(person=someone("他人"))).get(reverse("learning:badge", args=[paper.pk, "json"]))
    assert stranger.status_code == 403 and "王小明" not in stranger.content.decode()
