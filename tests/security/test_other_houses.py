"""Sign-in by another house (OpenID Connect), against a small provider on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from tests.security.test_sign_in import sign_in, user_of
from xinglin.directory.accounts import Account
from xinglin.directory.security.models import LogEntry

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(BaseHTTPRequestHandler):
    """Answers discovery, token and user information for one person."""

    claims = {"sub": "teacher-17", "email": "lin@university.example", "email_verified": True}
    issuer = ""

    def do_GET(self):
        base, path = type(self).issuer, urlsplit(self.path).path
        if path.endswith("openid-configuration"):
            self.say({"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                      "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/keys"})  # fmt: skip
        elif path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.say({"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]})
        else:
            self.say(type(self).claims)

    def do_POST(self):
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        type(self).asked = asked
        claims = {**type(self).claims, "iss": type(self).issuer, "aud": "xinglin", "iat": 1, "exp": 4102444800}
        token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})
        self.say({"access_token": "t", "token_type": "Bearer", "id_token": token})

    def say(self, what):
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{
        "provider_id": "oidc", "name": "统一身份认证", "client_id": "xinglin", "secret": "s",
        "settings": {"server_url": Provider.issuer, "oauth_pkce_enabled": True},
    }]}}  # fmt: skip
    yield Provider
    server.shutdown()
    server.server_close()


def go(client, process="login", state=None):
    """Walk to the provider and back, as a browser would."""
    away = client.post(f"/account/oidc/oidc/login/?{urlencode({'process': process})}")
    assert away.status_code == 302, away.content
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = {"code": "c", "state": state or asked["state"][0]}
    return client.get(f"/account/oidc/oidc/login/callback/?{urlencode(back)}")


def test_the_button_stands_on_the_sign_in_page_only_when_a_provider_is_set(client, provider, settings):
    assert "统一身份认证" in client.get("/account/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "统一身份认证" not in client.get("/account/login/").content.decode()


def test_a_stranger_from_another_house_gets_no_account(client, provider):
    answer = go(client)
    assert user_of(client) is None and not Account.objects.exists()
    assert answer.status_code in (200, 302)


def test_a_connected_account_signs_in_from_there(account, provider):
    row, client = account(), Client()
    sign_in(client, "linxing")
    client.post("/account/reauthenticate/", {"password": "Apricot-Grove-2026"})
    go(client, process="connect")
    assert SocialAccount.objects.get().user_id == row.pk
    other = Client()
    go(other)
    assert user_of(other) == str(row.pk)
    assert "socialaccount" in LogEntry.objects.filter(kind="signed_in").first().detail


def test_the_same_mail_address_alone_does_not_open_an_account(account, provider):
    account(email="lin@university.example")
    client = Client()
    go(client)
    assert user_of(client) is None and not SocialAccount.objects.exists()


def test_when_the_association_trusts_the_provider_a_verified_address_names_the_account(account, provider, settings):
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    row, client = account(email="lin@university.example"), Client()
    go(client)
    assert user_of(client) == str(row.pk)


def test_an_answer_with_a_forged_state_is_refused(account, provider):
    account()
    client = Client()
    go(client, state="forged")
    assert user_of(client) is None and not SocialAccount.objects.exists()


def test_leaving_for_the_provider_takes_a_post(client, provider):
    assert client.get("/account/oidc/oidc/login/").status_code == 200


def test_a_second_factor_is_asked_for_after_another_house_too(account, provider):
    from tests.security.test_second_factor import bind

    row = account()
    SocialAccount.objects.create(user=row, provider="oidc", uid="teacher-17")
    bind(row)
    client = Client()
    assert go(client)["Location"] == "/account/2fa/authenticate/"
    assert user_of(client) is None
