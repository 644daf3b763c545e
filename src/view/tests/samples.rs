//! Every page as it may look, in every state that changes what it says.

use std::time::Duration;

use crate::domain::client::LegalBasis;
use crate::domain::invented::PEOPLE;
use crate::protocol::{ClaimName, Locale};
use crate::view::pages::*;
use crate::view::{
    Chrome, ClaimView, Done, Field, Page, PasskeyTrouble, Problems, ReturnLink, Shared, Stage, Trouble,
    UserCodeTrouble, Wrong,
};

/// A rendered page with the name of its state.
pub struct Sample {
    pub name: String,
    pub locale: Locale,
    pub html: String,
}

/// Renders everything in that language.
pub fn samples(locale: Locale) -> Vec<Sample> {
    let mut all = Vec::new();
    let flow = Chrome::sample(locale);
    let own = Chrome { system: None, here: Some("/account".to_owned()), ..flow.clone() };
    let nobody = Chrome { signed_in: None, ..flow.clone() };
    let mut add = |name: &str, html: String| all.push(Sample { name: name.to_owned(), locale, html });

    add("home", HomePage::sample(locale).render(&Chrome { signed_in: None, ..own.clone() }));
    add("home-signed-in", HomePage::sample(locale).render(&own));
    add("home-sandbox", HomePage::sample(locale).render(&Chrome { stage: Stage::Sandbox, ..own.clone() }));
    add("home-demo", HomePage::sample(locale).render(&Chrome { stage: Stage::Demo, ..own.clone() }));
    add("help", HelpPage.render(&own));
    add("help-alone", HelpPage.render(&Chrome { support: Default::default(), ..own.clone() }));

    let sign_in = SignInPage::sample(locale);
    add("sign-in", sign_in.render(&nobody));
    add("sign-in-alone", sign_in.render(&Chrome { system: None, ..nobody.clone() }));
    for trouble in PasskeyTrouble::ALL {
        let page = SignInPage { trouble: Some(trouble), ..sign_in.clone() };
        add(&format!("sign-in-{}", trouble.code()), page.render(&nobody));
    }
    let people =
        PEOPLE.iter().map(|person| PersonOffer { person, is_present: person.code == "teacher" }).collect();
    let sandbox = Chrome { stage: Stage::Sandbox, ..nobody.clone() };
    add("sign-in-sandbox", SignInPage { people, ..sign_in.clone() }.render(&sandbox));
    let reason = SignInReason::Confirm { name: "Nguyễn Thị Ánh".to_owned() };
    add("sign-in-again", SignInPage { reason, ..sign_in }.render(&flow));

    add("create", CreatePage::sample(locale).render(&nobody));
    add("create-wrong", create_with_problems().render(&nobody));
    add("create-passkey", CreatePasskeyPage::sample(locale).render(&nobody));

    add("select-account", SelectAccountPage::sample(locale).render(&flow));
    add("consent", ConsentPage::sample(locale).render(&flow));
    add("consent-all", consent_to_everything(locale).render(&flow));
    for basis in [LegalBasis::Law, LegalBasis::Contract, LegalBasis::Emergency] {
        add(&format!("notice-{}", basis.as_str()), notice(locale, basis).render(&flow));
    }
    let code = DeviceCodePage::sample(locale);
    add("device-code", code.render(&Chrome { system: None, ..nobody.clone() }));
    let scanned = DeviceCodePage { user_code: Some("BCDF-GHJK".to_owned()), ..code.clone() };
    add("device-code-scanned", scanned.render(&Chrome { system: None, ..nobody.clone() }));
    for trouble in UserCodeTrouble::ALL {
        let page = DeviceCodePage { trouble: Some(trouble), ..code.clone() };
        add(&format!("device-code-{}", trouble.code()), page.render(&own));
    }
    add("device-confirm", DeviceConfirmPage::sample(locale).render(&flow));
    let unknown = DeviceConfirmPage { device: None, ..DeviceConfirmPage::sample(locale) };
    add("device-confirm-unknown", unknown.render(&flow));
    for outcome in DeviceOutcome::ALL {
        add(&format!("device-{outcome:?}").to_lowercase(), DeviceDonePage { outcome }.render(&flow));
    }
    add("form-post", FormPostPage::sample(locale).render(&Chrome { here: None, ..flow.clone() }));
    add("sign-out", SignOutPage::sample(locale).render(&flow));
    add("sign-out-alone", SignOutPage::default().render(&Chrome { system: None, ..flow.clone() }));
    add("signed-out-of-system", SignedOutOfSystemPage::sample(locale).render(&flow));
    add("signed-out", SignedOutPage::sample(locale).render(&nobody));
    add("signed-out-alone", SignedOutPage::default().render(&Chrome { system: None, ..nobody.clone() }));

    for trouble in Trouble::ALL {
        let page = TroublePage {
            technical: Some("redirect_uri: not registered".to_owned()),
            ..TroublePage::new(trouble)
        };
        let page = match trouble {
            Trouble::Expired | Trouble::OtherBrowser => page.returning_to(ReturnLink::sample(locale)),
            _ => page,
        };
        add(&format!("trouble-{}", trouble.code()), page.render(&nobody));
    }
    for seconds in [5, 600] {
        let page = TroublePage {
            retry_after: Some(Duration::from_secs(seconds)),
            ..TroublePage::new(Trouble::TooManyRequests)
        };
        add(&format!("trouble-wait-{seconds}"), page.render(&nobody));
    }

    for done in Done::ALL {
        add(
            &format!("account-{}", done.code()),
            AccountPage::sample(locale).render(&Chrome { done: Some(done), ..own.clone() }),
        );
    }
    add("account", AccountPage::sample(locale).render(&own));
    add(
        "account-first",
        AccountPage {
            passkeys: 2,
            sessions: 1,
            systems: 1,
            last_sign_in: None,
            ..AccountPage::sample(locale)
        }
        .render(&own),
    );
    add("profile", ProfilePage::sample(locale).render(&own));
    add("profile-wrong", profile_with_problems(locale).render(&own));
    add("passkeys", PasskeysPage::sample(locale).render(&own));
    add("passkeys-last", last_passkey(locale).render(&own));
    add("passkey-remove", RemovePasskeyPage::sample(locale).render(&own));
    add(
        "passkey-remove-own",
        RemovePasskeyPage { signs_out: true, ..RemovePasskeyPage::sample(locale) }.render(&own),
    );
    add("sessions", SessionsPage::sample(locale).render(&own));
    add("sessions-one", only_this_session(locale).render(&own));
    add("systems", SystemsPage::sample(locale).render(&own));
    add("systems-none", SystemsPage::default().render(&own));
    add("system-withdraw", WithdrawPage::sample(locale).render(&own));
    add("log", LogPage::sample(locale).render(&own));
    add("log-all", log_of_everything(locale).render(&own));
    add("log-none", LogPage::default().render(&own));
    all
}

