"""The settings of sign-in, sessions, rates and headers."""

import os
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from xinglin.site.options import flag, number, option, words

TESTING = "PYTEST_VERSION" in os.environ
HTTPS = flag("XINGLIN_HTTPS", "0", "站点只走 HTTPS", "The site is served over HTTPS only")

# Sessions -----------------------------------------------------------------------------------------------
XINGLIN_IDLE = number("XINGLIN_IDLE_SECONDS", "1800", "无操作多少秒后退出", "Seconds of idleness before sign-out")
# The row outlives the idle time a little, so that whoever comes back is told why they were signed out.
SESSION_COOKIE_AGE = XINGLIN_IDLE + 3600
SESSION_SAVE_EVERY_REQUEST = False  # SessionRules notes every half minute that somebody is there
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
XINGLIN_SESSION_HOURS = number("XINGLIN_SESSION_HOURS", "12", "登录最长持续小时数", "Hours a session lasts at most")
XINGLIN_SINGLE_SESSION = flag(
    "XINGLIN_SINGLE_SESSION", "0", "一个账号只许一处登录", "One account is signed in at one place only"
)
XINGLIN_PROXIES = number(
    "XINGLIN_PROXIES", "0", "站点前自有代理的层数，用于取真实地址", "Proxies of ours in front, to tell clients apart"
)

# Rates: name=times/seconds/per, several lines of one name all hold ---------------------------------------
XINGLIN_RATES = words(
    "XINGLIN_RATES",
    "sign_in=60/60/ip,code=20/3600/ip,code=5/3600/key,activate=10/3600/ip,"
    "activate_code=20/3600/ip,activate_number=5/3600/key,search=120/60/ip,search=120/60/account,"
    "certificate=60/60/ip,badge=120/60/ip,export=30/3600/account,unmask=60/3600/account,"
    "apply=60/3600/ip,apply_check=240/60/ip,apply_send=120/3600/ip,apply_link=5/3600/key,recommend=60/3600/ip,"
    "apply_known=1/604800/key,apply_told=20/86400/key,event_visitor=10/3600/ip,"
    "event_entry=300/3600/ip,event_own=300/3600/ip,door_enrol=30/3600/ip,event_calendar=1200/3600/ip",
    "限速：名称=次数/秒数/按 ip、account 或 key", "Rates: name=times/seconds/per ip, account or key",
)  # fmt: skip
if TESTING:
    XINGLIN_RATES = []

# Shared by all web processes: one-time codes are spent once, whoever of them is asked --------------------
_redis = option(
    "XINGLIN_CACHE", "", "共享缓存，空为数据库，或 redis://…", "Shared cache: empty for the database, or redis://…"
)
if TESTING:
    CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
elif _redis:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "xinglin_cache"}}

# Passwords ------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"xinglin.directory.security.passwords.{name}"}
    for name in ("Strength", "NotCommon", "NotAboutOwner", "NotUsedBefore")
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Shut-outs --------------------------------------------------------------------------------------------------
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "xinglin.directory.security.locking.counted_under"
AXES_FAILURE_LIMIT = "xinglin.directory.security.locking.tries"
AXES_COOLOFF_TIME = "xinglin.directory.security.locking.how_long"
AXES_LOCKOUT_CALLABLE = "xinglin.directory.security.locking.shut_out"
AXES_CLIENT_IP_CALLABLE = "xinglin.directory.security.log.client_ip"
AXES_RESET_ON_SUCCESS = True
# Further tries do not lengthen a shut-out: otherwise anybody could keep anybody out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "login", "email", "phone", "password", "code", "csrfmiddlewaretoken"]
AXES_VERBOSE = False
# One account has one lock, wherever the tries come from: per address there are rates. Whether a whole domain promises
# HTTPS in browsers' lists is its owner's decision, not ours.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "security.W021"]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# Sign-in ------------------------------------------------------------------------------------------------------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "xinglin.directory.security.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "phone", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
# Recovery sends a code, no link: there is no address in the mail that a forged host name could bend.
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {"login": "xinglin.directory.security.web.forms.SignInForm"}
ACCOUNT_RATE_LIMITS: dict[str, Any] | bool = False if TESTING else {
    # Guessing a second factor is limited here; wrong passwords are counted by the shut-out.
    "login_failed": "60/m/ip,10/5m/key", "login": None, "request_login_code": "20/h/ip,5/h/key",
    "reset_password": "20/h/ip,5/h/key",
}  # fmt: skip
MFA_ADAPTER = "xinglin.directory.security.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
XINGLIN_TOTP_REQUIRED = flag(
    "XINGLIN_TOTP_REQUIRED", "1",
    "人员与三员须用动态口令，演示可关", "Staff, leaders, supervisors, administrations need a second factor",
) and not (TESTING and "XINGLIN_TOTP_REQUIRED" not in os.environ)  # fmt: skip

# Sign-in by another house --------------------------------------------------------------------------------------
SOCIALACCOUNT_ADAPTER = "xinglin.directory.security.adapters.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_SERVER = option(
    "XINGLIN_OIDC_SERVER", "", "统一身份认证（OIDC）地址，空则不用", "Address of an OpenID Connect provider"
)
OIDC_CLIENT = option("XINGLIN_OIDC_CLIENT", "", "OIDC 客户端标识", "OpenID Connect client id")
OIDC_SECRET = option("XINGLIN_OIDC_SECRET", "", "OIDC 客户端密钥", "OpenID Connect client secret")
OIDC_NAME = option("XINGLIN_OIDC_NAME", "统一身份认证", "OIDC 登录按钮文字", "Words on the OpenID Connect button")
WEIXIN_ID = option("XINGLIN_WEIXIN_ID", "", "微信开放平台 AppID，空则不用", "WeChat open platform app id")
WEIXIN_SECRET = option("XINGLIN_WEIXIN_SECRET", "", "微信开放平台 AppSecret", "WeChat open platform secret")
XINGLIN_OIDC_TRUST_EMAIL = SOCIALACCOUNT_EMAIL_AUTHENTICATION = flag(
    "XINGLIN_OIDC_TRUST_EMAIL",
    "0",
    "OIDC 已验证的邮箱相同即视为同一人",
    "An e-mail verified by the provider names the account",
)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = XINGLIN_OIDC_TRUST_EMAIL
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [{
            "provider_id": "oidc", "name": OIDC_NAME, "client_id": OIDC_CLIENT, "secret": OIDC_SECRET,
            "settings": {"server_url": OIDC_SERVER, "oauth_pkce_enabled": True},
        }],
    }  # fmt: skip
if WEIXIN_ID:
    SOCIALACCOUNT_PROVIDERS["weixin"] = {
        "APPS": [{"name": str(_("WeChat")), "client_id": WEIXIN_ID, "secret": WEIXIN_SECRET}],
    }


def _origin(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])


# Headers --------------------------------------------------------------------------------------------------------
# A form that leads to a provider is redirected there, which browsers hold against form-action.
FORM_TARGETS = [
    SELF,
    *([_origin(OIDC_SERVER)] if OIDC_SERVER else []),
    *(["https://open.weixin.qq.com"] if WEIXIN_ID else []),
]
# Live streams and recordings come from the association's streaming service; the player puts them together as blobs.
STREAMS = words(
    "XINGLIN_STREAMS", "", "直播、回放服务的来源，如 https://live.example.org", "Origins of the streaming service"
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *STREAMS],
        "media-src": [SELF, "blob:", *STREAMS],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": FORM_TARGETS,
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "xinglin.shell.web.failures.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
