import { readFile, writeFile } from "node:fs/promises";

import { Authenticator } from "./kit/authenticator.js";
import { agree, createAccount, signInWithPasskey, signOut } from "./kit/steps.js";
import { expect, test } from "./kit/test.js";

test("a second passkey is added, named, used, and the first one removed", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await page.getByRole("link", { name: "Thêm khóa thứ hai" }).click();
  const rows = page.locator("li.thing");
  await expect(rows).toHaveCount(1);
  // The last one stays.
  await expect(rows.getByRole("link", { name: /Gỡ bỏ/ })).toHaveCount(0);

  // The same device is told that it has one already.
  await authenticator.present(true);
  const add = page.locator("form[data-passkey=create]");
  await add.getByRole("button").click();
  await expect(page.locator("[data-passkey-status]")).toContainText("Thiết bị này đã có khóa của tài khoản");

  await authenticator.replace();
  await page.getByLabel("Tên gợi nhớ").last().fill("Điện thoại của tôi");
  await authenticator.touched(async () => {
    await add.getByRole("button").click();
    await expect(page.getByText("Đã thêm khóa truy cập (passkey).")).toBeVisible();
  });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "Điện thoại của tôi" })).toHaveCount(1);

  const former = rows.filter({ hasNotText: "Điện thoại của tôi" });
  await former.getByText("Đổi tên").click();
  await former.getByLabel("Tên gợi nhớ").fill("Máy cũ");
  await former.getByRole("button", { name: "Lưu" }).click();
  await expect(page.getByText("Đã đổi tên khóa truy cập (passkey).")).toBeVisible();

  // What was begun with a passkey ends with it: she comes in by the one that stays.
  await signOut(page, khue);
  await page.goto(`${khue.issuer}/sign-in`);
  await signInWithPasskey(page, authenticator);
  await page.goto(`${khue.issuer}/account/passkeys`);
  await page.getByRole("link", { name: "Gỡ bỏ khóa “Máy cũ”" }).click();
  await page.getByRole("button", { name: "Gỡ khóa này" }).click();
  await expect(page.getByText("Đã gỡ khóa truy cập (passkey).")).toBeVisible();
  await expect(rows).toHaveCount(1);
});

test("a passkey that was removed opens nothing, and ends what it had opened", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  const former = await authenticator.passkeys();
  await authenticator.replace();
  await page.goto(`${khue.issuer}/account/passkeys`);
  await page.getByLabel("Tên gợi nhớ").last().fill("Mới");
  await authenticator.touched(async () => {
    await page.locator("form[data-passkey=create] button").click();
    await expect(page.locator("li.thing")).toHaveCount(2);
  });
  await page.locator("li.thing").filter({ hasNotText: "Mới" }).getByRole("link", { name: /Gỡ bỏ/ }).click();
  await expect(page.getByText("Bạn đang đăng nhập bằng khóa này.")).toBeVisible();
  await page.getByRole("button", { name: "Gỡ khóa này" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Đăng nhập" })).toBeVisible();
  await authenticator.replace();
  await authenticator.holds(former);
  await page.goto(`${khue.issuer}/sign-in`);
  await authenticator.present(true);
  await page.locator("form[data-passkey] button").click();
  await expect(page.getByText("Khóa truy cập (passkey) chưa được chấp nhận")).toBeVisible();
});

test("what she says about herself is kept, and corrected where it cannot be", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await page.goto(`${khue.issuer}/account/profile`);
  await page.getByLabel("Ngày sinh").fill("31/02/1990");
  await page.getByRole("button", { name: "Lưu" }).click();
  await expect(page.getByRole("alert")).toContainText("Ngày sinh chưa đúng");
  await expect(page.getByLabel("Ngày sinh")).toHaveValue("31/02/1990");
  await page.getByLabel("Ngày sinh").fill("02/09/1988");
  await page.getByLabel("Nữ", { exact: true }).check();
  await page.getByLabel("Địa chỉ").fill("12 Lý Thường Kiệt, Hà Nội");
  await page.getByRole("button", { name: "Lưu" }).click();
  await expect(page.getByText("Đã lưu thông tin của bạn.")).toBeVisible();
  await page.goto(`${khue.issuer}/account/profile`);
  await expect(page.getByLabel("Ngày sinh")).toHaveValue("02/09/1988");
  await expect(page.getByLabel("Nữ", { exact: true })).toBeChecked();
  await expect(page.getByLabel("Địa chỉ")).toHaveValue("12 Lý Thường Kiệt, Hà Nội");
});

