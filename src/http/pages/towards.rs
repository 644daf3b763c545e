//! The system that a person is on the way to.

use crate::http::App;
use crate::http::error::PageError;
use crate::http::render::{Sheet, return_link};
use crate::http::visitor::Visitor;
use crate::protocol::{ClientId, Locale};
use crate::services::authorization::Interaction;
use crate::view::ReturnLink;

/// A request under way, taken from a page that carried it.
#[derive(Debug)]
pub struct Carried {
    interaction: Interaction,
    sealed: String,
}

/// A request under way, and the sealed form in which it travels.
#[derive(Clone, Copy, Debug)]
pub struct Towards<'a> {
    /// The request.
    pub interaction: &'a Interaction,
    /// As it stands in hidden fields and addresses.
    pub sealed: &'a str,
}

/// Where a person goes on with the request in `sealed`, without the issuer's path. Sealed text needs no escaping in an address.
pub fn onward(sealed: &str) -> String {
    format!("/continue?interaction={sealed}")
}

impl Carried {
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

    /// Where it leads.
    pub fn towards(&self) -> Towards<'_> {
        Towards { interaction: &self.interaction, sealed: &self.sealed }
    }
}

impl<'a> Towards<'a> {
    /// Where the person goes after a step.
    pub fn path(self) -> String {
        onward(self.sealed)
    }

    /// The system's identifier.
    pub fn client_id(self) -> &'a ClientId {
        &self.interaction.client().registration.client_id
    }

    /// The way back to the system's front door.
    pub fn way_back(self, locale: Locale) -> Option<ReturnLink> {
        return_link(self.interaction.client(), locale)
    }

    /// Names the system on a page of the way there, and lets the page's form end up at it.
    pub fn on(self, sheet: Sheet<'_>) -> Sheet<'_> {
        let sheet = sheet.towards(self.interaction.client());
        match self.interaction.destination.csp_source() {
            Some(target) => sheet.leading_to(target),
            None => sheet,
        }
    }
}
