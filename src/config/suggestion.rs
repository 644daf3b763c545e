//! "Did you mean …?"

/// The candidate that `wrong` most likely meant, if any is close.
pub(super) fn closest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A remedy for a name that is not known: the closest candidate, else all of them.
pub fn remedy(wrong: &str, candidates: &[String]) -> String {
    match closest(wrong, candidates.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known here: {}", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_found_and_a_stranger_is_not() {
        assert_eq!(closest("isuer", ["issuer", "listen"]), Some("issuer"));
        assert_eq!(closest("lsiten", ["issuer", "listen"]), Some("listen"));
        assert_eq!(closest("colour", ["issuer", "listen"]), None);
    }
}
