//! What a client wants to redeem at the token endpoint.

use super::{
    AuthorizationDetail, CodeVerifier, DetailsError, GrantType, IssuedTokenType, RawParams, TokenError,
    TokenErrorCode as Code,
};
use crate::base::Secret;

/// A grant to redeem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantRequest {
    /// RFC 6749 §4.1.3.
    AuthorizationCode(CodeGrant),
    /// RFC 6749 §6.
    RefreshToken(RefreshGrant),
    /// RFC 6749 §4.4.
    ClientCredentials(ClientCredentialsGrant),
    /// RFC 8628 §3.4.
    DeviceCode(DeviceCodeGrant),
    /// RFC 8693 §2.1.
    TokenExchange(ExchangeGrant),
    /// RFC 7523 §2.1.
    JwtBearer(JwtBearerGrant),
}

/// A code, with all that shows that its redeemer is the one for whom it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeGrant {
    /// The code as it came.
    pub code: Secret<String>,
    /// The redirect URI of the authorization request, once more.
    pub redirect_uri: String,
    /// The verifier of its challenge.
    pub code_verifier: Option<CodeVerifier>,
    /// The resources that the token is for, among those that were authorized (RFC 8707 §2.2), as they came.
    pub resources: Vec<String>,
    /// The details that it is for, among those that were authorized (RFC 9396 §6); all of them, where nothing is said.
    pub details: Option<Vec<AuthorizationDetail>>,
}

/// A refresh token, and perhaps the wish for less than it can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshGrant {
    /// The token as it came.
    pub refresh_token: Secret<String>,
    /// The narrower scope that is wanted, as it came.
    pub scope: Option<String>,
    /// The resources that the token is for, among those that were authorized (RFC 8707 §2.2), as they came.
    pub resources: Vec<String>,
    /// The details that it is for, among those that were authorized (RFC 9396 §6); all of them, where nothing is said.
    pub details: Option<Vec<AuthorizationDetail>>,
}

/// A device code, asked about until its person has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCodeGrant {
    /// The code as it came.
    pub device_code: Secret<String>,
    /// The resources that the token is for, among those that were authorized (RFC 8707 §2.2), as they came.
    pub resources: Vec<String>,
    /// The details that it is for, among those that were authorized (RFC 9396 §6); all of them, where nothing is said.
    pub details: Option<Vec<AuthorizationDetail>>,
}

/// A token of a person, and what is wanted in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeGrant {
    /// The token as it came.
    pub subject_token: Secret<String>,
    /// The token of whoever acts.
    pub actor_token: Option<Secret<String>>,
    /// The scopes wanted, as they came; everything that may be had, where nothing is said.
    pub scope: Option<String>,
    /// The resources that the new token is for, as they came.
    pub resources: Vec<String>,
    /// The systems that it is for, as they came.
    pub audiences: Vec<String>,
}

/// What a system wants for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCredentialsGrant {
    /// The scopes wanted, as they came; everything registered, where nothing is said.
    pub scope: Option<String>,
    /// The resources that the token is for (RFC 8707 §2), as they came.
    pub resources: Vec<String>,
    /// What exactly it is for there (RFC 9396 §6).
    pub details: Vec<AuthorizationDetail>,
}

/// What somebody else says of the workload that asks, and what that wants for its system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtBearerGrant {
    /// The assertion as it came.
    pub assertion: Secret<String>,
    /// What is wanted.
    pub wanted: ClientCredentialsGrant,
}

