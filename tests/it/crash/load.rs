//! People and their systems, at work until nobody answers any more.

use khue::domain::client::Registration;
use tokio::task::JoinSet;

use super::ledger::Ledger;
use crate::kit::{Browser, Node, RelyingParty};

/// How many work at once.
const PEOPLE: usize = 4;
/// How often the tokens of one redemption are refreshed before the next one.
const REFRESHES: usize = 3;

/// Signed-in people, and the system that they use.
pub struct Crowd {
    people: Vec<Browser>,
    pub system: RelyingParty,
}

impl Crowd {
    /// Signs everybody up.
    pub async fn gather(node: &Node, registration: Registration, secret: Option<String>) -> Self {
        let system = RelyingParty::at(node.wire(), registration, secret);
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            let mut browser = node.browser();
            let page = browser.first_visit(&authorize(&system), &["email"]).await;
            assert!(page.answer().contains_key("code"));
            people.push(browser);
        }
        Self { people, system }
    }

    /// From here on they use the program that was started again.
    pub fn turn_to(&mut self, node: &Node) {
        self.system = self.system.by(node.wire());
        self.people.iter_mut().for_each(|browser| browser.by(node.wire()));
    }

    /// Everybody redeems, refreshes and asks, and writes down what was answered, until nothing is answered any more.
    pub fn work(self, node: &Node, ledger: &Ledger) -> impl Future<Output = Self> + use<> {
        ledger.begin_round();
        let mut at_work = JoinSet::new();
        for browser in self.people {
            at_work.spawn(work(browser, self.system.by(node.wire()), ledger.clone()));
        }
        let system = self.system;
        async move { Self { people: at_work.join_all().await, system } }
    }
}

fn authorize(system: &RelyingParty) -> String {
    system.authorize(&[("scope", "openid profile email offline_access")])
}

async fn work(mut browser: Browser, system: RelyingParty, ledger: Ledger) -> Browser {
    while let Some(page) = browser.attempt(&authorize(&system)).await {
        let code = page.answer()["code"].clone();
        if use_code(&system, &code, &ledger).await.is_none() {
            break;
        }
    }
    browser
}

async fn use_code(system: &RelyingParty, code: &str, ledger: &Ledger) -> Option<()> {
    let mut tokens = system.attempt(system.redemption(code)).await?;
    ledger.issued(&tokens);
    for _ in 0..REFRESHES {
        tokens = system.attempt(system.refreshing(&tokens.text("refresh_token"))).await?;
        ledger.refreshed(&tokens);
        let told = system.attempt(RelyingParty::asking(&tokens.text("access_token"))).await?;
        assert_eq!(told.status, 200, "{:?}", told.body);
    }
    Some(())
}
