//! By what means a person signed in.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A means of authentication (RFC 8176 §2).
    Amr {
        /// Password.
        Pwd = "pwd",
        /// One-time code.
        Otp = "otp",
        /// Key that software holds or copies, as a synchronised passkey.
        Swk = "swk",
        /// Key bound to a device.
        Hwk = "hwk",
        /// The person's presence was tested.
        User = "user",
        /// More than one factor.
        Mfa = "mfa",
        /// Possession of a key was proved.
        Pop = "pop",
        /// None: somebody was chosen from the invented people of a sandbox. A name of our own, which RFC 8176 §1 leaves
        /// to the parties; no token of a sandbox says that a key was used where none was.
        Sandbox = "sandbox",
    }
}