fn create_with_problems() -> CreatePage {
    let mut problems = Problems::none();
    problems.add(Field::Name, Wrong::Missing);
    problems.add(Field::Email, Wrong::Malformed);
    problems.add(Field::Phone, Wrong::Malformed);
    let values =
        CreateValues { name: String::new(), email: "anh@".to_owned(), phone: "\"><script>".to_owned() };
    CreatePage { interaction: None, values, problems }
}

fn profile_with_problems(locale: Locale) -> ProfilePage {
    let mut problems = Problems::none();
    problems.add(Field::Name, Wrong::TooLong { limit: 100 });
    problems.add(Field::Birthdate, Wrong::Malformed);
    problems.add(Field::Address, Wrong::Hidden);
    problems.add(Field::Gender, Wrong::Malformed);
    ProfilePage { problems, ..ProfilePage::sample(locale) }
}

fn consent_to_everything(locale: Locale) -> ConsentPage {
    let view = |what: Shared, basis| ClaimView { what, value: Some("true".to_owned()), purpose: None, basis };
    let by_law = view(ClaimName::Name.into(), LegalBasis::Law);
    let mut optional: Vec<_> =
        ClaimName::ALL.iter().skip(1).map(|claim| view((*claim).into(), LegalBasis::Consent)).collect();
    optional.push(view(Shared::StayConnected, LegalBasis::Consent));
    for (what, value) in
        [(ClaimName::Gender, "other"), (ClaimName::Ial, "tk0"), (ClaimName::AgeOver14, "false")]
    {
        optional
            .iter_mut()
            .filter(|claim| claim.what == what.into())
            .for_each(|claim| claim.value = Some(value.to_owned()));
    }
    ConsentPage { essential: vec![by_law], optional, ..ConsentPage::sample(locale) }
}

fn notice(locale: Locale, basis: LegalBasis) -> ConsentPage {
    let mut page = ConsentPage::sample(locale);
    page.optional.clear();
    page.called.clear();
    page.details.clear();
    page.essential.iter_mut().for_each(|claim| claim.basis = basis);
    page
}

fn last_passkey(locale: Locale) -> PasskeysPage {
    let mut page = PasskeysPage::sample(locale);
    page.passkeys.truncate(1);
    page.problems.add(Field::Label, Wrong::Missing);
    page.trouble = Some(PasskeyTrouble::AlreadyAdded);
    page
}

fn only_this_session(locale: Locale) -> SessionsPage {
    let mut page = SessionsPage::sample(locale);
    page.sessions.truncate(1);
    page
}

fn log_of_everything(locale: Locale) -> LogPage {
    let sample = LogPage::sample(locale);
    let mut first = sample.entries[0].clone();
    first.called = vec!["Cơ sở dữ liệu học sinh".to_owned()];
    let entries =
        LogEvent::ALL.into_iter().map(|event| LogEntry { event, device: None, ..first.clone() }).collect();
    LogPage { entries, older: None }
}
