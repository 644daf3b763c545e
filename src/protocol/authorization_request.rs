//! An authorization request, understood as a whole.

use std::collections::BTreeSet;
use std::time::Duration;

use super::opaque_text::opaque;
use super::{
    AcrRequest, AuthorizationDetail, AuthorizationError, AuthorizationErrorCode as Code, ClaimsRequest,
    CodeChallenge, CodeChallengeMethod, DetailsError, IdTokenHint, JwkThumbprint, Locale, LoginHint, Nonce,
    Prefixes, PromptSet, RawParams, ResourceUri, ResponseMode, ResponseType, Scope, ScopeSet, ServiceScopes,
    State,
};

/// What a client asks for at the authorization endpoint (OIDC Core §3.1.2.1).
///
/// Client and redirect URI are not here: they are resolved first, because until both are good no error may be
/// redirected. Whether this client may ask for all this is not judged here either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// What is asked for.
    pub response_type: ResponseType,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// The scopes that we serve, `openid` among them.
    pub scope: ScopeSet,
    /// The words of `scope` that may be scopes of resources.
    pub service_scope: ServiceScopes,
    /// The resources that the access token is for; where none is named, the provider itself (RFC 8707 §2).
    pub resources: BTreeSet<ResourceUri>,
    /// What exactly is wanted (RFC 9396 §2).
    pub details: Vec<AuthorizationDetail>,
    /// Given back with the answer.
    pub state: Option<State>,
    /// Copied into the ID token.
    pub nonce: Option<Nonce>,
    /// What the person should be asked.
    pub prompt: PromptSet,
    /// How old the sign-in may be.
    pub max_age: Option<Duration>,
    /// How strong it should be: from the `acr` claim, else from `acr_values`.
    pub acr: Option<AcrRequest>,
    /// Who the client thinks will sign in.
    pub login_hint: Option<LoginHint>,
    /// An ID token of the person whom the client means.
    pub id_token_hint: Option<IdTokenHint>,
    /// The first language of `ui_locales` that we serve.
    pub ui_locale: Option<Locale>,
    /// Claims asked for one by one.
    pub claims: ClaimsRequest,
    /// The challenge that the code's redeemer must answer.
    pub code_challenge: Option<CodeChallenge>,
    /// The key that the code's redeemer must show (RFC 9449 §10).
    pub dpop_jkt: Option<JwkThumbprint>,
}

impl AuthorizationRequest {
    /// Reads a request. The first fault found is named, with what to do about it.
    pub fn parse(params: &RawParams, prefixes: &Prefixes) -> Result<Self, AuthorizationError> {
        refuse_unserved(params)?;
        check_claims_locales(params)?;
        // OIDC Core §3.1.2.1: the pages fit themselves to any display, so that only what is said twice is wrong.
        params.get("display")?;
        let response_type = response_type(params)?;
        let response_mode = ResponseMode::of(params)?;
        let claims = claims(params, prefixes)?;
        let nonce = opaque(params, "nonce", Nonce::parse)?;
        // OIDC Core §3.2.2.1, §3.3.2.11: it binds the token that strangers may see to the browser that asked.
        if response_type.gives_id_token() && nonce.is_none() {
            return Err(invalid("nonce is missing; a response_type with id_token needs one."));
        }
        Ok(Self {
            response_type,
            response_mode,
            scope: scope(params, response_type)?,
            service_scope: ServiceScopes::named_in(params.get("scope")?.unwrap_or_default()),
            resources: resources(params)?,
            details: details(params)?,
            state: opaque(params, "state", State::parse)?,
            nonce,
            prompt: prompt(params)?,
            max_age: max_age(params)?,
            acr: acr(params, &claims, prefixes)?,
            login_hint: opaque(params, "login_hint", LoginHint::parse)?,
            id_token_hint: opaque(params, "id_token_hint", IdTokenHint::parse)?,
            ui_locale: params.get("ui_locales")?.and_then(Locale::from_ui_locales),
            claims,
            code_challenge: code_challenge(params)?,
            dpop_jkt: dpop_jkt(params)?,
        })
    }
}

impl State {
    /// The state of `params`, known before the request is judged as a whole: errors carry it too.
    pub fn of(params: &RawParams) -> Result<Option<Self>, AuthorizationError> {
        Ok(opaque(params, "state", Self::parse)?)
    }
}

fn invalid(description: impl Into<std::borrow::Cow<'static, str>>) -> AuthorizationError {
    AuthorizationError::new(Code::InvalidRequest, description)
}

