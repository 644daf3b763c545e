//! What cannot be recorded does not happen.

use std::time::Duration;

use khue::storage::Engine;
use sqlx::Connection;

use super::{again, page_for_now, refused_for_now};
use crate::kit::{Page, TestApp, confidential};

#[tokio::test]
async fn an_action_that_cannot_be_recorded_does_not_happen() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let authorize = |more: &[(&str, &str)]| {
            portal.authorize(&[&[("scope", "openid email offline_access")], more].concat())
        };
        let mut lan = app.browser();
        let code = lan.first_visit(&authorize(&[]), &["email"]).await.answer()["code"].clone();
        let tokens = portal.redeem(&code).await;
        let waiting = lan.get(&authorize(&[])).await.answer()["code"].clone();
        // Asked for later than it was given, consent is asked for again.
        app.advance(Duration::from_secs(1)).await;
        let consent_page = lan.open(&authorize(&[("prompt", "consent")])).await;
        let consent = filled(&consent_page, "/consent", &[("decision", "allow"), ("claim", "email")]);
        let profile_page = lan.open("/account/profile").await;
        let profile =
            filled(&profile_page, "/account/profile", &[("name", "Trần Thị Lan"), ("birthdate", "1990")]);
        let logout = filled(&lan.open("/logout").await, "/logout/confirm", &[]);
        let mut minh = app.browser();
        let page = minh.open("/create").await;
        let page = minh.submit(&page, "/create", &[("name", "Lê Minh")]).await;
        let passkey = minh.authenticator.create(&page.passkey_options("/create/passkey"));
        let account = filled(&page, "/create/passkey", &[("credential", &passkey)]);

        let before = rows(&app).await;
        refuse_entries(&app).await;
        refused_for_now(&portal.redeem(&waiting).await);
        refused_for_now(&portal.refresh(&tokens.text("refresh_token")).await);
        refused_for_now(&portal.userinfo(&tokens.text("access_token")).await);
        page_for_now(&again(&mut lan, "/consent", &consent).await);
        page_for_now(&again(&mut lan, "/account/profile", &profile).await);
        page_for_now(&again(&mut lan, "/logout/confirm", &logout).await);
        page_for_now(&again(&mut minh, "/create/passkey", &account).await);
        assert!(app.instance.provider.rotate_client_secret(&portal.registration.client_id).await.is_err());
        assert_eq!(rows(&app).await, before);

        take_entries(&app).await;
        assert_eq!(portal.redeem(&waiting).await.status, 200, "the code was not used up");
        assert_eq!(portal.refresh(&tokens.text("refresh_token")).await.status, 200, "nor the token");
        assert_eq!(portal.userinfo(&tokens.text("access_token")).await.status, 200);
        assert_eq!(lan.get("/account").await.status, 200, "she is still signed in");
        assert!(again(&mut lan, "/consent", &consent).await.status.is_redirection());
        assert!(again(&mut lan, "/account/profile", &profile).await.status.is_redirection());
        assert_ne!(rows(&app).await, before);
    }
}

fn filled(page: &Page, action: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut filled = page.hidden_fields(action);
    filled.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
    filled.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    filled
}

/// How many rows each table has.
async fn rows(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for (table, count) in [
        ("account", "SELECT COUNT(*) FROM account"),
        ("passkey", "SELECT COUNT(*) FROM passkey"),
        ("session", "SELECT COUNT(*) FROM session WHERE ended_at IS NULL"),
        ("consent", "SELECT COUNT(*) FROM consent"),
        ("token_family", "SELECT COUNT(*) FROM token_family WHERE ended_at IS NULL"),
        ("refresh_token", "SELECT COUNT(*) FROM refresh_token"),
        ("audit_entry", "SELECT COUNT(*) FROM audit_entry"),
    ] {
        let url = app.database_url();
        let (found,): (i64,) = match app.engine() {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
                sqlx::query_as(count).fetch_one(&mut connection).await.unwrap()
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::query_as(count).fetch_one(&mut connection).await.unwrap()
            }
        };
        counts.push((table, found));
    }
    counts
}

/// Makes the log refuse every entry.
async fn refuse_entries(app: &TestApp) {
    match app.engine() {
        Engine::Sqlite => {
            let refuse = "CREATE TRIGGER refused BEFORE INSERT ON audit_entry \
                BEGIN SELECT RAISE(ABORT, 'refused'); END";
            sqlite(app.database_url(), refuse).await;
        }
        Engine::Postgres => {
            let refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
                CREATE TRIGGER refused BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse()";
            postgres(app.database_url(), refuse).await;
        }
    }
}

/// Makes the log take entries again.
async fn take_entries(app: &TestApp) {
    match app.engine() {
        Engine::Sqlite => sqlite(app.database_url(), "DROP TRIGGER refused").await,
        Engine::Postgres => postgres(app.database_url(), "DROP TRIGGER refused ON audit_entry").await,
    }
}

async fn sqlite(url: &str, sql: &'static str) {
    let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

async fn postgres(url: &str, sql: &'static str) {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}
