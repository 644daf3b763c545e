// What browsers and people do besides going straight on.

import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Authenticator } from "./kit/authenticator.js";
import { NAME, agree, createAccount, fillNewAccount, makePasskey, signInWithPasskey, signOut } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

// A request of the portal's own, whose answer the test catches.
function request(khue, more = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const address = new URL(`${khue.issuer}/authorize`);
  address.search = new URLSearchParams({
    client_id: "cong-dich-vu-cong",
    redirect_uri: `${khue.portal}/signed-in`,
    response_type: "code",
    scope: "openid profile",
    state: "kept",
    nonce: "once",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  });
  return { address: address.href, verifier };
}

// What is posted to the portal, in place of the portal.
async function caught(page, khue) {
  let hear;
  const answer = new Promise((resolve) => (hear = resolve));
  await page.route(`${khue.portal}/signed-in**`, async (route) => {
    hear(route.request());
    await route.fulfill({ contentType: "text/html", body: "<!doctype html><title>arrived</title>" });
  });
  return answer;
}

test("two tabs, two systems: each arrives where it was going", async ({ page, authenticator, context, khue }) => {
  await createAccount(page, authenticator, khue);
  const passkeys = await authenticator.passkeys();
  await signOut(page, khue);
  await page.goto(`${khue.portal}/sign-in`);
  const second = await context.newPage();
  const device = await Authenticator.plugInto(second);
  await device.holds(passkeys);
  await second.goto(`${khue.office}/sign-in`);
  await signInWithPasskey(second, device);
  await second.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(second).toHaveURL(`${khue.office}/`);
  // The first tab is where it was, and goes on.
  await authenticator.holds(passkeys);
  await signInWithPasskey(page, authenticator);
  await agree(page);
  await expect(page).toHaveURL(`${khue.portal}/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
});

test("back and forth through the steps ends where it should", async ({ page, authenticator, khue }) => {
  await page.goto(`${khue.portal}/sign-in`);
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page, { name: "Sai Tên" });
  await expect(page.getByRole("heading", { level: 1, name: "Tạo khóa truy cập (passkey)" })).toBeVisible();
  await page.goBack();
  await fillNewAccount(page);
  await makePasskey(page, authenticator);
  await expect(page.getByRole("heading", { level: 1, name: "Bạn có đồng ý chia sẻ thông tin?" })).toBeVisible();
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
  // Back to a page that is over: no dead end, and no second account.
  await page.goBack();
  await page.goto(`${khue.issuer}/account`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(NAME);
});

test("a step opened in another browser is refused politely", async ({ page, newBrowser, khue }) => {
  await page.goto(`${khue.portal}/sign-in`);
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await expect(page).toHaveURL(/interaction=/);
  const stranger = await (await newBrowser()).newPage();
  await stranger.goto(page.url());
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Bạn đang dùng trình duyệt khác");
  await expect(stranger.locator(".tell")).toContainText(/KH-\d+/);
  await expect(stranger.getByRole("link", { name: "Trợ giúp" }).first()).toBeVisible();
});

test("a page from before signing out changes nothing any more", async ({ page, authenticator, context, khue }) => {
  await createAccount(page, authenticator, khue);
  await page.goto(`${khue.issuer}/account/profile`);
  const second = await context.newPage();
  await signOut(second, khue);
  await page.getByLabel("Địa chỉ").fill("Nơi khác");
  await page.getByRole("button", { name: "Lưu" }).click();
  await expect(page.locator("h1")).toHaveText(/Trang này đã cũ|Đăng nhập/);
  await page.goto(`${khue.issuer}/sign-in`);
  await signInWithPasskey(page, authenticator);
  await page.goto(`${khue.issuer}/account/profile`);
  await expect(page.getByLabel("Địa chỉ")).toHaveValue("");
});

test("a browser that lost its cookies is told so, not stranded", async ({ page, context, khue }) => {
  await page.goto(`${khue.portal}/sign-in`);
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await page.getByLabel("Họ và tên").fill(NAME);
  await context.clearCookies();
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(page.locator("h1")).toHaveText(/Trang này đã cũ|Bạn đang dùng trình duyệt khác/);
  await expect(page.locator("main .actions a").first()).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test(`an answer by form_post arrives ${javaScriptEnabled ? "by itself" : "by its button without JavaScript"}`, async ({ newBrowser, khue }) => {
    const context = await newBrowser({ javaScriptEnabled });
    const page = await context.newPage();
    const answer = caught(page, khue);
    // Nobody is there to ask: the error goes the same way as a code.
    const { address } = request(khue, { response_mode: "form_post", prompt: "none" });
    await page.goto(address);
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Tiếp tục" }).click();
    const posted = await answer;
    expect(posted.method()).toBe("POST");
    const fields = new URLSearchParams(posted.postData());
    expect(Object.fromEntries(fields)).toMatchObject({ error: "login_required", state: "kept", iss: khue.issuer });
  });
}

test("a code by form_post arrives too", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  const answer = caught(page, khue);
  await page.goto(request(khue, { response_mode: "form_post" }).address);
  await agree(page);
  const fields = new URLSearchParams((await answer).postData());
  expect(Object.fromEntries(fields)).toEqual({
    code: expect.any(String),
    state: "kept",
    iss: khue.issuer,
    session_state: expect.any(String),
  });
});

for (const signal of ["SIGKILL", "SIGTERM"]) {
  test(`the server starts anew after ${signal} between all steps, and nobody notices`, async ({ page, authenticator, ownKhue: khue }) => {
    test.setTimeout(120_000);
    const { address, verifier } = request(khue);
    // Between two steps, when the page is there with all that belongs to it.
    const startAnew = async () => {
      await page.waitForLoadState("networkidle");
      await khue.restart(signal);
    };
    await page.goto(address);
    await startAnew();
    await page.getByRole("link", { name: "Tạo tài khoản" }).click();
    await page.waitForURL(/\/create/);
    await startAnew();
    await fillNewAccount(page);
    await page.waitForURL((url) => !url.search);
    await startAnew();
    await makePasskey(page, authenticator);
    await startAnew();
    await agree(page);
    await page.waitForURL(`${khue.portal}/signed-in**`);
    const arrived = new URL(page.url()).searchParams;
    await startAnew();
    const secret = await readFile(join(khue.folder, "data", "portal.secret"), "utf8");
    const response = await fetch(`${khue.issuer}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`cong-dich-vu-cong:${secret.trim()}`)}` },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: arrived.get("code"),
        redirect_uri: `${khue.portal}/signed-in`,
        code_verifier: verifier,
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty("id_token");
    await signOut(page, khue);
    await page.goto(`${khue.issuer}/sign-in`);
    await startAnew();
    await signInWithPasskey(page, authenticator);
    await expect(page).toHaveURL(`${khue.issuer}/account`);
    await khue.command("audit", "verify");
  });
}
