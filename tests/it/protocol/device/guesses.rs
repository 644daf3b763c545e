//! User codes are short: guesses are counted.

use super::kiosk::{begin, kiosk, type_code};
use crate::kit::TestApp;

#[tokio::test]
async fn a_browser_has_five_wrong_codes__rfc8628_5_1() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let mut guesser = app.browser();
        for guess in ["BCDF-GHJK", "bcdfghjl", "BCDF GHJM", "BCDFGHJN", "BCDF-GHJP"] {
            let page = type_code(&mut guesser, guess).await;
            assert_eq!(page.status, 400);
            assert!(page.text().contains("KH-322"), "{}", page.text());
        }
        let shown = begin(&kiosk).await.text("user_code");
        let page = type_code(&mut guesser, &shown).await;
        assert_eq!(
            (page.status.as_u16(), page.header("retry-after")),
            (429, "300"),
            "not even with a right one"
        );
        assert_eq!(
            type_code(&mut app.browser(), &shown).await.heading(),
            "Đăng nhập",
            "nobody else is kept out"
        );
        // What can be no code is no guess.
        let mut clumsy = app.browser();
        for typo in ["", "A", "BCDF-GHJ", "12345678", "AEIO-UAEI", "<script>"] {
            assert!(type_code(&mut clumsy, typo).await.text().contains("KH-321"), "{typo}");
        }
        assert_eq!(type_code(&mut clumsy, &shown).await.heading(), "Đăng nhập");
    }
}

#[tokio::test]
async fn a_network_s_tries_are_counted_whatever_its_cookies() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut last = 0;
    for _ in 0..301 {
        last = type_code(&mut app.browser(), "BCDF-GHJK").await.status.as_u16();
    }
    assert_eq!(last, 429);
    let shown = begin(&kiosk).await.text("user_code");
    assert_eq!(type_code(&mut app.browser(), &shown).await.status, 429);
}
