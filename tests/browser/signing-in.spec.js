import { chromium } from "@playwright/test";

import { Authenticator } from "./kit/authenticator.js";
import { NAME, agree, createAccount, fillNewAccount, makePasskey, signInWithPasskey, signOut } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

const signInHeading = (page) => page.getByRole("heading", { level: 1, name: "Đăng nhập" });

test("the passkey opens the account again, by the button", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await signOut(page, khue);
  await page.goto(`${khue.portal}/sign-in`);
  await signInWithPasskey(page, authenticator);
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
});

test("the passkey opens the account again, out of the list under the field", async ({ newBrowser, khue }) => {
  const page = await (await newBrowser({ offersPasskeys: true })).newPage();
  const authenticator = await Authenticator.plugInto(page);
  await createAccount(page, authenticator, khue);
  await signOut(page, khue);
  // No button is pressed: choosing from the list is all she does.
  await authenticator.present(true);
  await page.goto(`${khue.portal}/sign-in`);
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
});

test("the button works while the list is offered", async ({ newBrowser, khue }) => {
  const context = await newBrowser({ offersPasskeys: true });
  await context.addInitScript(() => {
    const get = navigator.credentials?.get.bind(navigator.credentials);
    if (get) navigator.credentials.get = (options) => {
      window.offered ||= options.mediation === "conditional";
      return get(options);
    };
  });
  const page = await context.newPage();
  const authenticator = await Authenticator.plugInto(page);
  await createAccount(page, authenticator, khue);
  await signOut(page, khue);
  await page.goto(`${khue.issuer}/sign-in`);
  await page.waitForFunction(() => window.offered);
  await signInWithPasskey(page, authenticator);
  await expect(page).toHaveURL(`${khue.issuer}/account`);
});

test("whoever presses the button before the page is whole is heard", async ({ page, authenticator, khue }) => {
  await page.addInitScript(() => {
    const press = (_, watch) => {
      const button = document.querySelector("form[data-passkey=create] button[type=submit]");
      if (!button) return;
      watch.disconnect();
      button.click();
    };
    new MutationObserver(press).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${khue.issuer}/create`);
  await authenticator.touched(async () => {
    await fillNewAccount(page);
    await page.waitForURL(`${khue.issuer}/account?done=account-created`);
  });
});

test("declining brings her back with nothing shared, and she may think again", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await page.goto(`${khue.portal}/sign-in`);
  await page.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bạn đã từ chối chia sẻ thông tin");
  await page.getByRole("link", { name: "Đăng nhập lại" }).click();
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
});

test("a device that does not know her finger says so, and the button works again", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await signOut(page, khue);
  await page.goto(`${khue.issuer}/sign-in`);
  await authenticator.unlocks(false);
  await authenticator.present(true);
  const button = page.locator("form[data-passkey] button");
  await button.click();
  await expect(page.locator("[data-passkey-status]")).toContainText("Bạn chưa xác nhận");
  await expect(button).toBeEnabled();
  await authenticator.unlocks(true);
  await button.click();
  await expect(page).toHaveURL(`${khue.issuer}/account`);
});

test("a passkey that no account has leads to another or to a new account", async ({ page, authenticator, khue }) => {
  // Made, but never sent: Khuê does not know it.
  await page.goto(`${khue.issuer}/create`);
  await fillNewAccount(page);
  await page.locator("form[data-passkey=create]").waitFor();
  await authenticator.touched(() =>
    page.evaluate(async () => {
      const options = JSON.parse(document.querySelector("form[data-passkey]").dataset.options);
      await navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey ?? options),
      });
    }),
  );
  await page.goto(`${khue.portal}/sign-in`);
  await authenticator.present(true);
  await page.locator("form[data-passkey] button").click();
  await expect(page.getByText("Khóa truy cập (passkey) chưa được chấp nhận")).toBeVisible();
  await authenticator.present(false);
  await authenticator.forget();
  // The way on is still there.
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page);
  await makePasskey(page, authenticator);
  await agree(page);
  await expect(page).toHaveURL(`${khue.portal}/`);
});

test("this is not me: the next person signs in on her own", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  const first = await authenticator.passkeys();
  await authenticator.forget();
  await page.goto(`${khue.portal}/sign-in`);
  await page.getByRole("button", { name: "Không phải tôi" }).click();
  await expect(signInHeading(page)).toBeVisible();
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page, { name: "Nguyễn Văn Bình" });
  await makePasskey(page, authenticator);
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nguyễn Văn Bình");
  expect(first).toHaveLength(1);
});

test("a browser without passkeys says what to do", async ({ newBrowser, khue }) => {
  const context = await newBrowser();
  await context.addInitScript(() => delete window.PublicKeyCredential);
  const page = await context.newPage();
  await page.goto(`${khue.portal}/sign-in`);
  await expect(page.getByText("Trình duyệt này chưa dùng được khóa truy cập (passkey)")).toBeVisible();
  await expect(page.locator("form[data-passkey] button")).toBeDisabled();
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page);
  await expect(page.getByText("Mở trang này trên điện thoại hoặc máy tính khác.")).toBeVisible();
  await page.getByRole("link", { name: "Xem các cách khác trong trang trợ giúp" }).click();
  await expect(page).toHaveURL(`${khue.issuer}/help#no-passkey`);
});

test("without JavaScript every page works, and the passkey step says what it needs", async ({ launchOptions, locale, khue }) => {
  // Switched off as people do it, so that the parser knows: what `noscript` holds is shown.
  const args = [...launchOptions.args, "--blink-settings=scriptEnabled=false"];
  const browser = await chromium.launch({ ...launchOptions, args });
  const page = await browser.newPage({ locale });
  for (const path of ["/", "/help", "/nowhere", "/logout"]) {
    await page.goto(khue.issuer + path);
    await expect(page.locator("h1")).toBeVisible();
  }
  await page.goto(`${khue.portal}/sign-in`);
  await expect(page.locator("noscript .note-title")).toBeVisible();
  await page.locator("form[data-passkey] button").click();
  await expect(page.getByText("Chưa nhận được khóa truy cập (passkey)")).toBeVisible();
  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page);
  await expect(page.locator("noscript .note-title")).toBeVisible();
  await page.locator("form[data-passkey] button").click();
  await expect(page.getByText("Chưa nhận được khóa truy cập (passkey)")).toBeVisible();
  await browser.close();
});

test("another language keeps the way to the system", async ({ page, authenticator, khue }) => {
  await page.goto(`${khue.portal}/sign-in`);
  await expect(signInHeading(page)).toBeVisible();
  await page.getByRole("link", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.locator(".system")).toContainText("Public Service Portal");
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Full name").fill(NAME);
  await page.getByRole("button", { name: "Continue" }).click();
  await makePasskey(page, authenticator);
  await expect(page.getByRole("heading", { level: 1, name: "Do you agree to share this?" })).toBeVisible();
  await page.getByRole("link", { name: "Tiếng Việt" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "vi");
  await agree(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
});
