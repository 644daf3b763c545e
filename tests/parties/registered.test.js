// openid-client as a system that registers itself (RFC 7591), each time for other things that it speaks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as jose from "jose";
import * as oidc from "openid-client";

import { startKhue } from "./khue.js";
import { Person } from "./person.js";
import { Visitor } from "./visitor.js";

const CALLBACK = "http://127.0.0.1/callback";

let khue, person;

before(async () => {
  khue = await startKhue();
  person = await Person.create(khue.issuer, { name: "H'Hen Niê", email: "hhen@example.vn", phone: "" });
});

after(() => khue?.end());

// A new system, with the members that make it what it is.
async function registered(members, authentication) {
  const metadata = {
    redirect_uris: [CALLBACK],
    grant_types: ["authorization_code", "refresh_token"],
    id_token_signed_response_alg: "ES256",
    ...members,
  };
  const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
  return oidc.dynamicClientRegistration(new URL(khue.issuer), metadata, authentication, { execute });
}

// A key pair of the system's, and its public half as it is registered.
async function keys(alg, use) {
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  return { ...pair, jwks: { keys: [{ ...(await jose.exportJWK(pair.publicKey)), kid: use, use }] } };
}

// The way from the request to the tokens; `build` makes the address to which the person is sent.
async function signedIn(config, build = oidc.buildAuthorizationUrl, more = {}) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedNonce: oidc.randomNonce(),
    expectedState: oidc.randomState(),
    idTokenExpected: true,
  };
  const address = await build(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile",
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    ...more,
  });
  return oidc.authorizationCodeGrant(config, await person.authorize(address, CALLBACK), checks);
}

async function isKnown(config, tokens) {
  const claims = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(claims.name, "H'Hen Niê");
}

for (const alg of ["ES256", "ES384", "RS256", "PS256", "EdDSA"]) {
  test(`a system that registered itself authenticates by private_key_jwt, ${alg}`, async () => {
    const { privateKey, jwks } = await keys(alg, "sig");
    const key = { key: privateKey, kid: "sig" };
    const config = await registered({ token_endpoint_auth_method: "private_key_jwt", jwks }, oidc.PrivateKeyJwt(key));
    await isKnown(config, await signedIn(config));
  });
}

test("a system that registered itself authenticates by client_secret_jwt", async () => {
  const config = await registered({ token_endpoint_auth_method: "client_secret_jwt" }, oidc.ClientSecretJwt());
  await isKnown(config, await signedIn(config));
});

test("a pushed request and a signed answer", async () => {
  const members = { require_pushed_authorization_requests: true, authorization_signed_response_alg: "PS256" };
  const config = await registered({ ...members, token_endpoint_auth_method: "client_secret_post" });
  oidc.useJwtResponseMode(config);
  await isKnown(config, await signedIn(config, oidc.buildAuthorizationUrlWithPAR));
});

for (const [keyAlg, alg, enc] of [["ECDH-ES", "ECDH-ES", "A256GCM"], ["RSA-OAEP-256", "RSA-OAEP-256", "A128GCM"]]) {
  test(`encrypted ID token and userinfo, ${alg}`, async () => {
    const { privateKey, jwks } = await keys(keyAlg, "enc");
    const config = await registered({
      jwks,
      token_endpoint_auth_method: "client_secret_post",
      id_token_encrypted_response_alg: alg,
      id_token_encrypted_response_enc: enc,
      userinfo_signed_response_alg: "ES256",
      userinfo_encrypted_response_alg: alg,
      userinfo_encrypted_response_enc: enc,
    });
    oidc.enableDecryptingResponses(config, [enc], { key: privateKey, alg, kid: "enc" });
    const tokens = await signedIn(config);
    assert.equal(tokens.id_token.split(".").length, 5, "the ID token is not encrypted");
    await isKnown(config, tokens);
  });
}

test("a request in a signed object, to the browser and pushed", async () => {
  const { privateKey, jwks } = await keys("ES256", "sig");
  const members = { request_object_signing_alg: "ES256", require_signed_request_object: true, jwks };
  const config = await registered({ ...members, token_endpoint_auth_method: "client_secret_basic" }, oidc.ClientSecretBasic());
  const signed = (config, parameters) => oidc.buildAuthorizationUrlWithJAR(config, parameters, { key: privateKey, kid: "sig" });
  await isKnown(config, await signedIn(config, signed));
  const pushed = async (config, parameters) => oidc.buildAuthorizationUrlWithPAR(config, (await signed(config, parameters)).searchParams);
  await isKnown(config, await signedIn(config, pushed));
  await assert.rejects(signedIn(config), (error) => error.error === "invalid_request");
});

test("a token is asked about and given back", async () => {
  const config = await registered({ token_endpoint_auth_method: "client_secret_basic" }, oidc.ClientSecretBasic());
  const tokens = await signedIn(config, oidc.buildAuthorizationUrl, { scope: "openid profile offline_access", prompt: "consent" });
  const before = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([before.active, before.sub, before.iss], [true, tokens.claims().sub, khue.issuer]);
  await oidc.tokenRevocation(config, tokens.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), (error) => error.error === "invalid_grant");
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
});

test("a device without a keyboard: its code is brought to a browser", async () => {
  const grant_types = ["urn:ietf:params:oauth:grant-type:device_code"];
  const metadata = { grant_types, response_types: [], redirect_uris: undefined, token_endpoint_auth_method: "none" };
  const config = await registered(metadata, oidc.None());
  const device = await oidc.initiateDeviceAuthorization(config, { scope: "openid profile" });
  const asked = oidc.pollDeviceAuthorizationGrant(config, device);
  const visitor = new Visitor("parent");
  const { filled, text } = await visitor.go(device.verification_uri_complete);
  assert.deepEqual(filled.toSorted(), ["consent", "device-code", "device-confirm", "sign-in"], text);
  const tokens = await asked;
  const claims = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(claims.name, "Nguyễn Thị Ánh");
});