/// OIDC Core §7.2.1 is not served. Request objects are opened before a request is read: whatever is left names another one.
fn refuse_unserved(params: &RawParams) -> Result<(), AuthorizationError> {
    for (name, code, description) in [
        (
            "request",
            Code::InvalidRequestObject,
            "A request object cannot stand in a request that was opened.",
        ),
        ("request_uri", Code::InvalidRequestUri, "A request_uri cannot stand in a request that was opened."),
        ("registration", Code::RegistrationNotSupported, "registration is not served; register the client."),
    ] {
        if params.get(name)?.is_some() {
            return Err(AuthorizationError::new(code, description));
        }
    }
    Ok(())
}

fn response_type(params: &RawParams) -> Result<ResponseType, AuthorizationError> {
    let text = params.get("response_type")?.ok_or_else(|| invalid("response_type is missing; send code."))?;
    ResponseType::of_words(text).ok_or_else(|| {
        let description = "This response_type is not served; code is, and those of response_types_supported.";
        AuthorizationError::new(Code::UnsupportedResponseType, description)
    })
}

/// OIDC Core §11: where no code is given, nothing can be refreshed, and `offline_access` is ignored.
fn scope(params: &RawParams, response_type: ResponseType) -> Result<ScopeSet, AuthorizationError> {
    let asked = ScopeSet::parse(params.get("scope")?.unwrap_or_default());
    if !asked.contains(Scope::Openid) {
        return Err(AuthorizationError::new(Code::InvalidScope, "scope must contain openid."));
    }
    Ok(match response_type.gives_code() {
        true => asked,
        false => asked.difference(&ScopeSet::parse(Scope::OfflineAccess.as_str())),
    })
}

/// RFC 8707 §2: an absolute address without a fragment.
fn resources(params: &RawParams) -> Result<BTreeSet<ResourceUri>, AuthorizationError> {
    let wrong = "resource must be an absolute https address without a fragment.";
    let read =
        |text| ResourceUri::parse(text).map_err(|_| AuthorizationError::new(Code::InvalidTarget, wrong));
    params.every("resource").map(read).collect()
}

fn details(params: &RawParams) -> Result<Vec<AuthorizationDetail>, AuthorizationError> {
    let Some(text) = params.get("authorization_details")? else { return Ok(Vec::new()) };
    let wrong =
        |error: DetailsError| AuthorizationError::new(Code::InvalidAuthorizationDetails, error.to_string());
    AuthorizationDetail::parse_all(text).map_err(wrong)
}

fn prompt(params: &RawParams) -> Result<PromptSet, AuthorizationError> {
    PromptSet::parse(params.get("prompt")?.unwrap_or_default()).map_err(|error| invalid(error.to_string()))
}

fn max_age(params: &RawParams) -> Result<Option<Duration>, AuthorizationError> {
    let Some(text) = params.get("max_age")? else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(seconds) if digits => Ok(Some(Duration::from_secs(u64::from(seconds)))),
        _ => Err(invalid("max_age must be a whole number of seconds, 0 or more.")),
    }
}

/// OIDC Core §5.2: our claims have no language of their own, so that none can be preferred.
fn check_claims_locales(params: &RawParams) -> Result<(), AuthorizationError> {
    Ok(params.get("claims_locales").map(|_| ())?)
}

fn claims(params: &RawParams, prefixes: &Prefixes) -> Result<ClaimsRequest, AuthorizationError> {
    match params.get("claims")? {
        None => Ok(ClaimsRequest::default()),
        Some(text) => ClaimsRequest::parse(text, prefixes).map_err(|error| invalid(error.to_string())),
    }
}

/// OIDC Core §5.5.1.1 leaves open what both together mean. The claim can be essential, so it goes first.
fn acr(
    params: &RawParams,
    claims: &ClaimsRequest,
    prefixes: &Prefixes,
) -> Result<Option<AcrRequest>, AuthorizationError> {
    let acr_values = params.get("acr_values")?;
    Ok(claims.acr.clone().or_else(|| acr_values.map(|values| AcrRequest::wish(values.split(' '), prefixes))))
}

