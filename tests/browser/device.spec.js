// A kiosk that shows a code, and the phone of the person before it.

import { looksRight } from "./kit/looks.js";
import { expect, test } from "./kit/test.js";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

const PHONES = [["vi-VN", true, "with scripts"], ["en-GB", true, "in English"], ["en-GB", false, "without scripts"]];

for (const [locale, javaScriptEnabled, how] of PHONES) {
  test(`a kiosk is let in from a phone, ${how}`, async ({ newBrowser, khue }) => {
    const kiosk = await post(`${khue.issuer}/register`, "application/json", JSON.stringify({
      client_name: "Kiosk",
      grant_types: [GRANT],
      token_endpoint_auth_method: "none",
      scope: "openid profile",
    }));
    const { client_id } = kiosk;
    const begun = await post(`${khue.issuer}/device`, FORM, new URLSearchParams({ client_id, scope: "openid profile" }));
    const ask = () => fetch(`${khue.issuer}/token`, {
      method: "POST",
      headers: { "content-type": FORM },
      body: new URLSearchParams({ grant_type: GRANT, client_id, device_code: begun.device_code }),
    });
    expect((await (await ask()).json()).error).toBe("authorization_pending");

    const phone = await (await newBrowser({ locale, javaScriptEnabled, viewport: { width: 360, height: 740 } })).newPage();
    const see = (label) => (javaScriptEnabled ? looksRight(phone, label) : Promise.resolve());
    await phone.goto(`${khue.issuer}/device/verify`);
    await see("device-code");
    await phone.locator("#f-user-code").fill("bcdfghjk");
    await phone.locator("button.main").click();
    await expect(phone.locator("[role=alert] a.code")).toHaveText("KH-322");
    await see("device-code-unknown");
    await phone.goto(begun.verification_uri_complete);
    await expect(phone.locator("#f-user-code")).toHaveValue(begun.user_code);
    await see("device-code-scanned");
    await phone.locator("button.main").click();
    await phone.locator("select[name=person]").selectOption({ index: 1 });
    await phone.locator("form:has(select[name=person]) button").click();
    await expect(phone.locator(".big-code")).toHaveText(begun.user_code);
    await see("device-confirm");
    await phone.locator("button[value=same]").click();
    await see("device-consent");
    await phone.locator("button[value=allow]").click();
    await expect(phone.locator("form")).toHaveCount(0);
    await see("device-approved");

    // As a kiosk does: it asks no sooner than it was told to, whatever the person is doing.
    let { interval } = begun;
    let answer;
    do {
      await new Promise((wait) => setTimeout(wait, (interval + 1) * 1_000));
      answer = await (await ask()).json();
      if (answer.error === "slow_down") interval += 5;
    } while (["slow_down", "authorization_pending"].includes(answer.error));
    expect(answer).toMatchObject({ token_type: "Bearer", access_token: expect.any(String) });
  });
}

const FORM = "application/x-www-form-urlencoded";

async function post(address, type, body) {
  const answer = await fetch(address, { method: "POST", headers: { "content-type": type }, body });
  const said = await answer.json();
  expect(answer.ok, JSON.stringify(said)).toBe(true);
  return said;
}