impl GrantRequest {
    /// Reads the grant of a token request.
    pub fn parse(params: &RawParams) -> Result<Self, TokenError> {
        let text = required(params, "grant_type")?;
        match GrantType::parse(text) {
            Some(GrantType::AuthorizationCode) => code_grant(params).map(Self::AuthorizationCode),
            Some(GrantType::RefreshToken) => refresh_grant(params).map(Self::RefreshToken),
            Some(GrantType::ClientCredentials) => {
                client_credentials_grant(params).map(Self::ClientCredentials)
            }
            Some(GrantType::DeviceCode) => {
                let device_code = secret(params, "device_code")?;
                let (resources, details) = (resources(params), details(params)?);
                Ok(Self::DeviceCode(DeviceCodeGrant { device_code, resources, details }))
            }
            Some(GrantType::TokenExchange) => exchange_grant(params).map(Self::TokenExchange),
            Some(GrantType::JwtBearer) => Ok(Self::JwtBearer(JwtBearerGrant {
                assertion: secret(params, "assertion")?,
                wanted: client_credentials_grant(params)?,
            })),
            Some(GrantType::Implicit) | None => {
                let redeemed = GrantType::ALL.iter().filter(|grant| **grant != GrantType::Implicit);
                let served: Vec<&str> = redeemed.map(|grant| grant.as_str()).collect();
                let description = format!("The grant types served are {}.", served.join(", "));
                Err(TokenError::new(Code::UnsupportedGrantType, description))
            }
        }
    }

    /// The grant type.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode(_) => GrantType::AuthorizationCode,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::ClientCredentials(_) => GrantType::ClientCredentials,
            Self::DeviceCode(_) => GrantType::DeviceCode,
            Self::TokenExchange(_) => GrantType::TokenExchange,
            Self::JwtBearer(_) => GrantType::JwtBearer,
        }
    }
}

fn code_grant(params: &RawParams) -> Result<CodeGrant, TokenError> {
    // A verifier that no verifier can be is a wrong one (RFC 7636 §4.6).
    let code_verifier = match params.get("code_verifier")? {
        None => None,
        Some(text) => Some(CodeVerifier::parse(text).ok_or_else(|| {
            TokenError::new(Code::InvalidGrant, "code_verifier must have 43 to 128 unreserved characters.")
        })?),
    };
    Ok(CodeGrant {
        code: secret(params, "code")?,
        // RFC 6749 §4.1.3: wanted wherever the authorization request had one, and in OIDC each has.
        redirect_uri: required(params, "redirect_uri")?.to_owned(),
        code_verifier,
        resources: resources(params),
        details: details(params)?,
    })
}

fn refresh_grant(params: &RawParams) -> Result<RefreshGrant, TokenError> {
    Ok(RefreshGrant {
        refresh_token: secret(params, "refresh_token")?,
        scope: params.get("scope")?.map(str::to_owned),
        resources: resources(params),
        details: details(params)?,
    })
}

fn client_credentials_grant(params: &RawParams) -> Result<ClientCredentialsGrant, TokenError> {
    Ok(ClientCredentialsGrant {
        scope: params.get("scope")?.map(str::to_owned),
        resources: resources(params),
        details: details(params)?.unwrap_or_default(),
    })
}

fn details(params: &RawParams) -> Result<Option<Vec<AuthorizationDetail>>, TokenError> {
    let Some(text) = params.get("authorization_details")? else { return Ok(None) };
    let wrong = |error: DetailsError| TokenError::new(Code::InvalidAuthorizationDetails, error.to_string());
    AuthorizationDetail::parse_all(text).map(Some).map_err(wrong)
}

fn resources(params: &RawParams) -> Vec<String> {
    params.every("resource").map(str::to_owned).collect()
}

/// RFC 8693 §2.1: access tokens for access tokens; each token says of which type it is.
fn exchange_grant(params: &RawParams) -> Result<ExchangeGrant, TokenError> {
    let served = |name: &'static str, text: &str| match IssuedTokenType::parse(text) {
        Some(IssuedTokenType::AccessToken) => Ok(()),
        None => {
            let description = format!("{name} must be {}.", IssuedTokenType::AccessToken);
            Err(TokenError::new(Code::InvalidRequest, description))
        }
    };
    if let Some(text) = params.get("requested_token_type")? {
        served("requested_token_type", text)?;
    }
    let subject_token = secret(params, "subject_token")?;
    served("subject_token_type", required(params, "subject_token_type")?)?;
    let actor_token = match (params.get("actor_token")?, params.get("actor_token_type")?) {
        (None, None) => None,
        (Some(token), Some(kind)) => {
            served("actor_token_type", kind)?;
            Some(Secret::new(token.to_owned()))
        }
        _ => {
            let description = "actor_token and actor_token_type come together, or not at all.";
            return Err(TokenError::new(Code::InvalidRequest, description));
        }
    };
    Ok(ExchangeGrant {
        subject_token,
        actor_token,
        scope: params.get("scope")?.map(str::to_owned),
        resources: resources(params),
        audiences: params.every("audience").map(str::to_owned).collect(),
    })
}

