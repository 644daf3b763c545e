//! Values that come back sealed. The first two bytes choose what is done to a good one; the rest is tried as it is.
#![no_main]

use khue::base::{Secret, SeededEntropy};
use khue::crypto::binding::{Binding, PagePurpose};
use khue::crypto::sealing::SealingKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let key = SealingKey::new(&Secret::new([7; 32]));
    let binding = Binding::Page { purpose: PagePurpose::Code, holder: b"client" };
    assert!(key.open(&binding, bytes).is_err());
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(key.open_text(&binding, text).is_err());
    }

    let [at, change, content @ ..] = bytes else { return };
    let sealed = key.seal(&binding, content, &SeededEntropy::new(1));
    assert_eq!(key.open(&binding, &sealed).expect("as sealed").expose(), content);
    for purpose in [PagePurpose::Interaction, PagePurpose::Ceremony, PagePurpose::FormToken] {
        assert!(key.open(&Binding::Page { purpose, holder: b"client" }, &sealed).is_err());
    }
    let mut altered = sealed.clone();
    let place = usize::from(*at) % altered.len();
    altered[place] ^= *change;
    assert_eq!(key.open(&binding, &altered).is_ok(), *change == 0);
    assert!(key.open(&binding, &sealed[..place]).is_err());
});
