//! What kinds of events there are. Their names are part of the log's schema: they never change and are never reused.

use crate::protocol::wire_enum::wire_enum;

wire_enum! {
    /// What happened.
    EventKind {
        /// The instance was set up.
        InstanceInitialised = "instance.initialised",
        /// A person created an account.
        AccountCreated = "account.created",
        /// A person changed what she says of herself.
        ProfileChanged = "profile.changed",
        /// A passkey was added.
        PasskeyAdded = "passkey.added",
        /// A passkey was removed.
        PasskeyRemoved = "passkey.removed",
        /// A person signed in.
        SessionStarted = "session.started",
        /// A signed-in person proved again who she is.
        SessionRenewed = "session.renewed",
        /// A session ended.
        SessionEnded = "session.ended",
        /// A sign-in was refused.
        SignInFailed = "sign_in.failed",
        /// A person agreed to share.
        ConsentGiven = "consent.given",
        /// A person declined to share.
        ConsentDeclined = "consent.declined",
        /// A person took back what she had agreed to.
        ConsentWithdrawn = "consent.withdrawn",
        /// A person let a device in.
        DeviceApproved = "device.approved",
        /// A person did not let a device in.
        DeviceDeclined = "device.declined",
        /// What a system or a device asked for could not be given.
        AuthorizationRefused = "authorization.refused",
        /// A system received tokens, for a code or by way of the browser.
        TokensIssued = "tokens.issued",
        /// A code was presented a second time.
        CodeReused = "code.reused",
        /// A code was refused that was ours.
        CodeRefused = "code.refused",
        /// A system received fresh tokens.
        TokensRefreshed = "tokens.refreshed",
        /// A system was given a token to call another one for a person.
        TokenExchanged = "token.exchanged",
        /// A system was given tokens for itself.
        ServiceTokensIssued = "service_tokens.issued",
        /// A system gave back a token that it had for itself.
        ServiceTokenRevoked = "service_token.revoked",
        /// A replaced refresh token was presented.
        RefreshReused = "refresh.reused",
        /// A refresh token was refused that was ours.
        RefreshRefused = "refresh.refused",
        /// Everything that one authorization gave has ended.
        FamilyEnded = "family.ended",
        /// A system received claims.
        ClaimsReleased = "claims.released",
        /// A person signed out of everything, here or at a system.
        Logout = "logout",
        /// A person signed out of one system, and of nothing else.
        SystemLogout = "logout.system",
        /// A system was told that a session has ended.
        LogoutDelivered = "logout.delivered",
        /// A system could not be told; it is tried again.
        LogoutPostponed = "logout.postponed",
        /// A system could not be told, and nobody tries any more.
        LogoutGivenUp = "logout.given_up",
        /// A system was registered.
        ClientRegistered = "client.registered",
        /// A registration was changed.
        ClientChanged = "client.changed",
        /// A system was disabled.
        ClientDisabled = "client.disabled",
        /// A disabled system was enabled again.
        ClientEnabled = "client.enabled",
        /// A system was given a new secret.
        ClientSecretRotated = "client.secret_rotated",
        /// A token was made that lets systems register themselves.
        InitialTokenIssued = "registration.token_issued",
        /// A signing key was made.
        SigningKeyCreated = "signing_key.created",
        /// A signing key began to sign.
        SigningKeyActivated = "signing_key.activated",
        /// A signing key stopped signing.
        SigningKeyRetiring = "signing_key.retiring",
        /// A signing key was withdrawn.
        SigningKeyRetired = "signing_key.retired",
        /// Everything was wrapped by a new master key.
        MasterKeyRotated = "master_key.rotated",
        /// The audit log was exported.
        AuditExported = "audit.exported",
    }
}

wire_enum! {
    /// How it came out.
    Outcome {
        /// It was done.
        Done = "done",
        /// It was asked for and refused.
        Refused = "refused",
    }
}
