//! What goes with every page.

use super::raw::{cookies, get};
use crate::kit::{TestApp, confidential, registration};

#[tokio::test]
async fn every_page_goes_out_guarded() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_up("/create", "An").await;
    let jar = cookies(&browser);
    for path in [
        "/",
        "/help",
        "/account",
        "/account/profile",
        "/account/passkeys",
        "/account/log",
        "/nowhere",
        "/sign-out",
    ] {
        let page = get(&app, path, &[("cookie", &jar)]).await;
        let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap());
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "script-src 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(
            header("cross-origin-opener-policy"),
            "",
            "{path}: systems may sign people in in a window of their own"
        );
        assert!(header("strict-transport-security").starts_with("max-age="), "{path}");
        assert!(header("permissions-policy").contains("publickey-credentials-get=(self)"), "{path}");
        assert!(!page.body.contains("<style") && !page.body.contains(" style="), "{path}");
        assert!(!page.body.contains("<script>") && !page.body.contains(" onclick="), "{path}");
    }
}

#[tokio::test]
async fn cookies_are_bound_to_host_tls_and_http__rfc6265bis_4_1_3() {
    let app = TestApp::start().await;
    let page = get(&app, "/sign-in", &[]).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-khue_browser=khue_bt_"), "{cookie}");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let name = cookie.split(';').next().unwrap();
    let again = get(&app, "/sign-in", &[("cookie", name)]).await;
    assert!(!again.headers.contains_key("set-cookie"), "one browser, one cookie");
    let planted = get(&app, "/sign-in", &[("cookie", &format!("{name}; {name}"))]).await;
    assert!(planted.headers.contains_key("set-cookie"), "two are none");
}

#[tokio::test]
async fn the_language_is_the_persons_choice_then_the_browsers_then_the_countrys() {
    let app = TestApp::start().await;
    let is = |body: &str, tag: &str| assert!(body.contains(&format!("<html lang=\"{tag}\">")), "{tag}");
    is(&get(&app, "/help", &[]).await.body, "vi");
    is(&get(&app, "/help", &[("accept-language", "en-GB,en;q=0.9")]).await.body, "en");
    is(&get(&app, "/help", &[("accept-language", "en"), ("cookie", "khue_locale=vi")]).await.body, "vi");
    let chosen = get(&app, "/help?lang=en", &[("cookie", "khue_locale=vi")]).await;
    is(&chosen.body, "en");
    let kept = chosen
        .headers
        .get_all("set-cookie")
        .iter()
        .any(|cookie| cookie.to_str().unwrap().starts_with("khue_locale=en;"));
    assert!(kept);
    is(&get(&app, "/help?lang=fr", &[]).await.body, "vi");
    is(&get(&app, "/nowhere", &[("accept-language", "en")]).await.body, "en");

    let system = app.relying_party(confidential("dichvucong")).await;
    let wished = system.authorize(&[("ui_locales", "en")]);
    is(&get(&app, &wished, &[("accept-language", "vi")]).await.body, "en");
    is(&get(&app, &wished, &[("cookie", "khue_locale=vi")]).await.body, "vi");
}

#[tokio::test]
async fn the_page_names_the_system_and_leads_its_form_there() {
    let app = TestApp::start().await;
    let name = serde_json::json!({ "vi": "<b>Cổng & dịch vụ</b>", "en": "Portal" });
    let system =
        app.relying_party(registration("dichvucong", serde_json::json!({ "client_name": name }))).await;
    let page = app.browser().open(&system.authorize(&[("login_hint", "\"><script>")])).await;
    assert!(page.text().contains("Cổng"), "{}", page.text());
    assert!(!page.has("main b") && !page.text().contains("<script>"), "markup is text");
    assert!(
        page.header("content-security-policy").contains("form-action 'self' https://dichvucong.example.vn")
    );
}

#[tokio::test]
async fn assets_are_kept_for_good_and_only_under_their_hash() {
    let app = TestApp::start().await;
    let page = app.browser().open("/help").await;
    let style = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let asset = get(&app, &style, &[]).await;
    assert_eq!(asset.status, 200);
    assert_eq!(asset.headers["content-type"], "text/css; charset=utf-8");
    assert!(asset.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(!asset.headers.contains_key("set-cookie"));
    assert_eq!(get(&app, "/assets/000000000000/style.css", &[]).await.status, 404);
}

#[tokio::test]
async fn a_trouble_has_a_code_a_reference_and_a_way_on_and_echoes_nothing() {
    let app = TestApp::start().await;
    for (path, status, code) in [
        ("/nowhere?q=%3Cscript%3Eecho", 404, "KH-404"),
        ("/create/passkey?q=echo", 405, "KH-405"),
        ("/sign-in?interaction=echo", 403, "KH-202"),
        ("/sign-in?interaction=echo&interaction=echo", 400, "KH-204"),
        ("/systems/echo/logo", 404, "KH-404"),
    ] {
        let page = app.browser().get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.text().contains(code), "{path}: {}", page.text());
        assert!(!page.text().contains("echo"), "{path}");
        assert!(page.text().contains(page.header("x-request-id")), "{path}: the number in the log");
        assert!(page.has("a[href^='/help']"), "{path}");
    }
}
