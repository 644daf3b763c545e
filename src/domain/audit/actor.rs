//! Who did it.

use crate::base::ids::AccountId;
use crate::protocol::client_id::ClientId;

/// Who brought an event about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, for herself.
    Person(AccountId),
    /// A relying system.
    Client(ClientId),
    /// Whoever operates the instance, at its command line.
    Operator,
    /// The house itself: the job that did it.
    System(&'static str),
    /// Somebody not known.
    Anonymous,
}

impl Actor {
    /// Kind and identifier, as recorded.
    pub fn recorded(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Person(account) => ("person", Some(account.to_string())),
            Self::Client(client) => ("client", Some(client.as_str().to_owned())),
            Self::Operator => ("operator", None),
            Self::System(job) => ("system", Some((*job).to_owned())),
            Self::Anonymous => ("anonymous", None),
        }
    }
}
