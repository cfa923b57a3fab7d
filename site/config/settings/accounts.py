"""Sign-in: allauth, second factor, lockout."""

ACCOUNT_ADAPTER = "app.home.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_FORMS = {"signup": "app.accounts.forms.WorkshopSignupForm"}
# Of public forms too: their limits stand beside those of sign-in, counted by the same code.
ACCOUNT_RATE_LIMITS = {"contact": "5/10m/ip,30/d/ip", "contact_email": "3/h/key"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners open links: only a click on the page confirms
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
SESSION_ENGINE = "app.accounts.sessions"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row at every request

MFA_ADAPTER = "app.accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "ThermoGestion"
#: A code is taken 30 s before and after its own half minute: telephones drift, and people type (RFC 6238, 5.2 and 6).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "app.accounts.second_factor.AuthenticateForm",
    "reauthenticate": "app.accounts.second_factor.ReauthenticateForm",
}

AXES_USERNAME_CALLABLE = "app.accounts.lockout.username"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "password"]
