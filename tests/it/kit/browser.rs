//! A browser without a screen: cookies, forms, redirects, and a phone with passkeys beside it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use scraper::{Html, Selector};
use url::form_urlencoded;

use super::Wire;
use super::app::ISSUER;
use crate::authenticator::Authenticator;

/// A browser.
pub struct Browser {
    wire: Wire,
    cookies: BTreeMap<String, String>,
    said: Vec<(&'static str, String)>,
    pub authenticator: Authenticator,
}

/// What the browser shows.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub response: Response<Bytes>,
}

impl Browser {
    pub fn new(wire: impl Into<Wire>) -> Self {
        Self {
            wire: wire.into(),
            cookies: BTreeMap::new(),
            said: Vec::new(),
            authenticator: Authenticator::new(ISSUER),
        }
    }

    /// Goes on by another way: to another node, or to the same one started again.
    pub fn by(&mut self, wire: Wire) {
        self.wire = wire;
    }

    /// Sends this header with every request.
    pub fn says(&mut self, header: &'static str, value: &str) {
        self.said.push((header, value.to_owned()));
    }

    /// Every cookie's value.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie, as a thief would.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens an address, and follows redirects as long as they stay with us.
    pub async fn open(&mut self, address: &str) -> Page {
        let page = self.get(address).await;
        self.follow(page).await
    }

    /// Opens an address and stays.
    pub async fn get(&mut self, address: &str) -> Page {
        self.send(Method::GET, address, Body::empty(), None).await
    }

    /// Sends a form and stays.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, address, Body::from(body), Some("application/x-www-form-urlencoded")).await
    }

    /// Fills a form of `page` and sends it: hidden fields go along. Follows redirects as long as they stay with us.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let mut filled = page.hidden_fields(action);
        filled.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        filled.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let borrowed: Vec<(&str, &str)> =
            filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = self.post(action, &borrowed).await;
        self.follow(page).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            match page.location() {
                Some(location) if location.starts_with('/') => page = self.get(&location).await,
                Some(location) if location.starts_with(&format!("{ISSUER}/")) => {
                    page = self.get(location.trim_start_matches(ISSUER)).await;
                }
                _ => return page,
            }
        }
        panic!("more than ten redirects");
    }

    /// Opens an address and stays; nothing where no answer comes.
    pub async fn attempt(&mut self, address: &str) -> Option<Page> {
        let request = self.request(Method::GET, address, Body::empty(), None);
        let response = self.wire.attempt(request).await.ok()?;
        Some(self.took(response))
    }

    async fn send(&mut self, method: Method, address: &str, body: Body, content_type: Option<&str>) -> Page {
        let request = self.request(method, address, body, content_type);
        let response = self.wire.send(request).await;
        self.took(response)
    }

    fn request(
        &self,
        method: Method,
        address: &str,
        body: Body,
        content_type: Option<&str>,
    ) -> Request<Body> {
        let mut request = Request::builder().method(method.clone()).uri(address);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in &self.said {
            request = request.header(*name, value);
        }
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if method == Method::POST {
            request = request.header(ORIGIN, ISSUER).header("sec-fetch-site", "same-origin");
        }
        request.body(body).unwrap()
    }

    fn took(&mut self, response: Response<Bytes>) -> Page {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status: response.status(), response }
    }
}

impl Page {
    /// Where it redirects to.
    pub fn location(&self) -> Option<String> {
        self.response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned())
    }

    /// The parameters of the address it redirects to.
    pub fn answer(&self) -> BTreeMap<String, String> {
        let location =
            self.location().unwrap_or_else(|| panic!("no redirect but {}: {}", self.status, self.text()));
        let (_, parameters) = location.split_once(['?', '#']).unwrap_or_default();
        form_urlencoded::parse(parameters.as_bytes()).into_owned().collect()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body.
    pub fn text(&self) -> String {
        String::from_utf8(self.response.body().to_vec()).unwrap()
    }

    /// What a person reads in the one main heading.
    pub fn heading(&self) -> String {
        self.select_text("h1")
    }

    /// What a person reads in the first element that `selector` finds.
    pub fn select_text(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).unwrap();
        let text: String =
            html.select(&selector).next().map(|element| element.text().collect()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether `selector` finds anything.
    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.text()).select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// An attribute of the first element that `selector` finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.text());
        let element = html.select(&Selector::parse(selector).unwrap()).next()?;
        element.value().attr(name).map(str::to_owned)
    }

    /// The hidden fields of the form that posts to `action`.
    pub fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.text());
        let form = Selector::parse(&format!("form[action=\"{action}\"]")).unwrap();
        let hidden = Selector::parse("input[type=hidden]").unwrap();
        let form =
            html.select(&form).next().unwrap_or_else(|| panic!("no form to {action} in: {}", self.text()));
        let value =
            |input: scraper::ElementRef<'_>, name| input.value().attr(name).unwrap_or_default().to_owned();
        form.select(&hidden).map(|input| (value(input, "name"), value(input, "value"))).collect()
    }
}

impl Browser {
    /// Creates an account, as a person who came by herself or was sent by a system (`from`: the create page).
    pub async fn sign_up(&mut self, from: &str, name: &str) -> Page {
        let page = self.open(from).await;
        let page = self
            .submit(
                &page,
                "/create",
                &[("name", name), ("email", "an.nguyen@example.vn"), ("phone", "0912 345 678")],
            )
            .await;
        self.create_passkey(&page, "/create/passkey").await
    }

    /// Lets the phone make the passkey that `page` asks for.
    pub async fn create_passkey(&mut self, page: &Page, action: &str) -> Page {
        let credential = self.authenticator.create(&page.passkey_options(action));
        self.submit(page, action, &[("credential", &credential)]).await
    }

    /// Signs in on the sign-in page `page`.
    pub async fn sign_in(&mut self, page: &Page) -> Page {
        let credential = self.authenticator.get(&page.passkey_options("/sign-in"));
        self.submit(page, "/sign-in", &[("credential", &credential)]).await
    }

    /// Agrees on the consent page `page`, sharing `ticked` of what may be chosen.
    pub async fn agree(&mut self, page: &Page, ticked: &[&str]) -> Page {
        let mut fields = vec![("decision", "allow")];
        fields.extend(ticked.iter().map(|claim| ("claim", *claim)));
        self.submit(page, "/consent", &fields).await
    }

    /// From a system's request to its code: signs up, agrees to everything optional in `ticked`.
    pub async fn first_visit(&mut self, authorize: &str, ticked: &[&str]) -> Page {
        let page = self.open(authorize).await;
        let create = page.attribute("a[href^='/create']", "href").expect("a link to create an account");
        let page = self.sign_up(&create, "Nguyễn Thị Ánh").await;
        self.agree(&page, ticked).await
    }
}

impl Page {
    /// The WebAuthn options of the form that posts to `action`.
    pub fn passkey_options(&self, action: &str) -> String {
        self.attribute(&format!("form[action=\"{action}\"]"), "data-options")
            .unwrap_or_else(|| panic!("no passkey form to {action}: {} {}", self.status, self.text()))
    }
}
