// openid-client (and with it oauth4webapi), as a system in JavaScript would use it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as jose from "jose";
import * as oidc from "openid-client";

import { startKhue } from "./khue.js";
import { Person } from "./person.js";

const SECRET = "a-secret-of-at-least-thirty-two-bytes";
// RFC 6749 §2.3.1: form-encoded before it is put into the header.
const ODD_SECRET = "a secret of at least thirty-two bytes + / : %";
const CALLBACK = "http://127.0.0.1/callback";
const SYSTEMS = [
  ["es256-basic", "ES256", oidc.ClientSecretBasic(SECRET)],
  ["odd-secret", "ES256", oidc.ClientSecretBasic(ODD_SECRET)],
  ["rs256-post", "RS256", oidc.ClientSecretPost(SECRET)],
  ["ps256-basic", "PS256", oidc.ClientSecretBasic(SECRET)],
  ["eddsa-none", "EdDSA", oidc.None()],
];

let khue, person;

before(async () => {
  khue = await startKhue();
  person = await Person.create(khue.issuer, { name: "H'Hen Niê", email: "hhen@example.vn", phone: "" });
});

after(() => khue?.end());

async function discovered(id, alg, authentication) {
  const metadata = { id_token_signed_response_alg: alg };
  const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
  return oidc.discovery(new URL(khue.issuer), id, metadata, authentication, { execute });
}

async function asked(config, more = {}, who = person) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedNonce: oidc.randomNonce(),
    expectedState: oidc.randomState(),
    idTokenExpected: true,
  };
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile email offline_access",
    prompt: "consent",
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    ...more,
  });
  return { checks, answer: await who.authorize(address, CALLBACK) };
}

const refused = (code) => (error) => error.error === code || assert.fail(error);

for (const [id, alg, authentication] of SYSTEMS) {
  test(`${id}: code, ${alg}, userinfo, rotation, a code used twice`, async () => {
    const config = await discovered(id, alg, authentication);
    assert.ok(config.serverMetadata().supportsPKCE());
    const { checks, answer } = await asked(config);
    const tokens = await oidc.authorizationCodeGrant(config, answer, checks);

    // The library has checked it; a second library, by the published keys alone.
    const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
    const { payload } = await jose.jwtVerify(tokens.id_token, keys, { issuer: khue.issuer, audience: id, algorithms: [alg] });
    assert.equal(payload.nonce, checks.expectedNonce);
    assert.match(payload.acr, /xt2-phr$/);

    const claims = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.equal(claims.name, "H'Hen Niê");
    assert.equal(claims.email, "hhen@example.vn");

    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(renewed.refresh_token, tokens.refresh_token);
    assert.equal(renewed.claims().sub, payload.sub);
    await oidc.fetchUserInfo(config, renewed.access_token, payload.sub);

    // RFC 6749 §4.1.2: used twice, it ends everything that it gave.
    await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), refused("invalid_grant"));
    await assert.rejects(oidc.refreshTokenGrant(config, renewed.refresh_token), refused("invalid_grant"));
  });
}

for (const id of ["dpop", "dpop-nonce"]) {
  for (const alg of ["ES256", "ES384", "PS256", "Ed25519"]) {
    test(`${id}: tokens bound to a key, ${alg}`, async () => {
      const config = await discovered(id, "ES256", oidc.None());
      const key = await oidc.randomDPoPKeyPair(alg);
      const DPoP = oidc.getDPoPHandle(config, key);
      const { checks, answer } = await asked(config, { dpop_jkt: await DPoP.calculateThumbprint() });
      const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
      await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks, {}, { DPoP: other }), refused("invalid_grant"));
      const tokens = await oidc.authorizationCodeGrant(config, answer, checks, {}, { DPoP });
      assert.equal(tokens.token_type, "dpop");

      const subject = tokens.claims().sub;
      const claims = await oidc.fetchUserInfo(config, tokens.access_token, subject, { DPoP });
      assert.equal(claims.name, "H'Hen Niê");
      await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, subject));
      await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token, {}, { DPoP: other }), refused("invalid_grant"));
      const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, {}, { DPoP });
      await oidc.fetchUserInfo(config, renewed.access_token, subject, { DPoP });
    });
  }
}

test("an answer by form_post is taken", async () => {
  const config = await discovered(...SYSTEMS[0]);
  const { checks, answer } = await asked(config, { response_mode: "form_post" });
  const request = new Request(CALLBACK, { method: "POST", body: new URLSearchParams(answer.posted) });
  const tokens = await oidc.authorizationCodeGrant(config, request, checks);
  assert.ok(tokens.claims().sub);
});

test("a wrong secret, a wrong verifier and a request for the impossible are told apart", async () => {
  const [id, alg] = SYSTEMS[0];
  const config = await discovered(id, alg, oidc.ClientSecretBasic("not this one"));
  const { checks, answer } = await asked(config);
  await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), (error) => error.status === 401);

  const right = await discovered(...SYSTEMS[0]);
  const stolen = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
  await assert.rejects(oidc.authorizationCodeGrant(right, answer, stolen), refused("invalid_grant"));
  // A thief's try does not burn it.
  await oidc.authorizationCodeGrant(right, answer, checks);

  const { checks: silent, answer: nobody } = await asked(right, { prompt: "none", max_age: "0" });
  await assert.rejects(oidc.authorizationCodeGrant(right, nobody, silent), refused("login_required"));
});

test("signing out at the system signs out at Khuê", async () => {
  const config = await discovered(...SYSTEMS[0]);
  const leaver = await Person.create(khue.issuer, { name: "Người Rời Đi", email: "", phone: "" });
  const { checks, answer } = await asked(config, {}, leaver);
  const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
  const address = oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: "http://127.0.0.1/signed-out",
    state: "gone",
  });
  const { arrived } = await leaver.walk(address, "http://127.0.0.1/signed-out");
  assert.equal(arrived.searchParams.get("state"), "gone");
  const { checks: silent, answer: nobody } = await asked(config, { prompt: "none" }, leaver);
  await assert.rejects(oidc.authorizationCodeGrant(config, nobody, silent), refused("login_required"));
});
