//! How much room a system has for our pages.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A value of `display` that our pages are good for (OIDC Core §3.1.2.1). They need a browser that runs scripts, so that
    /// `wap` is none.
    Display {
        /// A whole window.
        Page = "page",
        /// A small window over another.
        Popup = "popup",
        /// A screen that is touched.
        Touch = "touch",
    }
}
