// What a person does, in the words that she sees.

import { expect } from "@playwright/test";

export const NAME = "H'Hen Niê Đặng Thị Ánh";

export async function fillNewAccount(page, { name = NAME, email = "hhen@example.vn", phone = "0912 345 678" } = {}) {
  await expect(page.getByRole("heading", { level: 1, name: "Tạo tài khoản" })).toBeVisible();
  await page.getByLabel("Họ và tên").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Số điện thoại").fill(phone);
  await page.getByRole("button", { name: "Tiếp tục" }).click();
}

export async function makePasskey(page, authenticator) {
  await authenticator.touched(async () => {
    await page.locator("form[data-passkey=create] button[type=submit]").click();
    await page.waitForURL((url) => url.pathname !== "/create/passkey" && url.pathname !== "/create");
  });
}

// A new account at Khuê itself; leaves her on her page.
export async function createAccount(page, authenticator, khue, details) {
  await page.goto(`${khue.issuer}/create`);
  await fillNewAccount(page, details);
  await makePasskey(page, authenticator);
  await expect(page).toHaveURL(`${khue.issuer}/account?done=account-created`);
}

export async function signInWithPasskey(page, authenticator) {
  const before = page.url();
  await authenticator.touched(async () => {
    await page.locator("form[data-passkey=get] button[type=submit]").click();
    await page.waitForURL((url) => url.href !== before && url.pathname !== "/sign-in");
  });
}

export async function agree(page) {
  await page.getByRole("button", { name: "Đồng ý", exact: true }).click();
}

export async function signOut(page, khue) {
  await page.goto(`${khue.issuer}/logout`);
  await page.getByRole("button", { name: "Đăng xuất khỏi mọi hệ thống" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Bạn đã đăng xuất" })).toBeVisible();
}
