use super::*;

#[test]
fn the_document_is_that_of_the_standard__oidc_discovery_3() {
    let issuer = Issuer::parse("https://id.example").unwrap();
    let metadata = ProviderMetadata::describe(ProviderFacts {
        issuer: &issuer,
        prefixes: &Prefixes::default(),
        id_token_algorithms: &["ES256", "RS256"],
        client_authentication: ClientAuthMethod::ALL,
        takes_certificates: true,
        mutual_tls_alias: Some(&Issuer::parse("https://mtls.id.example").unwrap()),
        trust_frameworks: &[],
        levels: &[Acr::Xt2Phr],
        registration_endpoint: None,
        service_documentation: None,
    });
    insta::assert_compact_json_snapshot!(metadata, @r#"
    {
      "issuer": "https://id.example",
      "authorization_endpoint": "https://id.example/authorize",
      "token_endpoint": "https://id.example/token",
      "userinfo_endpoint": "https://id.example/userinfo",
      "jwks_uri": "https://id.example/jwks",
      "introspection_endpoint": "https://id.example/introspect",
      "revocation_endpoint": "https://id.example/revoke",
      "end_session_endpoint": "https://id.example/logout",
      "check_session_iframe": "https://id.example/session/check",
      "pushed_authorization_request_endpoint": "https://id.example/par",
      "device_authorization_endpoint": "https://id.example/device",
      "require_pushed_authorization_requests": false,
      "scopes_supported": [
        "openid",
        "profile_min",
        "profile",
        "email",
        "phone",
        "address",
        "age",
        "offline_access"
      ],
      "response_types_supported": [
        "code",
        "code id_token",
        "id_token",
        "code token",
        "id_token token",
        "code id_token token"
      ],
      "response_modes_supported": [
        "query",
        "fragment",
        "form_post",
        "jwt",
        "query.jwt",
        "fragment.jwt",
        "form_post.jwt"
      ],
      "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "implicit"
      ],
      "subject_types_supported": [
        "pairwise",
        "public"
      ],
      "id_token_signing_alg_values_supported": [
        "ES256",
        "RS256"
      ],
      "userinfo_signing_alg_values_supported": [
        "ES256",
        "RS256"
      ],
      "authorization_signing_alg_values_supported": [
        "ES256",
        "RS256"
      ],
      "id_token_encryption_alg_values_supported": [
        "RSA-OAEP-256",
        "ECDH-ES",
        "ECDH-ES+A256KW"
      ],
      "id_token_encryption_enc_values_supported": [
        "A128GCM",
        "A256GCM"
      ],
      "userinfo_encryption_alg_values_supported": [
        "RSA-OAEP-256",
        "ECDH-ES",
        "ECDH-ES+A256KW"
      ],
      "userinfo_encryption_enc_values_supported": [
        "A128GCM",
        "A256GCM"
      ],
      "authorization_encryption_alg_values_supported": [
        "RSA-OAEP-256",
        "ECDH-ES",
        "ECDH-ES+A256KW"
      ],
      "authorization_encryption_enc_values_supported": [
        "A128GCM",
        "A256GCM"
      ],
      "introspection_encryption_alg_values_supported": [
        "RSA-OAEP-256",
        "ECDH-ES",
        "ECDH-ES+A256KW"
      ],
      "introspection_encryption_enc_values_supported": [
        "A128GCM",
        "A256GCM"
      ],
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none"
      ],
      "token_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "ES384",
        "RS256",
        "PS256",
        "EdDSA",
        "HS256"
      ],
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth"
      ],
      "introspection_signing_alg_values_supported": [
        "ES256",
        "RS256"
      ],
      "revocation_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none"
      ],
      "introspection_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "ES384",
        "RS256",
        "PS256",
        "EdDSA",
        "HS256"
      ],
      "revocation_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "ES384",
        "RS256",
        "PS256",
        "EdDSA",
        "HS256"
      ],
      "code_challenge_methods_supported": [
        "S256"
      ],
      "acr_values_supported": [
        "https://id.moet.gov.vn/acr/xt2-phr"
      ],
      "prompt_values_supported": [
        "none",
        "login",
        "consent",
        "select_account",
        "create"
      ],
      "display_values_supported": [
        "page",
        "popup",
        "touch"
      ],
      "ui_locales_supported": [
        "vi",
        "en"
      ],
      "claim_types_supported": [
        "normal"
      ],
      "claims_supported": [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "at_hash",
        "c_hash",
        "s_hash",
        "sid",
        "name",
        "birthdate",
        "gender",
        "email",
        "email_verified",
        "phone_number",
        "phone_number_verified",
        "address",
        "locale",
        "updated_at",
        "age_over_14",
        "age_over_16",
        "age_over_18",
        "https://id.moet.gov.vn/claims/ial"
      ],
      "claims_parameter_supported": true,
      "verified_claims_supported": false,
      "request_parameter_supported": true,
      "request_uri_parameter_supported": true,
      "require_request_uri_registration": true,
      "require_signed_request_object": false,
      "request_object_signing_alg_values_supported": [
        "ES256",
        "ES384",
        "RS256",
        "PS256",
        "EdDSA",
        "HS256",
        "none"
      ],
      "request_object_encryption_alg_values_supported": [
        "RSA-OAEP-256",
        "ECDH-ES",
        "ECDH-ES+A256KW"
      ],
      "request_object_encryption_enc_values_supported": [
        "A128GCM",
        "A256GCM"
      ],
      "authorization_response_iss_parameter_supported": true,
      "backchannel_logout_supported": true,
      "backchannel_logout_session_supported": true,
      "frontchannel_logout_supported": true,
      "frontchannel_logout_session_supported": true,
      "dpop_signing_alg_values_supported": [
        "ES256",
        "ES384",
        "RS256",
        "PS256",
        "EdDSA"
      ],
      "tls_client_certificate_bound_access_tokens": true,
      "mtls_endpoint_aliases": {
        "token_endpoint": "https://mtls.id.example/token",
        "userinfo_endpoint": "https://mtls.id.example/userinfo",
        "introspection_endpoint": "https://mtls.id.example/introspect",
        "revocation_endpoint": "https://mtls.id.example/revoke",
        "pushed_authorization_request_endpoint": "https://mtls.id.example/par",
        "device_authorization_endpoint": "https://mtls.id.example/device"
      }
    }
    "#);
}
