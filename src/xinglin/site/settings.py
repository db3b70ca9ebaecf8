"""Django's settings, assembled from the declared options."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from xinglin.lib.secret_files import kept_secret
from xinglin.site import database
from xinglin.site.options import OPTIONS, flag, number, option, path, words
from xinglin.site.security import *  # noqa: F403  sign-in, sessions, rates, headers

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]

VAR = path("XINGLIN_VAR", str(ROOT / "var"), "数据目录：数据库、文件、密钥", "Folder of database, files and keys")
VAR.mkdir(parents=True, exist_ok=True)
DEBUG = flag("XINGLIN_DEBUG", "0", "调试模式，正式运行须关", "Debug mode, never in production")
TESTING = "PYTEST_VERSION" in os.environ


def _secret() -> str:
    """Return the installation's secret, made once and kept in the data folder."""
    given = option("XINGLIN_SECRET", "", "会话签名密钥，空则自动生成", "Session signing secret, made when empty")
    if given:
        return given
    return kept_secret(file=VAR / "secret", make=lambda: os.urandom(48).hex().encode()).decode()


SECRET_KEY = _secret()
ALLOWED_HOSTS = words("XINGLIN_HOSTS", "127.0.0.1,localhost,[::1]", "允许访问的主机名", "Host names served")
CSRF_TRUSTED_ORIGINS = words(
    "XINGLIN_ORIGINS", "", "代理之外的来源，如 https://xh.example.org", "Trusted origins behind a proxy"
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "axes",
    "xinglin.directory.security",  # before the sign-in library, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
    "django_tasks",
    "django_tasks_db",
    "xinglin.kernel",
    "xinglin.shell",
    "xinglin.shell.openledger",
    "xinglin.shell.operations",
    "xinglin.directory",
    "xinglin.mechanics.presence",
    "xinglin.mechanics.booking",
    "xinglin.mechanics.questionnaires",
    "xinglin.mechanics.transfers",
    "xinglin.engines.events",
    "xinglin.engines.learning",
    "xinglin.engines.membership",
    "xinglin.engines.worklog",
    "xinglin.flows",
    "xinglin.plans",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "xinglin.directory.security.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xinglin.shell.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "xinglin.directory.security.middleware.SessionRules",
    "xinglin.directory.security.middleware.Rates",
    "xinglin.directory.security.middleware.Gates",
    "xinglin.shell.middleware.Shell",
]

ROOT_URLCONF = "xinglin.site.urls"
WSGI_APPLICATION = "xinglin.site.wsgi.application"
DATABASES = {
    "default": database.connection(
        address=option(
            "XINGLIN_DATABASE",
            "sqlite:///xinglin.sqlite3",
            "数据库地址，sqlite:///文件 或 postgresql://…",
            "Database address, sqlite:///file or postgresql://…",
        ),
        root=VAR,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "directory.Account"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(PACKAGE.glob("**/web/templates")),  # screens live with their engine
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xinglin.shell.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n", "django.templatetags.static", "xinglin.shell.templatetags.x",
            ],
        },
    }
]

# Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = option("XINGLIN_TIME_ZONE", "Asia/Shanghai", "时区", "Time zone")
USE_TZ = True
FORMAT_MODULE_PATH = ["xinglin.shell.formats"]

