consent-title = Do you agree to share this?
consent-lead = { $system } asks for this information about you.
consent-essential = Needed
consent-essential-hint = Without these, the system cannot serve you.
consent-given = Shared without asking
consent-given-hint = This does not rest on your consent, so there is nothing to choose.
consent-optional = Up to you
consent-optional-hint = Tick only what you want to share.
consent-called = Acting for you elsewhere
consent-called-hint = This system asks to call these systems in your name.
consent-details = Exactly this
consent-details-hint = You agree to nothing but what stands here.
consent-withdraw-note = You can withdraw your consent at any time in your account.
consent-allow = Agree
consent-decline = Decline
consent-policy = How the system keeps it (new window)
consent-terms = Terms of use (new window)
notice-title = Information that is shared
notice-lead = { $system } receives this information about you for its official duty.

# The page that carries an answer back.
form-post-title = Taking you back to the system
form-post-lead = If nothing happens, press the button below.
