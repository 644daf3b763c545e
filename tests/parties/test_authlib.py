"""Authlib, as a system in Python would use it."""

import html
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata

# Authlib puts it into the Basic header as it is, against RFC 6749 §2.3.1: nothing in it may need encoding.
SECRET = "a-secret-of-at-least-thirty-two-bytes"
CALLBACK = "http://127.0.0.1/callback"
SIGNED_OUT = "http://127.0.0.1/signed-out"
SYSTEMS = [
    ("es256-basic", "ES256", "client_secret_basic"),
    ("rs256-post", "RS256", "client_secret_post"),
    ("ps256-basic", "PS256", "client_secret_basic"),
    ("eddsa-none", "EdDSA", "none"),
]


class Person:
    """Someone who is signed in, and agrees to what is asked of her."""

    def __init__(self, issuer, cookies):
        self.issuer = issuer
        self.http = requests.Session()
        for name, value in cookies.items():
            self.http.cookies.set(name, value, domain="localhost.local")

    def authorize(self, address):
        answer = self.walk("GET", address)
        if isinstance(answer, str) and 'action="/consent"' in answer:
            form = answer.split('action="/consent"', 1)[1].split("</form>", 1)[0]
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
            fill = {html.unescape(name): html.unescape(value) for name, value in hidden}
            fill["decision"] = "allow" if 'value="allow"' in form else "continue"
            answer = self.walk("POST", f"{self.issuer}/consent", fill)
        return answer

    def walk(self, method, address, fill=None):
        """Follows the way until it leaves for the system (its URL) or ends at a page (its text)."""
        for _ in range(10):
            answer = self.http.request(method, address, data=fill, allow_redirects=False)
            if "location" not in answer.headers:
                return answer.text
            address = urljoin(address, answer.headers["location"])
            if address.startswith((CALLBACK, SIGNED_OUT)):
                return urlsplit(address)
            method, fill = "GET", None
        raise AssertionError("sent in circles")


@pytest.fixture(scope="module")
def running():
    folder = Path(__file__).parent
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(["node", "khue.js"], cwd=folder, text=True, **pipes) as node:
        try:
            yield json.loads(node.stdout.readline())
        finally:
            node.stdin.close()


@pytest.fixture(scope="module")
def person(running):
    return Person(running["issuer"], running["cookies"])


@pytest.fixture(scope="module")
def metadata(running):
    found = requests.get(running["issuer"] + "/.well-known/openid-configuration", timeout=10).json()
    checked = OpenIDProviderMetadata(found)
    # All but https: this issuer stands on the loopback.
    checked.validate_response_types_supported()
    checked.validate_subject_types_supported()
    checked.validate_id_token_signing_alg_values_supported()
    return found


def system(client_id, method):
    secret = None if method == "none" else SECRET
    return OAuth2Session(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        scope="openid profile email offline_access",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )


def begun(session, metadata, **more):
    """The address to go to, and what must be kept until the answer comes."""
    kept = {"code_verifier": generate_token(48), "nonce": generate_token()}
    address, state = session.create_authorization_url(
        metadata["authorization_endpoint"], prompt="consent", **kept, **more
    )
    return address, state, kept


@pytest.mark.parametrize(("client_id", "alg", "method"), SYSTEMS)
def test_the_whole_flow(client_id, alg, method, person, metadata):
    session = system(client_id, method)
    address, state, kept = begun(session, metadata)
    answer = person.authorize(address)
    redeem = {"authorization_response": answer.geturl(), "state": state, "code_verifier": kept["code_verifier"]}
    token = dict(session.fetch_token(metadata["token_endpoint"], **redeem))

    keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    claims = JsonWebToken([alg]).decode(
        token["id_token"],
        keys,
        claims_cls=CodeIDToken,
        claims_options={
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": client_id},
        },
        claims_params={"nonce": kept["nonce"], "client_id": client_id, "access_token": token["access_token"]},
    )
    claims.validate()
    assert claims["acr"].endswith("xt2-phr")

    userinfo = session.get(metadata["userinfo_endpoint"]).json()
    assert userinfo["sub"] == claims["sub"]
    assert userinfo["name"] == "H'Hen Niê"
    assert userinfo["email"] == "hhen@example.vn"

    renewed = dict(session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"]))
    assert renewed["refresh_token"] != token["refresh_token"]
    assert session.get(metadata["userinfo_endpoint"]).json()["sub"] == claims["sub"]

    # RFC 6749 §4.1.2: used twice, it ends everything that it gave.
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.fetch_token(metadata["token_endpoint"], **redeem)
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(metadata["token_endpoint"], refresh_token=renewed["refresh_token"])


def test_an_answer_by_form_post(person, metadata):
    session = system("es256-basic", "client_secret_basic")
    address, state, kept = begun(session, metadata, response_mode="form_post")
    page = person.authorize(address)
    fields = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    }
    assert (fields["state"], fields["iss"]) == (state, metadata["issuer"])
    token = session.fetch_token(
        metadata["token_endpoint"], code=fields["code"], code_verifier=kept["code_verifier"]
    )
    assert token["id_token"]


def test_a_wrong_secret_is_refused(person, metadata):
    session = system("es256-basic", "client_secret_basic")
    address, _, kept = begun(session, metadata)
    answer = person.authorize(address)
    session.client_secret = "not this one"
    with pytest.raises(OAuthError, match="invalid_client"):
        session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=answer.geturl(),
            code_verifier=kept["code_verifier"],
        )


def test_signing_out_at_the_system_signs_out_at_khue(person, metadata):
    session = system("rs256-post", "client_secret_post")
    address, _, kept = begun(session, metadata)
    answer = person.authorize(address)
    token = session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer.geturl(),
        code_verifier=kept["code_verifier"],
    )
    leave = requests.Request(
        "GET",
        metadata["end_session_endpoint"],
        params={"id_token_hint": token["id_token"], "post_logout_redirect_uri": SIGNED_OUT, "state": "gone"},
    )
    left = person.walk("GET", leave.prepare().url)
    assert parse_qs(left.query)["state"] == ["gone"]
    address, _, _ = begun(session, metadata)
    silent = person.authorize(address.replace("prompt=consent", "prompt=none"))
    assert parse_qs(silent.query)["error"] == ["login_required"]
