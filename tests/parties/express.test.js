// express-openid-connect, as docs/relying-parties/node.md sets it up.

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Guide, SECRET } from "./guide.js";
import { Visitor } from "./visitor.js";

// Beside node_modules, where the page's imports are found.
const APP = fileURLToPath(new URL(`app-${process.pid}.tmp.mjs`, import.meta.url));
// A token lives for five minutes; the test does not wait so long.
const RENEW = `
app.get("/renewed", requiresAuth(), async (request, response) => {
  const { refreshToken } = request.oidc;
  await request.oidc.accessToken.refresh();
  response.json({ isNew: request.oidc.refreshToken !== refreshToken, ...(await request.oidc.fetchUserInfo()) });
});`;

let guide;

before(async () => {
  guide = await Guide.open("node.md");
  await guide.register();
  await writeFile(APP, guide.block("app.js") + RENEW);
  const env = { ...process.env, PORT: String(guide.port), CLIENT_SECRET: SECRET, COOKIE_SECRET: "a-cookie-secret-of-thirty-two-bytes" };
  await guide.run(process.execPath, [APP], { env });
});

after(async () => {
  await guide?.end();
  await rm(APP, { force: true });
});

test("express-openid-connect: sign-in, userinfo, refresh, sign-out", async () => {
  const visitor = new Visitor("teacher");
  const inside = await visitor.go(`${guide.home}/`);
  assert.deepEqual(inside.filled, ["sign-in", "consent"], inside.text);
  const { sub, name, email } = JSON.parse(inside.text);
  assert.deepEqual([name, email], ["H'Mai Êban", "hmai.eban@khue.example"]);

  const renewed = JSON.parse((await visitor.go(`${guide.home}/renewed`)).text);
  assert.deepEqual([renewed.sub, renewed.isNew], [sub, true]);

  const left = await visitor.go(`${guide.home}/logout`);
  assert.equal(left.text, "Signed out.");
  const again = await visitor.go(`${guide.home}/`);
  assert.deepEqual(again.filled, ["sign-in"], "she was still signed in at Khuê");
});
