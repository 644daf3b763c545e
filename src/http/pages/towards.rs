//! The system that a person is on the way to.

use url::form_urlencoded;

use crate::http::App;
use crate::http::error::PageError;
use crate::http::render::{Sheet, return_link};
use crate::http::visitor::Visitor;
use crate::protocol::{ClientId, Locale};
use crate::services::authorization::Interaction;
use crate::view::ReturnLink;

/// A request under way, and the sealed form in which it travels.
#[derive(Debug)]
pub struct Towards {
    /// The request.
    pub interaction: Interaction,
    /// As it stands in hidden fields and addresses.
    pub sealed: String,
}

impl Towards {
    /// Takes up the request that a page carried; nothing where it carried none. From here on the pages speak the
    /// language that the system wishes for, unless the person chose one.
    pub fn open(app: &App, visitor: &mut Visitor, sealed: &str) -> Result<Option<Self>, PageError> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let interaction = app
            .provider
            .open_interaction(&visitor.holder, sealed)
            .map_err(|error| PageError::of_interaction(error, visitor.locale()))?;
        visitor.prefer(interaction.request.ui_locale);
        Ok(Some(Self { interaction, sealed: sealed.to_owned() }))
    }

    /// Where the person goes after a step, without the issuer's path.
    pub fn path(&self) -> String {
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("interaction", &self.sealed).finish();
        format!("/continue?{query}")
    }

    /// The system's identifier.
    pub fn client_id(&self) -> &ClientId {
        &self.interaction.client().registration.client_id
    }

    /// The way back to the system's front door.
    pub fn way_back(&self, locale: Locale) -> Option<ReturnLink> {
        return_link(self.interaction.client(), locale)
    }

    /// Names the system on a page of the way there, and lets the page's form end up at it.
    pub fn on<'a>(&self, sheet: Sheet<'a>) -> Sheet<'a> {
        let target = self.interaction.reply.redirect_uri().csp_source();
        sheet.towards(self.interaction.client()).leading_to(target)
    }
}
