//! The conversation with the issuer, all of it through the `openidconnect` crate.

use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType,
    CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::reqwest;
use openidconnect::url::Url;
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AdditionalProviderMetadata, AuthorizationCode,
    ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndSessionUrl,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims, IdTokenFields, IssuerUrl,
    LanguageTag, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadata, RedirectUrl, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::RwLock;

use super::claims::SignedIn;
use super::language::Language;
use super::system::DemoSystem;
use super::trouble::{DemoError, Trouble};
use super::visits::Pending;
use crate::base::Timestamp;

/// Whatever an issuer tells beyond the standard's own claims.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

/// Discovery members that the crate does not read by itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct OtherMetadata {
    end_session_endpoint: Option<EndSessionUrl>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for OtherMetadata {}

type Metadata = ProviderMetadata<
    OtherMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// An ID token as it came.
pub(super) type RawIdToken =
    IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

type Fields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type RelyingParty = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The issuer, as this system knows it.
pub(super) struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    after_logout: PostLogoutRedirectUrl,
    scopes: &'static [&'static str],
    http: reqwest::Client,
    discovered: RwLock<Option<Metadata>>,
}

/// What the issuer sent back to the redirect URI.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Answer {
    pub state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Provider {
    pub fn new(system: &DemoSystem) -> Result<Self, DemoError> {
        let http = reqwest::ClientBuilder::new()
            // A redirect from the issuer's endpoints would lead elsewhere with our credentials.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self {
            issuer: IssuerUrl::new(system.issuer.clone())?,
            client_id: ClientId::new(system.client_id.clone()),
            secret: system.secret.as_ref().map(|secret| ClientSecret::new(secret.expose().clone())),
            redirect: RedirectUrl::new(system.redirect_uri())?,
            after_logout: PostLogoutRedirectUrl::new(system.post_logout_redirect_uri())?,
            scopes: system.look.scopes(),
            http,
            discovered: RwLock::new(None),
        })
    }

    /// Scheme, host and port of the issuer.
    pub fn issuer_origin(&self) -> String {
        self.issuer.url().origin().ascii_serialization()
    }

    /// The address that begins a sign-in, its `state`, and what to remember until the answer comes.
    pub async fn begin(
        &self,
        browser: String,
        language: Language,
    ) -> Result<(Url, String, Pending), Trouble> {
        let party = self.party(&self.metadata().await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = party
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(
                self.scopes
                    .iter()
                    .filter(|scope| **scope != "openid")
                    .map(|scope| Scope::new((*scope).into())),
            )
            .add_ui_locale(LanguageTag::new(language.tag().to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok((address, state.into_secret(), Pending { browser, nonce, verifier }))
    }

    /// Checks the issuer's answer, redeems its code, verifies the ID token and asks for the person's claims.
    pub async fn finish(
        &self,
        answer: Answer,
        pending: Pending,
        now: Timestamp,
    ) -> Result<SignedIn, Trouble> {
        let metadata = self.metadata().await?;
        self.came_from_issuer(&answer, &metadata)?;
        match answer.error.as_deref() {
            None => {}
            Some("access_denied") => return Err(Trouble::Declined),
            Some(code) => return Err(Trouble::Refused(plain(code))),
        }
        let code = answer.code.ok_or_else(|| Trouble::Refused("no_code".to_owned()))?;
        let Pending { nonce, verifier, .. } = pending;
        let tokens = self.redeem(&metadata, code, verifier).await?;
        let id_token = tokens.id_token().ok_or_else(|| Trouble::Untrusted("no ID token".to_owned()))?;
        let (party, claims) = self.verified(id_token, &nonce, &metadata).await?;

        // OIDC Core §3.1.3.8: the access token must be the one that the ID token speaks of.
        if let Some(said) = claims.access_token_hash() {
            let verifier = party.id_token_verifier();
            let signing = (
                id_token.signing_alg().map_err(untrusted)?,
                id_token.signing_key(&verifier).map_err(untrusted)?,
            );
            let actual = AccessTokenHash::from_token(tokens.access_token(), signing.0, signing.1)
                .map_err(untrusted)?;
            if actual != *said {
                return Err(Trouble::Untrusted("the access token is another one".to_owned()));
            }
        }

        // OIDC Core §5.3.4: the subject must be the same; the crate refuses any other.
        let shared: UserInfoClaims<OtherClaims, CoreGenderClaim> = party
            .user_info(tokens.access_token().to_owned(), Some(claims.subject().clone()))
            .map_err(|error| Trouble::Provider(error.to_string()))?
            .request_async(&self.http)
            .await
            .map_err(|error| Trouble::Untrusted(chain(&error)))?;
        SignedIn::new(id_token.clone(), &claims, &shared, tokens.expires_in(), tokens.scopes(), now)
            .map_err(untrusted)
    }

    /// The address that signs the person out at the issuer, if it has one; `state` comes back with her.
    pub async fn sign_out(&self, id_token: &RawIdToken, state: String, language: Language) -> Option<Url> {
        let endpoint = self.metadata().await.ok()?.additional_metadata().end_session_endpoint.clone()?;
        let request = LogoutRequest::from(endpoint)
            .set_id_token_hint(id_token)
            .set_client_id(self.client_id.clone())
            .set_post_logout_redirect_uri(self.after_logout.clone())
            .set_state(CsrfToken::new(state))
            .add_ui_locale(LanguageTag::new(language.tag().to_owned()));
        Some(request.http_get_url())
    }

    /// RFC 9207 §2.4: an answer names the issuer that was asked. One that announces `iss` must send it.
    fn came_from_issuer(&self, answer: &Answer, metadata: &Metadata) -> Result<(), Trouble> {
        let expected = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        match answer.iss.as_deref() {
            Some(iss) if iss == self.issuer.as_str() => Ok(()),
            None if !expected => Ok(()),
            _ => Err(Trouble::OtherIssuer),
        }
    }

    async fn redeem(
        &self,
        metadata: &Metadata,
        code: String,
        verifier: PkceCodeVerifier,
    ) -> Result<StandardTokenResponse<Fields, CoreTokenType>, Trouble> {
        self.party(metadata)
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Trouble::Provider(error.to_string()))?
            .set_pkce_verifier(verifier)
            .request_async(&self.http)
            .await
            .map_err(|error| match error {
                openidconnect::RequestTokenError::ServerResponse(said) => {
                    Trouble::Refused(plain(said.error().as_ref()))
                }
                other => Trouble::Provider(chain(&other)),
            })
    }

    /// The token's claims once signature, issuer, audience, times and nonce hold. An unknown key may be a new one:
    /// discovery is read once more before the token is refused.
    async fn verified(
        &self,
        id_token: &RawIdToken,
        nonce: &Nonce,
        metadata: &Metadata,
    ) -> Result<(RelyingParty, IdTokenClaims<OtherClaims, CoreGenderClaim>), Trouble> {
        let party = self.party(metadata);
        let checked = id_token.claims(&party.id_token_verifier(), nonce).cloned();
        match checked {
            Ok(claims) => Ok((party, claims)),
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let party = self.party(&self.discover().await?);
                let claims = id_token.claims(&party.id_token_verifier(), nonce).map_err(untrusted)?.clone();
                Ok((party, claims))
            }
            Err(error) => Err(untrusted(error)),
        }
    }

    fn party(&self, metadata: &Metadata) -> RelyingParty {
        RelyingParty::from_provider_metadata(metadata.clone(), self.client_id.clone(), self.secret.clone())
            .set_redirect_uri(self.redirect.clone())
    }

    async fn metadata(&self) -> Result<Metadata, Trouble> {
        if let Some(known) = self.discovered.read().await.as_ref() {
            return Ok(known.clone());
        }
        self.discover().await
    }

    async fn discover(&self) -> Result<Metadata, Trouble> {
        let found = Metadata::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(|error| Trouble::Provider(chain(&error)))?;
        *self.discovered.write().await = Some(found.clone());
        Ok(found)
    }
}

fn untrusted(error: impl std::error::Error) -> Trouble {
    Trouble::Untrusted(chain(&error))
}

/// An error with all that lies beneath it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

/// An error code is a short ASCII word (RFC 6749 §4.1.2.1); whatever else came is not repeated.
fn plain(code: &str) -> String {
    let word =
        !code.is_empty() && code.len() <= 64 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if word { code.to_owned() } else { "unknown_error".to_owned() }
}
