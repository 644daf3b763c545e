sign-out = Sign out
sign-out-short = Of every system on this device
sign-out-title = Do you want to sign out?
sign-out-lead = You will be signed out of every system that you entered with this account.
sign-out-everywhere = Sign out of every system
sign-out-stay = Cancel
signed-out-title = You are signed out
signed-out-lead = If you share this computer, please close the browser.
