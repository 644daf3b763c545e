sign-in-title = Sign in
sign-in-lead = Use your passkey: the fingerprint, face or screen lock of your device.
sign-in-field = Account
sign-in-field-hint = Touch the field to choose a saved passkey, or press the button below.
sign-in-button = Sign in with a passkey
sign-in-new = No account yet?
sign-in-trouble = Trouble signing in?
create-link = Create an account
select-account-title = Which account?
select-account-this = Continue with this account
select-account-other = Use another account
confirm-title = Confirm that it is you
confirm-lead = { $name }, please confirm once more with your passkey.
confirm-button = Confirm with a passkey

# Where passkeys do not work.
no-script-title = JavaScript is switched off
no-script-todo = This step needs JavaScript. Switch it on and load the page again, or use another browser.
no-passkey-title = This browser cannot use passkeys
no-passkey-phone = Open this page on a phone or on another computer.
no-passkey-browser = Use a recent Chrome, Safari, Edge, Firefox or Cốc Cốc.
no-passkey-help = See the other ways on the help page

# Said by the script.
script-waiting = Waiting for your device…
script-cancelled = You did not confirm, or the time ran out. Press the button to try again.
script-already = This device already has a passkey of the account. Please use another device.
script-address = The address of this page is not where the passkey was made. Please start again from the system.
script-failed = Your device could not answer. Try again, or use another device.

# Troubles with a passkey.
passkey-refused = The passkey was not accepted
    .what = The answer of your device did not match.
    .todo = Please try again. If it still fails, use another passkey.
passkey-too-late = The time ran out
    .what = The confirmation took too long.
    .todo = Press the button to do it again.
passkey-not-sent = No passkey arrived
    .what = Your browser did not send the answer of your device.
    .todo = Switch JavaScript on, or use another browser or phone.
passkey-already-added = This passkey is already there
    .what = This passkey belongs to an account already.
    .todo = Use another device to add a new one.
passkey-not-verified = Your device did not check that it is you
    .what = It did not ask for fingerprint, face or screen lock.
    .todo = Set a screen lock on the device and try again.

# In a sandbox alone.
sandbox-title = Come in as an invented person
sandbox-lead = Only in a sandbox: it takes no passkey, and it proves nothing.
sandbox-person = Person
sandbox-button = Sign in as this person
person-parent = parent
person-pupil = pupil
person-teacher = teacher
person-candidate = candidate
person-representative = legal representative
person-clerk = clerk
person-civil-servant = civil servant
person-security-officer = security officer