test("she sees where she is signed in, and ends the others", async ({ page, authenticator, newBrowser, khue }) => {
  await createAccount(page, authenticator, khue);
  const passkeys = await authenticator.passkeys();
  const others = [];
  for (const _ of [1, 2]) {
    const other = await (await newBrowser()).newPage();
    const device = await Authenticator.plugInto(other);
    await device.holds(passkeys);
    await other.goto(`${khue.issuer}/sign-in`);
    await signInWithPasskey(other, device);
    await expect(other).toHaveURL(`${khue.issuer}/account`);
    others.push(other);
  }
  await page.goto(`${khue.issuer}/account/sessions`);
  const rows = page.locator("li.thing");
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: "Thiết bị này" })).toHaveCount(1);
  await rows.getByRole("button", { name: "Đăng xuất thiết bị đó" }).first().click();
  await expect(page.getByText("Đã đăng xuất thiết bị đó.")).toBeVisible();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Đăng xuất mọi thiết bị khác" }).click();
  await expect(rows).toHaveCount(1);
  for (const other of others) {
    await other.goto(`${khue.issuer}/account`);
    await expect(other).toHaveURL(/\/sign-in/);
  }
  await page.goto(`${khue.issuer}/account`);
  await expect(page).toHaveURL(`${khue.issuer}/account`);
});

test("consent is withdrawn as easily as given, and asked for again", async ({ page, authenticator, khue }) => {
  await createAccount(page, authenticator, khue);
  await page.goto(`${khue.portal}/sign-in`);
  await agree(page);
  await page.goto(`${khue.issuer}/account/systems`);
  await page.getByRole("link", { name: "Rút lại sự đồng ý với Cổng dịch vụ công" }).click();
  await page.getByRole("button", { name: "Rút lại sự đồng ý" }).click();
  await expect(page.getByText("Đã rút lại sự đồng ý.")).toBeVisible();
  await page.goto(`${khue.portal}/sign-in`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bạn có đồng ý chia sẻ thông tin?");
});

test("the access log tells what happened, each entry with a proof that holds", async ({ page, authenticator, khue }, info) => {
  await createAccount(page, authenticator, khue);
  await page.goto(`${khue.portal}/sign-in`);
  await agree(page);
  await expect(page).toHaveURL(`${khue.portal}/`);
  await expect(async () => {
    await page.goto(`${khue.issuer}/account/log`);
    await expect(page.getByText("Đang niêm phong…")).toHaveCount(0, { timeout: 100 });
  }).toPass();
  for (const happened of [
    "Bạn tạo tài khoản",
    "Bạn thêm khóa truy cập (passkey)",
    "Bạn đồng ý chia sẻ thông tin",
    "Bạn vào hệ thống",
    "Hệ thống nhận thông tin của bạn",
  ]) {
    await expect(page.getByRole("heading", { level: 3, name: happened, exact: true })).toBeVisible();
  }
  const shared = page.locator(".entry").filter({ hasText: "Hệ thống nhận thông tin của bạn" });
  await expect(shared).toContainText("Cổng dịch vụ công");
  const arrives = page.waitForEvent("download");
  await shared.getByRole("link", { name: /Tải bằng chứng/ }).click();
  const download = await arrives;
  expect(download.suggestedFilename()).toMatch(/^khue-[0-9a-f-]{36}\.json$/);
  const file = info.outputPath("proof.json");
  await download.saveAs(file);
  await khue.command("audit", "verify", "--proof", file);

  // One digit of what it tells changed: it holds no more.
  const proof = await readFile(file, "utf8");
  expect(proof).toContain("cong-dich-vu-cong");
  const forged = info.outputPath("forged.json");
  await writeFile(forged, proof.replace("cong-dich-vu-cong", "cong-dich-vu-conh"));
  await expect(khue.command("audit", "verify", "--proof", forged)).rejects.toThrow();
  await khue.command("audit", "verify");
});
