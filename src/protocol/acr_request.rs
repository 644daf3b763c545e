//! What a client asks of the sign-in's strength.

use super::{Acr, Importance, Prefixes};

/// A wish or demand for a level of sign-in, from `acr_values` or the `acr` claim (OIDC Core §3.1.2.1, §5.5.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcrRequest {
    /// Whether a sign-in below is an error (`Essential`) or only less than was hoped for.
    pub importance: Importance,
    /// The levels that would do, best liked first. `None`: any level does. An empty list: the client named only
    /// levels that we don't know, so that none does.
    pub levels: Option<Vec<Acr>>,
}

impl AcrRequest {
    /// From the texts of a request; levels that we don't know can't be met and are dropped.
    pub(super) fn new<'a>(
        importance: Importance,
        texts: Option<impl Iterator<Item = &'a str>>,
        prefixes: &Prefixes,
    ) -> Self {
        let levels = texts.map(|texts| texts.filter_map(|text| Acr::parse_wire(text, prefixes)).collect());
        Self { importance, levels }
    }

    /// A wish for any of these levels (OIDC Core §3.1.2.1).
    pub fn wish<'a>(texts: impl Iterator<Item = &'a str>, prefixes: &Prefixes) -> Self {
        Self::new(Importance::Voluntary, Some(texts), prefixes)
    }

    /// Whether a sign-in at `reached` is what was asked for.
    pub fn is_met_by(&self, reached: Acr) -> bool {
        self.levels.as_ref().is_none_or(|levels| levels.iter().any(|level| reached.satisfies(*level)))
    }

    /// Whether falling short is an error.
    pub fn is_essential(&self) -> bool {
        self.importance == Importance::Essential
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(texts: Option<&[&str]>) -> AcrRequest {
        let texts = texts.map(|texts| texts.iter().copied());
        AcrRequest::new(Importance::Essential, texts, &Prefixes::default())
    }

    #[test]
    fn any_named_level_or_a_higher_one_does__oidc_core_5_5_1_1() {
        let either = request(Some(&["xt3", "https://id.moet.gov.vn/acr/xt2-phr", "unknown"]));
        assert!(either.is_met_by(Acr::Xt2Phr) && either.is_met_by(Acr::Xt2Hw) && either.is_met_by(Acr::Xt4));
        assert!(!either.is_met_by(Acr::Xt2));
    }

    #[test]
    fn only_unknown_levels_are_never_met_and_no_level_always() {
        assert!(!Acr::ALL.iter().any(|level| request(Some(&["gold"])).is_met_by(*level)));
        assert!(Acr::ALL.iter().all(|level| request(None).is_met_by(*level)));
    }
}
