account-nav = Account
account-title = My account
account-hello = Hello, { $name }
account-last-sign-in = Last signed in: { $time }

profile-title = Personal information
profile-short = Name, contact, date of birth
profile-lead = You state this information yourself. Only systems that you allow receive it.

passkeys-title = Passkeys
passkeys-heading = Your passkeys
passkeys-lead = Each passkey lives on a device and opens this account.
passkeys-count = { $count ->
    [one] 1 passkey
   *[other] { $count } passkeys
}
passkey-kind-synced = Synchronised across your devices
passkey-kind-device-bound = On one device only
passkey-added-on = Added on { $date }
passkey-last-used = last used { $time }
passkey-never-used = not used yet
passkey-last-note = This is your last passkey, so it cannot be removed. Add another one first.
passkey-remove-named = Remove the passkey “{ $label }”
passkey-add-title = Add a passkey
passkey-add-button = Add a passkey
passkey-remove-title = Remove this passkey?
passkey-remove-lead = You will no longer be able to sign in with “{ $label }”.
passkey-remove-device = It stays visible on the device until you delete it there.
passkey-remove-signs-out = You are signed in with this passkey. Removing it signs you out; sign in again with another one.
passkey-remove-button = Remove this passkey
second-passkey-title = Add a second passkey
second-passkey-why = If you lose your phone, a second passkey still opens your account.
second-passkey-button = Add a second passkey

sessions-title = Active sessions
sessions-lead = You are signed in on these devices.
sessions-count = { $count ->
    [one] 1 device signed in
   *[other] { $count } devices signed in
}
session-this = This device
session-started = Signed in at { $time }
session-last-seen = Last active: { $time }
session-end = Sign that device out
sessions-end-others = Sign out all other devices
sessions-only-this = You are not signed in on any other device.
device-unknown = Unknown device
place = network address { $place }

systems-title = Connected systems
systems-lead = These systems receive information about you through this account.
systems-count = { $count ->
    [one] 1 system
   *[other] { $count } systems
}
systems-none = No system has received information about you.
systems-shared = Receives
systems-called = May call in your name
systems-since = Since
systems-open = Open
systems-open-named = Open { $system }
systems-last-used = Last received
systems-by-law = This does not rest on your consent, so it cannot be withdrawn here.
withdraw = Withdraw consent
withdraw-named = Withdraw consent for { $system }
withdraw-title = Withdraw your consent?
withdraw-lead = { $system } will no longer receive what rests on your consent.
withdraw-stops = No longer shared
withdraw-calls-stop = No longer called in your name
withdraw-goes-on = Still shared
withdraw-goes-on-why = Whenever you sign in to { $system }, it still receives the following.
withdraw-what-stays = What it received before does not vanish. You may ask that system to erase it.
