// Apache's mod_auth_openidc, as docs/relying-parties/apache.md sets it up: an instance of its own in a temporary folder.

import assert from "node:assert/strict";
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Guide, SECRET } from "./guide.js";
import { Visitor } from "./visitor.js";

const APACHE = "/usr/sbin/apache2";
const MODULES = "/usr/lib/apache2/modules";
const LOADED = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "alias", "mime", "include", "env"];
// What an application in the environment of the module sees.
const INSIDE = '{"sub":"<!--#echo var="REMOTE_USER" -->","name":"<!--#echo encoding="none" var="OIDC_CLAIM_name" -->",'
  + '"email":"<!--#echo var="OIDC_CLAIM_email" -->","access_token":"<!--#echo var="OIDC_access_token" -->"}';

// Started by root, it serves as somebody who may read the site and nothing else.
const SERVES_AS = process.getuid() === 0 ? "User www-data\nGroup www-data" : "";

let guide, folder;

before(async () => {
  await access(`${MODULES}/mod_auth_openidc.so`);
  guide = await Guide.open("apache.md");
  await guide.register();
  folder = await mkdtemp(join(tmpdir(), "khue-apache-"));
  await chmod(folder, 0o755);
  await mkdir(join(folder, "site", "private"), { recursive: true });
  await writeFile(join(folder, "site", "private", "index.shtml"), INSIDE);
  await writeFile(join(folder, "site", "signed-out"), "Signed out.");
  await writeFile(join(folder, "apache.conf"), `
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join("\n")}
ServerRoot ${folder}
ServerName 127.0.0.1:${guide.port}
Listen 127.0.0.1:${guide.port}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
Mutex file:${folder}
ErrorLog ${folder}/error.log
LogLevel warn
TypesConfig /dev/null
${SERVES_AS}
DocumentRoot ${folder}/site
StartServers 1
ThreadsPerChild 16
MaxRequestWorkers 64
<Directory ${folder}/site>
  Require all granted
</Directory>
<Directory ${folder}/site/private>
  Options +Includes
  AddType application/json .shtml
  AddOutputFilter INCLUDES .shtml
</Directory>
<VirtualHost 127.0.0.1:${guide.port}>
${guide.block("site.conf")}
</VirtualHost>
`);
  const env = { ...process.env, CLIENT_SECRET: SECRET, COOKIE_SECRET: "a-cookie-secret-of-thirty-two-bytes" };
  await guide.run(APACHE, ["-f", join(folder, "apache.conf"), "-D", "FOREGROUND"], { env }).catch(async (error) => {
    throw new Error(`${error.message}${await log()}`);
  });
});

after(async () => {
  await guide?.end();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const log = () => readFile(join(folder, "error.log"), "utf8");

test("mod_auth_openidc: sign-in, userinfo, refresh, sign-out", async () => {
  const visitor = new Visitor("clerk");
  const page = `${guide.home}/private/index.shtml`;
  const first = await visitor.go(page);
  assert.deepEqual(first.filled, ["sign-in", "consent"], first.text + (await log()));
  const inside = JSON.parse(first.text);
  assert.match(inside.sub, /^[\w-]{43}$/);
  assert.deepEqual([inside.name, inside.email], ["Vũ Thị Thu Hà", "ha.vu@khue.example"]);

  // The module's own hook: a new token now, not in four minutes.
  const refresh = new URLSearchParams({ refresh: page, access_token: inside.access_token });
  const renewed = await visitor.go(`${guide.home}/private/signed-in?${refresh}`);
  assert.equal(renewed.url.search, "", `the refresh failed: ${await log()}`);
  const after = JSON.parse(renewed.text);
  assert.equal(after.sub, inside.sub);
  assert.notEqual(after.access_token, inside.access_token);

  const leave = new URLSearchParams({ logout: `${guide.home}/signed-out` });
  const left = await visitor.go(`${guide.home}/private/signed-in?${leave}`);
  assert.equal(left.text, "Signed out.");
  const again = await visitor.go(page);
  assert.deepEqual(again.filled, ["sign-in"], "she was still signed in at Khuê");
});
