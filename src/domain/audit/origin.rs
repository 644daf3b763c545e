//! Where an event came from.

use super::Place;
use crate::base::RequestId;

/// The request that brought an event about.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Where it was sent from: personal, and sealed.
    pub place: Place,
    /// Its number, as pages and logs show it. Random: it stands in the clear.
    pub request: RequestId,
}
