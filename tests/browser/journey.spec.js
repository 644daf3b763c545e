import { NAME, agree, fillNewAccount, makePasskey } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

test("one account, one passkey, two systems, and out of both", async ({ page, authenticator, khue }) => {
  await page.goto(khue.portal);
  await page.getByRole("link", { name: "Đăng nhập bằng Khuê" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Đăng nhập" })).toBeVisible();
  await expect(page.locator(".system")).toContainText("Cổng dịch vụ công");

  await page.getByRole("link", { name: "Tạo tài khoản" }).click();
  await fillNewAccount(page);
  await makePasskey(page, authenticator);

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bạn có đồng ý chia sẻ thông tin?");
  await expect(page.locator(".system")).toContainText("Cổng dịch vụ công");
  await expect(page.locator(".claim").filter({ hasText: "Họ và tên" })).toContainText(NAME);
  const email = page.getByRole("checkbox", { name: "Email" });
  await expect(email).not.toBeChecked();
  await email.check();
  await agree(page);

  await expect(page).toHaveURL(`${khue.portal}/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
  await expect(page.locator("dl.form")).toContainText("hhen@example.vn");
  // She did not tick it, so it did not come.
  await expect(page.locator("main")).not.toContainText("912");
  await page.getByText("Dành cho người phát triển").click();
  await expect(page.locator("details")).toContainText("acr/xt2-phr");

  // The second system: no passkey is asked for, its own page once, then nothing.
  await page.getByRole("link", { name: "Mở Văn phòng điện tử" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thông tin được chia sẻ" })).toBeVisible();
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await expect(page).toHaveURL(`${khue.office}/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);

  await page.context().clearCookies({ name: /_session$/, domain: "127.0.0.1" });
  await page.goto(khue.office);
  await page.getByRole("link", { name: "Vào bằng tài khoản Khuê" }).click();
  await expect(page).toHaveURL(`${khue.office}/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);

  // Out at the system, out at Khuê.
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.waitForURL(/\/(logout|signed-out)/);
  if (page.url().startsWith(khue.issuer)) {
    await page.getByRole("button", { name: "Đăng xuất khỏi mọi hệ thống" }).click();
  }
  await page.goto(khue.issuer + "/account");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(`${khue.office}/sign-in`);
  await expect(page.getByRole("heading", { level: 1, name: "Đăng nhập" })).toBeVisible();
});
