"""The facts of account security; none is promised in a plan."""

from datetime import date

from xinglin.kernel.facts import Fact, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _words(zh: str, en: str) -> Vocabulary:
    return Vocabulary(zh=zh, en=en, countable=False)


@states("security.account.opened", _words("账号已开", "Account opened"))
class AccountOpened(Fact):
    """An account was opened for a person or for an administration; it is not yet activated."""

    account: Ref
    purpose: Code
    person: Ref | None = None


@states("security.account.activated", _words("账号已激活", "Account activated"))
class AccountActivated(Fact):
    """The owner proved who they are by a document and a code and set a password (or the house opened it so)."""

    account: Ref
    way: Code


@states("security.account.stopped", _words("账号已停用", "Account stopped"))
class AccountStopped(Fact):
    """A clerk stopped an account; nobody can sign in by it."""

    account: Ref
    reason: Code


@states("security.account.resumed", _words("账号已恢复", "Account resumed"))
class AccountResumed(Fact):
    """A stopped account may be used again."""

    account: Ref


@states("security.account.shut_out", _words("账号因多次输错被锁", "Account shut out"))
class AccountShutOut(Fact):
    """Too many wrong passwords: the account is shut out for a while."""

    account: Ref
    tries: int
    minutes: int


@states("security.account.let_in", _words("账号已解锁", "Account let in"))
class AccountLetIn(Fact):
    """A shut-out was lifted before its time."""

    account: Ref


@states("security.account.readdressed", _words("登录联系方式已更改", "Account readdressed"))
class AccountReaddressed(Fact):
    """The e-mail address or mobile number of an account changed; the number itself is in no fact."""

    account: Ref
    what: Code


@states("security.password.changed", _words("密码已更换", "Password changed"))
class PasswordChanged(Fact):
    """An account has a new password: set by its owner, at activation or after recovery."""

    account: Ref
    way: Code


@states("security.password.voided", _words("密码已作废", "Password voided"))
class PasswordVoided(Fact):
    """A clerk voided a password: the owner recovers the account by e-mail or mobile."""

    account: Ref


@states("security.factor.added", _words("登录凭证已绑定", "Second factor added"))
class FactorAdded(Fact):
    """A second factor, or the sign-in of another house, was bound to an account."""

    account: Ref
    kind: Code


@states("security.factor.removed", _words("登录凭证已解绑", "Second factor removed"))
class FactorRemoved(Fact):
    """A second factor, or the sign-in of another house, was taken off, by the owner or by a clerk."""

    account: Ref
    kind: Code


@states("security.grant.given", _words("管理权已授予", "Administration granted"), annexed=("reason",))
class GrantGiven(Fact):
    """One of the three administrations was given to an account."""

    grant: Ref
    account: Ref
    role: Code
    from_on: date
    until_on: date | None = None
    reason: str = ""


@states("security.grant.ended", _words("管理权已收回", "Administration withdrawn"))
class GrantEnded(Fact):
    """An administration was withdrawn from an account."""

    grant: Ref
    account: Ref
    role: Code
    until_on: date


@states("directory.field.unmasked", _words("敏感字段已查看", "Sensitive field unmasked"), annexed=("words",))
class FieldUnmasked(Fact):
    """Somebody read a masked number in full and said why."""

    subject: Ref
    field: Code
    reason: Code
    words: str = ""


@states("security.export.asked", _words("敏感数据导出已申请", "Sensitive export asked for"), annexed=("reason",))
class ExportAsked(Fact):
    """Somebody asked to export sensitive columns."""

    request: Ref
    export: Code
    columns: tuple[Code, ...]
    rows: int
    reason: str = ""


@states("security.export.approved", _words("敏感数据导出已核准", "Sensitive export approved"))
class ExportApproved(Fact):
    """A second person approved the export; it may be fetched once, within hours."""

    request: Ref
    hours: int


@states("security.export.declined", _words("敏感数据导出已退回", "Sensitive export declined"))
class ExportDeclined(Fact):
    """A second person declined the export."""

    request: Ref


@states("security.export.fetched", _words("敏感数据已导出", "Sensitive export fetched"))
class ExportFetched(Fact):
    """The approved export was downloaded, once."""

    request: Ref
    rows: int


@states("security.log.closed", _words("当日安全日志已封存", "Security log closed"))
class LogClosed(Fact):
    """The security log of a day was closed: how many lines it has and the digest of the last one."""

    day: date
    last: int
    lines: int
    link: Code


@states("security.log.shortened", _words("到期安全日志已清除", "Security log shortened"))
class LogShortened(Fact):
    """Lines older than the time of keeping were dropped, up to a number; later links still verify."""

    until: int
    lines: int


@states("security.key.made", _words("字段密钥已更换", "Field key made"))
class KeyMade(Fact):
    """A new key became the current one for sealed fields, or for their blind indexes (cipher hmac)."""

    key: Code
    cipher: Code


@states("security.key.retired", _words("旧字段密钥已停用", "Field key retired"))
class KeyRetired(Fact):
    """A key that no row needs any more was taken out of the key file."""

    key: Code
