// Every page in both languages at both widths.

import { Authenticator } from "./kit/authenticator.js";
import { looksRight, sideways } from "./kit/looks.js";
import { agree, createAccount } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

const PEOPLE = {
  vi: { locale: "vi-VN", name: "Công Tằng Tôn Nữ Thị Hương Giang" },
  en: { locale: "en-GB", name: "H'Hen Niê" },
};

for (const [language, { locale, name }] of Object.entries(PEOPLE)) {
  test(`every page is right in ${language}`, async ({ newBrowser, khue }) => {
    test.setTimeout(300_000);
    const context = await newBrowser({ locale });
    const page = await context.newPage();
    const authenticator = await Authenticator.plugInto(page);
    const see = async (label, path) => {
      if (path) await page.goto(path.startsWith("http") ? path : khue.issuer + path);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await looksRight(page, label);
    };
    const press = (selector) => page.locator(selector).first().click();

    await see("home", "/");
    await see("help", "/help");
    await see("not-found", "/nowhere");
    await see("trouble-unknown-system", "/authorize?client_id=nobody&response_type=code");
    await see("trouble-return-address", `/authorize?client_id=cong-dich-vu-cong&response_type=code&redirect_uri=https%3A%2F%2Fevil.example%2F`);
    await see("signed-out-of-nothing", "/logout");
    await see("portal-welcome", `${khue.portal}/`);
    await see("office-welcome", `${khue.office}/`);
    await see("portal-trouble", `${khue.portal}/signed-in?code=none&state=none`);

    await page.goto(`${khue.portal}/sign-in`);
    await everyPersonIsReadable(page);
    await see("sign-in");
    await press("[data-passkey=get] button");
    await see("sign-in-waiting");
    await page.reload();
    await press("a.second");
    await see("create");
    await page.locator("#f-phone").fill("12");
    await page.locator("#f-email").fill("not an address");
    await press("button.main");
    await see("create-problems");
    await page.locator("#f-name").fill(name);
    await page.locator("#f-email").fill("nguoidan@example.vn");
    await page.locator("#f-phone").fill("0912 345 678");
    await press("button.main");
    await see("create-passkey");
    await authenticator.touched(async () => {
      await press("[data-passkey=create] button");
      await page.locator("input[name=claim]").first().waitFor();
    });
    await see("consent");
    await press("button[value=allow]");
    await page.waitForURL(`${khue.portal}/`);
    await see("portal-inside");
    await page.goto(`${khue.office}/sign-in`);
    await see("notice");
    await press("button[value=continue]");
    await page.waitForURL(`${khue.office}/`);
    await see("office-inside");

    await see("account", "/account");
    await see("profile", "/account/profile");
    await page.locator("#f-birthdate").fill("31/02/1990");
    await press("button.main");
    await see("profile-problems");
    await page.locator("#f-birthdate").fill("28/02/1990");
    await press("button.main");
    await see("profile-saved");
    await see("passkeys", "/account/passkeys");
    await press("summary");
    await see("passkeys-rename");
    await see("sessions", "/account/sessions");
    await see("systems", "/account/systems");
    await press("a.second");
    await see("withdraw");
    await see("log", "/account/log");
    await see("sign-out", "/logout");
    await see("gone", "/account/passkeys/remove?id=0198a000-0000-7000-8000-000000000000");
    await see("confirm", "/sign-in?for=passkeys");

    await page.goto(`${khue.portal}/`);
    await press("form[action='/sign-out'] button");
    await page.waitForURL(/signed-out|logout/);
    await see("portal-signed-out");
    await page.goto(`${khue.office}/sign-in`);
    const address = page.url();
    await page.goto(`${khue.office}/`);
    const stranger = await (await newBrowser({ locale })).newPage();
    await stranger.goto(address);
    await looksRight(stranger, "elsewhere");
    if (page.url().startsWith(khue.issuer)) await see("sign-out-at-system");
    await page.goto(`${khue.issuer}/logout`);
    await see("signed-out");
  });
}

test("words without a space in them widen no page", async ({ page, authenticator, khue }) => {
  const long = "W".repeat(100);
  await page.setViewportSize({ width: 360, height: 740 });
  const fits = async (path) => {
    if (path) await page.goto(path.startsWith("http") ? path : khue.issuer + path);
    for (const width of [360, 700, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      expect.soft(await sideways(page), `${page.url()} at ${width} px`).toBe(0);
    }
  };
  const email = `${"w".repeat(60)}@${"m".repeat(36)}.vn`;
  await createAccount(page, authenticator, khue, { name: long, email });
  await fits();
  await page.goto(`${khue.issuer}/account/profile`);
  await page.locator("#f-address").fill(long);
  await page.locator("main button.main").click();
  await fits();
  await page.goto(`${khue.issuer}/account/passkeys`);
  await page.locator("summary").first().click();
  await page.locator("#label-1").fill(long);
  await page.locator("form.inline button").first().click();
  await fits();
  await page.goto(`${khue.portal}/sign-in`);
  await expect(page.getByText(email)).toBeVisible();
  await fits();
  for (const box of await page.locator("input[name=claim]").all()) await box.check();
  await agree(page);
  await page.waitForURL(`${khue.portal}/`);
  await fits();
  for (const path of ["/", "/account/sessions", "/account/systems", "/account/log", "/logout"]) await fits(path);
});

// Name and role of everybody in a sandbox's list, on the narrowest screen.
async function everyPersonIsReadable(page) {
  await page.setViewportSize({ width: 360, height: 740 });
  const list = page.locator("select[name=person]");
  for (const option of await list.locator("option").all()) {
    await list.selectOption(await option.getAttribute("value"));
    const isCut = await list.evaluate((drawn) => drawn.scrollWidth > drawn.clientWidth || drawn.scrollHeight > drawn.clientHeight);
    expect.soft(isCut, `${await option.textContent()} is cut off`).toBe(false);
  }
}
