// A system's own page asks, by the frame that the provider publishes, whether the person is still there.

import { createServer } from "node:http";

import { agree } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

test("a page of a system hears in its frame that the person left", async ({ page, khue }) => {
  const system = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><link rel=icon href=data:,><title>System</title>");
  });
  await new Promise((resolve) => system.listen(0, "127.0.0.1", resolve));
  // Another origin of the same site: what browsers keep from other sites they keep from frames there too.
  const home = `http://localhost:${system.address().port}`;
  try {
    const { check_session_iframe } = await (await fetch(`${khue.issuer}/.well-known/openid-configuration`)).json();
    const registered = await fetch(`${khue.issuer}/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_name: "A tool", redirect_uris: [`${home}/callback`] }),
    });
    const { client_id } = await registered.json();
    const request = { response_type: "code", scope: "openid profile", client_id, redirect_uri: `${home}/callback`, state: "st" };
    await page.goto(`${khue.issuer}/authorize?${new URLSearchParams(request)}`);
    await page.locator("select[name=person]").selectOption({ index: 1 });
    await page.locator("form:has(select[name=person]) button").click();
    await agree(page);
    await page.waitForURL(`${home}/callback?*`);
    const state = new URL(page.url()).searchParams.get("session_state");

    expect(await asked(page, check_session_iframe, `${client_id} ${state}`)).toBe("unchanged");
    expect(await asked(page, check_session_iframe, `another ${state}`)).toBe("changed");
    expect(await asked(page, check_session_iframe, "nonsense")).toBe("error");

    const own = await page.context().newPage();
    await own.goto(`${khue.issuer}/logout`);
    await own.locator("form[action$='/logout/confirm'] button").first().click();
    await own.waitForLoadState();
    expect(await asked(page, check_session_iframe, `${client_id} ${state}`)).toBe("changed");
  } finally {
    system.close();
  }
});

// What the frame answers to a message of the page.
function asked(page, frame, message) {
  return page.evaluate(({ frame, message }) => new Promise((resolve) => {
    const element = document.createElement("iframe");
    addEventListener("message", (event) => {
      if (event.source !== element.contentWindow) return;
      element.remove();
      resolve(event.data);
    });
    element.addEventListener("load", () => element.contentWindow.postMessage(message, new URL(frame).origin));
    element.src = frame;
    document.body.append(element);
  }), { frame, message });
}
