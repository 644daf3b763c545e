// oidc-client-ts in a browser, as docs/relying-parties/browser.md sets it up: another origin, no secret, a key of its own.

import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Instructions } from "../parties/instructions.js";
import { expect, test } from "./kit/test.js";

const PAGE = `<!doctype html><html lang="vi"><link rel="icon" href="data:,"><title>System</title>
<script type="importmap">{"imports": {"oidc-client-ts": "/oidc-client-ts.js", "jwt-decode": "/jwt-decode.js"}}</script>
<p id="who"></p><button id="sign-in">in</button><button id="sign-out">out</button>
<script type="module" src="/app.js"></script>`;
const module = (path) => readFile(fileURLToPath(new URL(`node_modules/${path}`, import.meta.url)));

test("oidc-client-ts: sign-in, userinfo, refresh, sign-out, with tokens bound to a key", async ({ page, khue }) => {
  const scripts = new Map([
    ["/oidc-client-ts.js", await module("oidc-client-ts/dist/esm/oidc-client-ts.js")],
    ["/jwt-decode.js", await module("jwt-decode/build/esm/index.js")],
  ]);
  const system = createServer((request, response) => {
    const script = scripts.get(request.url);
    response.setHeader("content-type", script ? "text/javascript" : "text/html").end(script ?? PAGE);
  });
  await new Promise((resolve) => system.listen(0, "127.0.0.1", resolve));
  const home = `http://127.0.0.1:${system.address().port}`;
  try {
    const instructions = await Instructions.of("browser.md", khue.issuer, home);
    scripts.set("/app.js", instructions.block("app.js"));
    const file = join(khue.folder, "browser.toml");
    await writeFile(file, instructions.clientFile());
    await khue.command("client", "apply", "--yes", file);
    await page.goto(home);
    await expect(async () => {
      await page.goto(home);
      await page.locator("#sign-in").click();
      await expect(page.locator("select[name=person]")).toBeVisible({ timeout: 1_000 });
    }, "a running server follows its register").toPass();
    await page.locator("select[name=person]").selectOption("candidate");
    await page.locator("form:has(select[name=person]) button").click();
    await page.locator("form[action='/consent'] button").first().click();
    await expect(page.locator("#who")).toHaveText("Lê Hoàng Phúc");
    expect(page.url()).toBe(`${home}/`);

    const [before, after] = await page.evaluate(async () => {
      const { people } = await import("/app.js");
      const before = await people.getUser();
      return [before, await people.signinSilent()];
    });
    expect([before.token_type, after.token_type].map((type) => type.toLowerCase())).toEqual(["dpop", "dpop"]);
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.refresh_token).not.toBe(before.refresh_token);
    expect(after.profile.sub).toBe(before.profile.sub);
    await page.reload();
    await expect(page.locator("#who")).toHaveText("Lê Hoàng Phúc");

    await page.locator("#sign-out").click();
    await page.waitForURL(`${home}/signed-out**`);
    await page.locator("#sign-in").click();
    await expect(page.locator("select[name=person]")).toBeVisible();
  } finally {
    system.close();
  }
});