/// RFC 7636 §4.3: a challenge without a method means `plain`, which is refused.
fn code_challenge(params: &RawParams) -> Result<Option<CodeChallenge>, AuthorizationError> {
    let method = params.get("code_challenge_method")?;
    let Some(challenge) = params.get("code_challenge")? else {
        return match method {
            None => Ok(None),
            Some(_) => Err(invalid("code_challenge_method was sent without code_challenge.")),
        };
    };
    if method.and_then(CodeChallengeMethod::parse) != Some(CodeChallengeMethod::S256) {
        return Err(invalid("code_challenge_method must be S256."));
    }
    let wrong =
        "code_challenge must be the base64url SHA-256 of the code_verifier: 43 characters, no padding.";
    CodeChallenge::parse(challenge).map(Some).ok_or_else(|| invalid(wrong))
}

fn dpop_jkt(params: &RawParams) -> Result<Option<JwkThumbprint>, AuthorizationError> {
    let wrong = "dpop_jkt must be the base64url SHA-256 thumbprint of the key: 43 characters, no padding.";
    let Some(text) = params.get("dpop_jkt")? else { return Ok(None) };
    JwkThumbprint::parse(text).map(Some).ok_or_else(|| invalid(wrong))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::params::AUTHORIZE_LIMIT;
    use crate::protocol::{Acr, Importance, Prompt};

    const LEAST: &str = "response_type=code&scope=openid";

    fn parse(query: &str) -> Result<AuthorizationRequest, AuthorizationError> {
        let params = RawParams::parse(query.as_bytes(), AUTHORIZE_LIMIT).unwrap();
        AuthorizationRequest::parse(&params, &Prefixes::default())
    }

    #[test]
    fn a_whole_request_is_understood__oidc_core_3_1_2_1() {
        let request = parse(
            "response_type=code&client_id=rp&redirect_uri=https%3A%2F%2Frp.example%2Fcb&scope=openid+email+x\
             &state=s%20t&nonce=n-1&prompt=login+consent&max_age=0&acr_values=xt4+xt2-phr&login_hint=an%40example.vn\
             &id_token_hint=a.b.c&ui_locales=fr+en-GB&response_mode=form_post&display=page\
             &claims=%7B%22userinfo%22%3A%7B%22name%22%3Anull%7D%7D\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        )
        .unwrap();
        assert_eq!(request.response_type, ResponseType::Code);
        assert_eq!(request.response_mode, ResponseMode::FormPost);
        assert_eq!(request.scope.to_string(), "openid email");
        assert_eq!(request.state.as_ref().map(State::as_str), Some("s t"));
        assert_eq!(request.nonce.as_ref().map(Nonce::as_str), Some("n-1"));
        assert!(request.prompt.contains(Prompt::Login) && request.prompt.contains(Prompt::Consent));
        assert_eq!(request.max_age, Some(Duration::ZERO));
        let levels = Some(vec![Acr::Xt4, Acr::Xt2Phr]);
        assert_eq!(request.acr, Some(AcrRequest { importance: Importance::Voluntary, levels }));
        assert_eq!(request.login_hint.as_ref().map(LoginHint::as_str), Some("an@example.vn"));
        assert_eq!(request.id_token_hint.as_ref().map(IdTokenHint::as_str), Some("a.b.c"));
        assert_eq!(request.ui_locale, Some(Locale::En));
        assert!(!request.claims.userinfo.is_empty());
        assert!(request.code_challenge.is_some());
    }

    #[test]
    fn the_least_request_has_the_standard_s_defaults() {
        let request = parse(&format!("{LEAST}&nonce=&prompt=&unknown=1&unknown=2")).unwrap();
        assert_eq!(request.response_mode, ResponseMode::Query);
        assert_eq!(request.prompt, PromptSet::default());
        assert_eq!(request.nonce, None);
        assert_eq!(request.claims, ClaimsRequest::default());
    }

    #[test]
    fn the_essential_claim_goes_before_acr_values__oidc_core_5_5_1_1() {
        let query = format!(
            "{LEAST}&acr_values=xt1&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%2C%22value%22%3A%22xt3%22%7D%7D%7D"
        );
        let acr = parse(&query).unwrap().acr.unwrap();
        assert!(acr.is_essential() && acr.is_met_by(Acr::Xt3) && !acr.is_met_by(Acr::Xt1));
    }

    #[test]
    fn each_fault_has_its_code() {
        let verifier = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for (query, code) in [
            ("scope=openid".to_owned(), "invalid_request"),
            ("response_type=token&scope=openid".to_owned(), "unsupported_response_type"),
            ("response_type=none&scope=openid".to_owned(), "unsupported_response_type"),
            ("response_type=code+id_token&scope=openid".to_owned(), "invalid_request"),
            ("response_type=id_token&scope=openid".to_owned(), "invalid_request"),
            ("response_type=code+token&scope=openid&response_mode=query".to_owned(), "invalid_request"),
            ("response_type=code".to_owned(), "invalid_scope"),
            ("response_type=code&scope=email".to_owned(), "invalid_scope"),
            ("response_type=code&scope=OPENID".to_owned(), "invalid_scope"),
            (format!("{LEAST}&response_mode=signed"), "invalid_request"),
            (format!("{LEAST}&request=a.b.c"), "invalid_request_object"),
            (format!("{LEAST}&request_uri=https://rp.example/r"), "invalid_request_uri"),
            (format!("{LEAST}&registration=%7B%7D"), "registration_not_supported"),
            (format!("{LEAST}&prompt=none+login"), "invalid_request"),
            (format!("{LEAST}&prompt=shout"), "invalid_request"),
            (format!("{LEAST}&max_age=-1"), "invalid_request"),
            (format!("{LEAST}&max_age=%2B1"), "invalid_request"),
            (format!("{LEAST}&max_age=1.5"), "invalid_request"),
            (format!("{LEAST}&max_age=99999999999"), "invalid_request"),
            (format!("{LEAST}&claims=x"), "invalid_request"),
            (format!("{LEAST}&code_challenge={verifier}"), "invalid_request"),
            (format!("{LEAST}&code_challenge={verifier}&code_challenge_method=plain"), "invalid_request"),
            (format!("{LEAST}&code_challenge={verifier}&code_challenge_method=s256"), "invalid_request"),
            (format!("{LEAST}&code_challenge=short&code_challenge_method=S256"), "invalid_request"),
            (format!("{LEAST}&code_challenge_method=S256"), "invalid_request"),
            (format!("{LEAST}&dpop_jkt=short"), "invalid_request"),
            (format!("{LEAST}&resource=api"), "invalid_target"),
            (format!("{LEAST}&authorization_details=%7B%7D"), "invalid_authorization_details"),
            (format!("{LEAST}&resource=https://a.vn/&resource=https://a.vn/%23x"), "invalid_target"),
            (format!("{LEAST}&dpop_jkt={verifier}%3D"), "invalid_request"),
            (format!("{LEAST}&state=a%0Ab"), "invalid_request"),
            (format!("{LEAST}&nonce={}", "n".repeat(513)), "invalid_request"),
        ] {
            assert_eq!(parse(&query).unwrap_err().code.as_str(), code, "{query}");
        }
    }

    #[test]
    fn tokens_travel_in_the_fragment_unless_they_are_posted__multiple_response_types_5() {
        let request =
            parse("response_type=token+id_token&scope=openid+offline_access+email&nonce=n").unwrap();
        assert_eq!(request.response_type, ResponseType::IdTokenToken);
        assert_eq!(request.response_mode, ResponseMode::Fragment);
        assert_eq!(request.scope.to_string(), "openid email", "nothing can be refreshed");
        let request =
            parse("response_type=code+token&scope=openid+offline_access&response_mode=form_post").unwrap();
        assert_eq!(request.response_mode, ResponseMode::FormPost);
        assert_eq!(request.scope.to_string(), "openid offline_access");
    }

    #[test]
    fn a_repeated_parameter_is_refused__rfc6749_3_1() {
        for name in [
            "response_type",
            "response_mode",
            "scope",
            "state",
            "nonce",
            "prompt",
            "max_age",
            "acr_values",
            "login_hint",
            "id_token_hint",
            "ui_locales",
            "claims_locales",
            "display",
            "claims",
            "code_challenge",
            "code_challenge_method",
            "dpop_jkt",
            "authorization_details",
            "request",
            "request_uri",
            "registration",
        ] {
            let error = parse(&format!("{name}=x&{name}=x&response_type=code&scope=openid")).unwrap_err();
            assert_eq!(error.code, Code::InvalidRequest, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_request_is_read_or_refused_in_plain_words(
            pairs in proptest::collection::vec(
                (proptest::sample::select(vec![
                    "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age", "acr_values",
                    "claims", "code_challenge", "code_challenge_method", "ui_locales", "login_hint",
                ]), "[a-z0-9 %{}\":]{0,12}|code|openid|S256|none"),
                0..8,
            )
        ) {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            if let Err(error) = parse(&query) {
                // RFC 6749 §4.1.2.1: printable ASCII without quote and backslash.
                prop_assert!(error.description.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)));
            }
        }
    }
}