# Static files: installed by npm, served by the application --------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    ("vendor/tabler", ROOT / "node_modules/@tabler/core/dist"),
    ("vendor/echarts", ROOT / "node_modules/echarts/dist"),
    ("vendor/htmx", ROOT / "node_modules/htmx.org/dist"),
    ("vendor/hls", ROOT / "node_modules/hls.js/dist"),
    ("vendor/qr", ROOT / "node_modules/qr"),  # square codes where the browser reads none itself
    ("vendor/ed25519", ROOT / "node_modules/@noble/ed25519"),  # signatures of tickets, also where WebCrypto is old
]
# Files: a local folder, or a bucket of any S3-compatible store. One content has one name, so writing overwrites.
# Icons are inlined into the pages, not served.
ICONS = ROOT / "node_modules/@tabler/icons/icons/outline"
# The application serves its own static files, found once when it starts; no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = VAR / "files"
XINGLIN_FILE_MB = number("XINGLIN_FILE_MB", "100", "单个文件上限（MB）", "Largest file taken, in MB")
S3_BUCKET = option("XINGLIN_S3_BUCKET", "", "S3 桶名，空则存本机 files/", "S3 bucket; empty keeps files in files/")
S3_OPTIONS = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": option("XINGLIN_S3_ENDPOINT", "", "S3 服务地址", "S3 endpoint address") or None,
    "region_name": option("XINGLIN_S3_REGION", "", "S3 区域", "S3 region") or None,
    "access_key": option("XINGLIN_S3_KEY", "", "S3 访问标识", "S3 access key") or None,
    "secret_key": option("XINGLIN_S3_SECRET", "", "S3 访问密钥", "S3 secret key") or None,
    "file_overwrite": True,
    "default_acl": None,
}
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3_OPTIONS}
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Tasks and mail --------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_HOST = option("XINGLIN_SMTP_HOST", "", "发信服务器，空则写入数据目录 mail/", "SMTP server; empty writes to mail/")
EMAIL_PORT = number("XINGLIN_SMTP_PORT", "25", "发信端口", "SMTP port")
EMAIL_HOST_USER = option("XINGLIN_SMTP_USER", "", "发信账号", "SMTP user")
EMAIL_HOST_PASSWORD = option("XINGLIN_SMTP_PASSWORD", "", "发信密码", "SMTP password")
EMAIL_USE_TLS = flag("XINGLIN_SMTP_TLS", "0", "STARTTLS", "STARTTLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = option("XINGLIN_MAIL_FROM", "xinglin@localhost", "发信地址", "Sender address")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"

# The house ------------------------------------------------------------------------------------------------
XINGLIN_LEDGER_HASH = option(
    "XINGLIN_LEDGER_HASH",
    "sha256",
    "账本摘要算法 sha256 或 sm3，建账后不可改",
    "Ledger digest, sha256 or sm3; fixed once begun",
)
XINGLIN_ORIGIN = option(
    "XINGLIN_ORIGIN",
    "xinglin.local/ledger",
    "账本名称，写进每个检查点",
    "Name of the ledger, written into each checkpoint",
)
XINGLIN_URL = option(
    "XINGLIN_URL", "http://127.0.0.1:8000", "站点对外地址，写进通知", "Public address of the site, printed in notices"
)
XINGLIN_SMS = option(
    "XINGLIN_SMS", "xinglin.kernel.notices.sms.ConsoleSms", "短信通道的类路径", "Dotted path of the SMS gateway"
)
XINGLIN_OPEN_PLAN = flag(
    "XINGLIN_OPEN_PLAN", "0", "首页以本年计划的一项任务作例", "The first page shows one task of the plan as an example"
)
XINGLIN_PAYMENT = option(
    "XINGLIN_PAYMENT", "", "支付服务，空为不用，simulator 为本机模拟", "Payment service: empty for none, or simulator"
)
XINGLIN_NAME = option("XINGLIN_NAME", "", "机构名称", "Name of the association")
XINGLIN_OPTIONS = OPTIONS  # docs/settings.md is written from here
REGULATIONS = ROOT / "regulations"
PROGRAMMES = ROOT / "programmes"
XINGLIN_CIPHER = option(
    "XINGLIN_CIPHER",
    "aes",
    "敏感字段的加密算法：aes（AES-256-GCM）或 sm4（SM4-GCM）",
    "Cipher of sealed fields: aes (AES-256-GCM) or sm4 (SM4-GCM)",
)
XINGLIN_KEYRING = option(
    "XINGLIN_KEYRING",
    "",
    "字段密钥文件，空则在数据目录 keys/fields.json 自动生成",
    "Key file of sealed fields; empty makes keys/fields.json in the data folder",
)
