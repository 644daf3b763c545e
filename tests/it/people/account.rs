//! Profile and sessions, in the hands of their person.

use crate::kit::{Browser, TestApp};

async fn signed_up(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    browser.sign_up("/create", "Nguyễn Thị Ánh").await;
    browser
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_beside_each_field_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.open("/create").await;
    let page =
        browser.submit(&page, "/create", &[("name", ""), ("email", "an@"), ("phone", "0912 345 678")]).await;
    assert_eq!(page.status, 400);
    assert!(page.has("#w-name") && page.has("#w-email") && !page.has("#w-phone"), "{}", page.text());
    assert_eq!(page.attribute("#f-email", "value").as_deref(), Some("an@"));
    assert_eq!(page.attribute("#f-phone", "value").as_deref(), Some("0912 345 678"));
}

#[tokio::test]
async fn a_profile_is_read_and_changed_by_its_person() {
    for app in TestApp::on_both().await {
        let mut browser = signed_up(&app).await;
        let page = browser.open("/account/profile").await;
        assert_eq!(page.attribute("#f-phone", "value").as_deref(), Some("0912 345 678"));
        let saved = browser
            .submit(
                &page,
                "/account/profile",
                &[
                    ("name", "H'Hen Niê"),
                    ("email", "Hen.Nie@Example.VN"),
                    ("phone", ""),
                    ("birthdate", "02/09/2005"),
                    ("gender", "female"),
                    ("address", "Buôn Ma Thuột"),
                ],
            )
            .await;
        assert_eq!(saved.status, 200);
        assert!(saved.text().contains("Đã lưu thông tin"), "{}", saved.text());
        let page = browser.open("/account/profile").await;
        let value = |field: &str| page.attribute(&format!("#f-{field}"), "value").unwrap();
        assert_eq!(value("name"), "H'Hen Niê");
        assert_eq!(value("email"), "hen.nie@example.vn");
        assert_eq!(value("phone"), "");
        assert_eq!(value("birthdate"), "02/09/2005");
        let wrong =
            browser.submit(&page, "/account/profile", &[("name", "<b>An</b>"), ("gender", "x")]).await;
        assert_eq!(wrong.status, 400);
        assert_eq!(wrong.attribute("#f-name", "value").as_deref(), Some("<b>An</b>"));
        assert!(!wrong.has("b"), "markup is text");
        let log = browser.open("/account/log").await;
        assert!(log.text().contains("Thông tin cá nhân"), "{}", log.select_text("main"));
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_elsewhere() {
    let app = TestApp::start().await;
    let mut phone = signed_up(&app).await;
    let mut laptop = app.browser();
    std::mem::swap(&mut laptop.authenticator, &mut phone.authenticator);
    let page = laptop.open("/sign-in").await;
    laptop.sign_in(&page).await;
    let page = laptop.open("/account/sessions").await;
    assert!(page.has("form[action='/account/sessions/end']"));
    let ended = laptop.submit(&page, "/account/sessions/end", &[]).await;
    assert_eq!(ended.status, 200);
    assert_eq!(phone.get("/account").await.location().as_deref(), Some("/sign-in"));
    assert_eq!(laptop.get("/account").await.status, 200);
    let again = laptop.submit(&page, "/account/sessions/end", &[]).await;
    assert_eq!(again.status, 404, "gone already");
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    let app = TestApp::start().await;
    let mut phone = signed_up(&app).await;
    let mut others = Vec::new();
    for _ in 0..2 {
        let mut browser = app.browser();
        std::mem::swap(&mut browser.authenticator, &mut phone.authenticator);
        let page = browser.open("/sign-in").await;
        browser.sign_in(&page).await;
        std::mem::swap(&mut browser.authenticator, &mut phone.authenticator);
        others.push(browser);
    }
    let page = phone.open("/account/sessions").await;
    phone.submit(&page, "/account/sessions/end-others", &[]).await;
    for mut other in others {
        assert_eq!(other.get("/account").await.location().as_deref(), Some("/sign-in"));
    }
    assert_eq!(phone.get("/account").await.status, 200);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = TestApp::start().await;
    let mut an = signed_up(&app).await;
    let mut binh = app.browser();
    binh.sign_up("/create", "Bình").await;
    let mut second = app.browser();
    std::mem::swap(&mut second.authenticator, &mut an.authenticator);
    let page = second.open("/sign-in").await;
    second.sign_in(&page).await;
    let page = second.open("/account/sessions").await;
    let id = page.attribute("form[action='/account/sessions/end'] input[name=id]", "value").unwrap();
    let theirs = binh.open("/account/profile").await;
    let token = theirs.attribute("input[name=form_token]", "value").unwrap();
    let refused = binh.post("/account/sessions/end", &[("form_token", &token), ("id", &id)]).await;
    assert_eq!(refused.status, 404);
    assert_eq!(an.get("/account").await.status, 200);
}
