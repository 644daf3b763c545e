// The pages that only some requests bring: another system called for the person, exactly what may be done there, the
// choice of an account, a level; and what she finds of them afterwards.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { looksRight } from "./kit/looks.js";
import { expect, test } from "./kit/test.js";

const SCHOOL_RECORDS = "https://hoc-ba.example.vn/api";
const BACK = "https://tuyensinh.example.vn/signed-in";

const REGISTER = `
[[client]]
client_id = "kho-hoc-ba"
client_name = { vi = "Kho học bạ số quốc gia", en = "National Store of School Records" }
client_purpose = { vi = "Giữ học bạ của học sinh cả nước.", en = "To keep the school records of all pupils." }
client_uri = "https://hoc-ba.example.vn/"
contacts = ["hotro@hoc-ba.example.vn"]
grant_types = []
response_types = []
protected_resources = [{ resource = "${SCHOOL_RECORDS}", scope = "doc", authorization_details = [
  { type = "hoc_ba", name = { vi = "Xem học bạ", en = "Read the school record" }, fields = [
    { field = "nam_hoc", label = { vi = "Năm học", en = "School year" }, required = true },
    { field = "mon", label = { vi = "Môn học", en = "Subjects" } },
  ] },
] }]

[[client]]
client_id = "cong-tuyen-sinh"
client_name = { vi = "Cổng tuyển sinh", en = "Admissions Portal" }
client_purpose = { vi = "Đăng ký và theo dõi nguyện vọng tuyển sinh.", en = "To apply for admission and follow the application." }
client_uri = "https://tuyensinh.example.vn/"
contacts = ["hotro@tuyensinh.example.vn"]
redirect_uris = ["${BACK}"]
post_logout_redirect_uris = ["https://tuyensinh.example.vn/signed-out"]
initiate_login_uri = "https://tuyensinh.example.vn/sign-in"
policy_uri = "https://tuyensinh.example.vn/privacy"
tos_uri = "https://tuyensinh.example.vn/terms"
scope = "openid profile email"
resources = [{ resource = "${SCHOOL_RECORDS}", scope = "doc" }]
authorization_details_types = ["hoc_ba"]

[[client.claims]]
claim = "name"
purpose = { vi = "Ghi tên bạn trên hồ sơ", en = "To put your name on the application" }
basis = "law"
essential = true

[[client.claims]]
claim = "email"
purpose = { vi = "Gửi kết quả cho bạn", en = "To send you the result" }
basis = "consent"
`;

for (const [language, locale] of [["vi", "vi-VN"], ["en", "en-GB"]]) {
  test(`what only some requests bring is right in ${language}`, async ({ newBrowser, ownKhue: khue }) => {
    test.setTimeout(180_000);
    const file = join(khue.folder, "systems.toml");
    await writeFile(file, REGISTER);
    await khue.command("client", "apply", "--yes", file);

    const page = await (await newBrowser({ locale })).newPage();
    await page.route(`${BACK}**`, (route) => route.fulfill({ body: "back" }));
    const see = async (label) => {
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await looksRight(page, label);
    };
    const ask = async (more) => {
      const address = new URL(`${khue.issuer}/authorize`);
      const params = {
        client_id: "cong-tuyen-sinh",
        response_type: "code",
        redirect_uri: BACK,
        scope: "openid profile email doc",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        ...more,
      };
      for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
      await page.goto(address.href);
    };

    await expect(async () => {
      await ask({});
      await expect(page.locator("select[name=person]")).toBeVisible({ timeout: 1_000 });
    }, "a running server follows its register").toPass();
    await see("sandbox-sign-in");

    const details = JSON.stringify([{ type: "hoc_ba", nam_hoc: 2026, mon: ["Toán", "Ngữ văn"] }]);
    await ask({ resource: SCHOOL_RECORDS, authorization_details: details });
    await page.locator("select[name=person]").selectOption("candidate");
    await page.locator("form:has(select[name=person]) button").click();
    await expect(page.locator("section[aria-labelledby=details]")).toBeVisible();
    await see("consent-details");
    await page.locator("button[value=allow]").click();
    await page.waitForURL(`${BACK}**`);

    await ask({ prompt: "select_account" });
    await see("select-account");
    await ask({ prompt: "login" });
    await see("sign-in-again");
    await page.goto(`${khue.issuer}/account/systems`);
    await see("systems-connected");
    await page.goto(`${khue.issuer}/account/log`);
    await see("log-details");
  });
}