fn secret(params: &RawParams, name: &'static str) -> Result<Secret<String>, TokenError> {
    required(params, name).map(|text| Secret::new(text.to_owned()))
}

/// The value of a parameter without which a call says nothing.
pub fn required<'a>(params: &'a RawParams, name: &'static str) -> Result<&'a str, TokenError> {
    params
        .get(name)?
        .ok_or_else(|| TokenError::new(Code::InvalidRequest, format!("The parameter {name} is missing.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::params::BODY_LIMIT;

    fn parse(body: &str) -> Result<GrantRequest, TokenError> {
        GrantRequest::parse(&RawParams::parse(body.as_bytes(), BODY_LIMIT).unwrap())
    }

    #[test]
    fn a_code_comes_with_its_redirect_uri__rfc6749_4_1_3() {
        let body = "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Frp.example%2Fcb";
        let GrantRequest::AuthorizationCode(grant) = parse(body).unwrap() else { panic!("a code grant") };
        assert_eq!(grant.code.expose(), "c");
        assert_eq!(grant.redirect_uri, "https://rp.example/cb");
        assert_eq!(grant.code_verifier, None);
        let with = parse(&format!("{body}&code_verifier={}", "v".repeat(43))).unwrap();
        assert!(matches!(with, GrantRequest::AuthorizationCode(CodeGrant { code_verifier: Some(_), .. })));
    }

    #[test]
    fn a_refresh_may_narrow_the_scope__rfc6749_6() {
        let GrantRequest::RefreshToken(grant) = parse("grant_type=refresh_token&refresh_token=r").unwrap()
        else {
            panic!("a refresh grant")
        };
        assert_eq!((grant.refresh_token.expose().as_str(), grant.scope), ("r", None));
        let narrowed = parse("grant_type=refresh_token&refresh_token=r&scope=openid+x").unwrap();
        let GrantRequest::RefreshToken(grant) = narrowed else { panic!("a refresh grant") };
        assert_eq!(grant.scope.as_deref(), Some("openid x"));
    }

    #[test]
    fn each_fault_has_its_code__rfc6749_5_2() {
        for (body, code) in [
            ("", "invalid_request"),
            ("grant_type=", "invalid_request"),
            ("grant_type=password", "unsupported_grant_type"),
            ("grant_type=client_credentials&scope=a&scope=b", "invalid_request"),
            ("grant_type=refresh_token&grant_type=refresh_token", "invalid_request"),
            ("grant_type=authorization_code&redirect_uri=x", "invalid_request"),
            ("grant_type=authorization_code&code=c", "invalid_request"),
            ("grant_type=authorization_code&code=c&code=d&redirect_uri=x", "invalid_request"),
            ("grant_type=authorization_code&code=c&redirect_uri=x&code_verifier=short", "invalid_grant"),
            ("grant_type=refresh_token", "invalid_request"),
            ("grant_type=urn:ietf:params:oauth:grant-type:device_code", "invalid_request"),
            ("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", "invalid_request"),
            (
                "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a&assertion=b",
                "invalid_request",
            ),
            ("grant_type=refresh_token&refresh_token=r&scope=a&scope=a", "invalid_request"),
        ] {
            assert_eq!(parse(body).unwrap_err().code.as_str(), code, "{body}");
        }
    }
}
