//! `/account/profile`: what the person says about herself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::form_problems::problems;
use crate::domain::profile::{Gender, Profile};
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::PostedByMember;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Member;
use crate::services::accounts::{ProfileChange, ProfileInput};
use crate::view::Done;
use crate::view::pages::{ProfilePage, ProfileValues};

pub(super) async fn open(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let person = app.provider.person(member.session.account_id).await?;
    let page = ProfilePage { values: values(&person.profile), ..ProfilePage::default() };
    Ok(Sheet::of(&app, &member.visitor).await?.after(query.done()?).show(&page))
}

pub(super) async fn save(State(app): State<Arc<App>>, posted: PostedByMember) -> Result<Response, PageError> {
    let input = ProfileInput {
        name: posted.field("name")?,
        email: posted.field("email")?,
        phone_number: posted.field("phone")?,
        birthdate: posted.field("birthdate")?,
        gender: posted.field("gender")?,
        address: posted.field("address")?,
    };
    let Member { visitor, session } = &posted.member;
    match app.provider.change_profile(session, &input, &visitor.origin).await? {
        ProfileChange::Saved | ProfileChange::Unchanged => {
            let done = Done::ProfileSaved.code();
            Ok(see_other(&app, visitor, &format!("/account/profile?{}={done}", Done::PARAMETER)))
        }
        ProfileChange::Wrong(wrong) => {
            let page = ProfilePage { values: as_written(&input), problems: problems(&wrong) };
            let sheet = Sheet::of(&app, visitor).await?.at("/account/profile");
            Ok(sheet.status(StatusCode::BAD_REQUEST).show(&page))
        }
    }
}

/// A profile as its form shows it.
pub(super) fn values(profile: &Profile) -> ProfileValues {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    ProfileValues {
        name: profile.name.as_str().to_owned(),
        email: text(profile.email.as_ref().map(|email| email.as_str())),
        phone: text(profile.phone_number.as_ref().map(|number| number.as_str())),
        birthdate: text(profile.birthdate.as_ref().map(|date| date.as_str())),
        gender: text(profile.gender.map(Gender::as_str)),
        address: text(profile.address.as_ref().map(|address| address.as_str())),
    }
}

fn as_written(input: &ProfileInput<'_>) -> ProfileValues {
    ProfileValues {
        name: input.name.to_owned(),
        email: input.email.to_owned(),
        phone: input.phone_number.to_owned(),
        birthdate: input.birthdate.to_owned(),
        gender: input.gender.to_owned(),
        address: input.address.to_owned(),
    }
}
