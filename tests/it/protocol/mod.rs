//! What relying systems speak, over HTTP.

mod authorization_errors;
mod client_assertions;
mod client_credentials;
mod code;
mod discovery;
mod dpop;
mod dpop_nonce;
mod encrypted_answers;
mod fapi2;
mod flooding;
mod front_channel;
mod frontchannel_logout;
mod interaction;
mod introspection;
mod jarm;
mod journey;
mod logout;
mod profiles;
mod pushed;
mod refresh;
mod registration;
mod request_defaults;
mod resources;
mod select_account;
mod token_errors;
mod userinfo;
