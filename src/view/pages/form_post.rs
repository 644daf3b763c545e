//! The page that carries an answer back to a system by a form (OAuth 2.0 Form Post Response Mode).

use crate::view::page::page;

/// Submits itself; a button is there for browsers without script. Its content policy must allow `form-action` of the
/// stored address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPostPage {
    /// The registered address of the system.
    pub action: String,
    /// The parameters of the answer, in order.
    pub fields: Vec<(String, String)>,
}

page!(FormPostPage, "form_post.html", |_| FormPostPage {
    action: "https://dichvucong.example.vn/callback".to_owned(),
    fields: vec![
        ("code".to_owned(), "abc".to_owned()),
        ("state".to_owned(), "\"><script>alert(1)</script>".to_owned()),
    ],
});
