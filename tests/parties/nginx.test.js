// oauth2-proxy behind nginx, as docs/relying-parties/nginx.md sets them up: both of their own, in a temporary folder.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Guide, SECRET } from "./guide.js";
import { freePort } from "./khue.js";
import { Visitor } from "./visitor.js";

const NGINX = "/usr/sbin/nginx";
const PROXY = process.env.KHUE_TEST_OAUTH2_PROXY;

let guide, application;

before(async () => {
  assert.ok(PROXY, "KHUE_TEST_OAUTH2_PROXY: the program oauth2-proxy");
  guide = await Guide.open("nginx.md");
  await guide.register();
  // The application: it knows nothing, and says which headers it got.
  application = createServer((request, response) => {
    const { "x-person": sub, "x-access-token": token } = request.headers;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ sub, token }));
  });
  await new Promise((resolve) => application.listen(0, "127.0.0.1", resolve));

  const folder = join(guide.khue.folder, "nginx");
  await mkdir(folder);
  await writeFile(join(folder, "client.secret"), SECRET);
  await writeFile(join(folder, "cookie.secret"), "0123456789abcdef0123456789abcdef");
  const port = await freePort();
  const moved = (text) => text.replaceAll("127.0.0.1:4180", `127.0.0.1:${port}`).replaceAll("127.0.0.1:3000", `127.0.0.1:${application.address().port}`);
  const config = moved(guide.block("oauth2-proxy.cfg")).replaceAll("/etc/oauth2-proxy", folder);
  // Four minutes go by in a second.
  await writeFile(join(folder, "oauth2-proxy.cfg"), config.replace('cookie_refresh = "4m"', 'cookie_refresh = "1s"'));
  await guide.run(PROXY, ["--config", join(folder, "oauth2-proxy.cfg")], {}, port);

  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
  await writeFile(join(folder, "nginx.conf"), `
daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {}
http {
  access_log off;
  ${places.join(" ")}
  server {
    listen 127.0.0.1:${guide.port};
    ${moved(guide.block("site.conf"))}
  }
}`);
  // Its own folder is nobody else's: the workers stay who they are.
  const user = process.getuid() === 0 ? ["-g", "user root;"] : [];
  await guide.run(NGINX, ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf"), ...user]);
});

after(async () => {
  application?.close();
  await guide?.end();
});

test("oauth2-proxy behind nginx: sign-in, userinfo, refresh, sign-out", async () => {
  const visitor = new Visitor("civil-servant");
  const first = await visitor.go(`${guide.home}/page?of=it`);
  assert.deepEqual(first.filled, ["sign-in", "consent"], first.text + guide.said);
  assert.equal(first.url.href, `${guide.home}/page?of=it`);
  const inside = JSON.parse(first.text);
  assert.match(inside.sub, /^[\w-]{43}$/);
  const person = await userinfo(inside.token);
  assert.deepEqual([person.sub, person.name], [inside.sub, "Đặng Văn Sơn"]);

  let renewed = inside;
  while (renewed.token === inside.token) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    renewed = JSON.parse((await visitor.go(`${guide.home}/page`)).text);
  }
  assert.equal((await userinfo(renewed.token)).sub, inside.sub);

  const left = await visitor.go(`${guide.home}/sign-out`);
  assert.deepEqual(left.filled, ["sign-out"], left.text);
  const again = await visitor.go(`${guide.home}/page`);
  assert.deepEqual(again.filled, ["sign-in"], "she was still signed in");
});

async function userinfo(token) {
  const answer = await fetch(`${guide.khue.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  return answer.json();
}
