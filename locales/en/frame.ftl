# Words that stand around every page.
ministry = Ministry of Education and Training
promise = One account for every system of the education sector
promise-more = Sign in once, safely, without a password.
vow = The Ministry of Education and Training never telephones to ask for a one-time code.
skip = Skip to the content
help = Help
support-phone = Help line:
reference = Reference number
sandbox-note = This is a sandbox. Everybody here is invented; do not enter real information.
demo-note = This is a demonstration. Do not enter real information.
system-caption = You are on your way to
system-caption-from = System
optional = (optional)
continue = Continue
back = Back
cancel = Cancel
save = Save
remove = Remove
rename = Rename
not-me = This is not me
signed-in-as = You are signed in as
return-to = Return to { $system }
home-link = To the front page
answer-yes = Yes
answer-no = No

# Fields of forms.
field-name = Full name
field-email = Email
field-phone = Telephone
field-phone-hint = For example: 0912 345 678
field-birthdate = Date of birth
field-birthdate-hint = Day/month/year, for example 02/09/1988. The year alone is enough.
field-gender = Gender
field-address = Address
field-label = Name to remember it by
field-label-hint = So that you recognise this passkey, for example: My phone.
gender-female = Female
gender-male = Male
gender-other = Other
gender-unsaid = Not stated

# What is wrong with a field, and how to put it right.
problems-title = Please look at these fields again
wrong-missing = This field is still empty.
wrong-too-long = This is too long. Write at most { $count } characters.
wrong-hidden = There is a character that cannot be seen. Delete the text and type it again.
wrong-malformed = This is not right yet. Please correct it.
wrong-email = This is not an email address. A right one: name@example.vn
wrong-phone = This is not a telephone number. A right one: 0912 345 678
wrong-birthdate = This is not a date of birth. A right one: 02/09/1988

# What was just done.
done-account-created = Your account is ready.
done-profile-saved = Your information is saved.
done-passkey-added = The passkey was added.
done-passkey-renamed = The passkey has its new name.
done-passkey-removed = The passkey was removed.
done-session-ended = That device is signed out.
done-other-sessions-ended = All other devices are signed out.
done-consent-withdrawn = Your consent is withdrawn.

# What systems receive.
shared-name = Full name
shared-birthdate = Date of birth
shared-gender = Gender
shared-email = Email
shared-email-verified = Whether the email is verified
shared-phone = Telephone
shared-phone-verified = Whether the telephone is verified
shared-address = Address
shared-language = The language you chose
shared-updated-at = When your information last changed
shared-age-over-14 = Whether you are 14 or older
shared-age-over-16 = Whether you are 16 or older
shared-age-over-18 = Whether you are 18 or older
shared-proofing-level = How well your identity is verified
shared-stay-connected = Staying connected while you are away
proofing-self-asserted = Stated by you
basis = Legal basis
basis-consent = Your consent
basis-law = Required by law
basis-contract = A contract with you
basis-emergency = An emergency
purpose = Purpose
responsible = Responsible
