//! From a typed context to HTML.

use crate::protocol::Locale;
use crate::view::chrome::Chrome;

/// A page: plain data that knows how to show itself.
pub trait Page: Sized {
    /// The whole document.
    fn render(&self, chrome: &Chrome) -> String;

    /// The page as it may look, for tests and for looking at it.
    fn sample(locale: Locale) -> Self;
}

/// Ties a context to its template. Templates see `p` (the page), `c` (the chrome) and `t` (the texts).
///
/// Stands in the folder of the pages: askama names template files relative to the macro, the compiler looks for them
/// relative to its use, and only here are the two the same where the crate is built from outside (by `fuzz/`).
macro_rules! page {
    ($page:ty, $template:tt, $sample:expr) => {
        const _: () = {
            #[derive(askama::Template)]
            #[template(path = $template)]
            struct Sheet<'a> {
                p: &'a $page,
                c: &'a crate::view::chrome::Chrome,
                t: &'static crate::view::texts::Texts,
            }

            impl crate::view::page::Page for $page {
                fn render(&self, chrome: &crate::view::chrome::Chrome) -> String {
                    let texts = crate::view::texts::Texts::of_locale(chrome.locale);
                    let sheet = Sheet { p: self, c: chrome, t: texts };
                    let mut html = String::with_capacity(16 * 1024);
                    // Writing into memory fails only where a value refuses to be shown, and none of ours does.
                    let _: Result<(), askama::Error> = askama::Template::render_into(&sheet, &mut html);
                    html
                }

                fn sample(locale: crate::protocol::Locale) -> Self {
                    let sample: fn(crate::protocol::Locale) -> $page = $sample;
                    sample(locale)
                }
            }
        };
    };
}

pub(super) use page;
