// A system that registered itself, as an outside tool would: by metadata, forms and addresses alone.

import { createServer } from "node:http";

import { agree } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

test("a system that registered itself signs an invented person in, and is told in a frame when she leaves", async ({ page, khue }) => {
  const told = [];
  const system = createServer((request, response) => {
    const url = new URL(request.url, "http://system");
    if (url.pathname === "/left") told.push(url.searchParams);
    response.setHeader("content-type", "text/html").end("<!doctype html><link rel=icon href=data:,><title>System</title>");
  });
  await new Promise((resolve) => system.listen(0, "127.0.0.1", resolve));
  const home = `http://127.0.0.1:${system.address().port}`;
  try {
    const registered = await post(`${khue.issuer}/register`, "application/json", JSON.stringify({
      client_name: "A tool",
      redirect_uris: [`${home}/callback`],
      post_logout_redirect_uris: [`${home}/bye`],
      frontchannel_logout_uri: `${home}/left`,
      frontchannel_logout_session_required: true,
      token_endpoint_auth_method: "client_secret_post",
    }));
    const { client_id, client_secret } = registered;
    const request = { response_type: "code", scope: "openid profile", client_id, redirect_uri: `${home}/callback`, state: "st" };
    await page.goto(`${khue.issuer}/authorize?${new URLSearchParams(request)}`);
    await page.locator("select[name=person]").selectOption({ index: 1 });
    await page.locator("form:has(select[name=person]) button").click();
    await agree(page);
    await page.waitForURL(`${home}/callback?*`);
    const { id_token } = await post(`${khue.issuer}/token`, "application/x-www-form-urlencoded", new URLSearchParams({
      grant_type: "authorization_code",
      code: new URL(page.url()).searchParams.get("code"),
      redirect_uri: `${home}/callback`,
      client_id,
      client_secret,
    }));

    const leaving = { id_token_hint: id_token, post_logout_redirect_uri: `${home}/bye`, state: "so" };
    await page.goto(`${khue.issuer}/logout?${new URLSearchParams(leaving)}`);
    await page.waitForURL(`${home}/bye?state=so`);
    const { sid } = JSON.parse(Buffer.from(id_token.split(".")[1], "base64url"));
    expect(told.map((params) => Object.fromEntries(params))).toEqual([{ iss: khue.issuer, sid }]);
  } finally {
    system.close();
  }
});

async function post(address, type, body) {
  const answer = await fetch(address, { method: "POST", headers: { "content-type": type }, body });
  const said = await answer.json();
  expect(answer.ok, JSON.stringify(said)).toBe(true);
  return said;
}
