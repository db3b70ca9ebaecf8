"""The command line: `xinglin SUBJECT …`, help in Chinese and English."""

import argparse
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 found wrong, 2 misused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    parser = build_parser()
    given = parser.parse_args(arguments)
    if not getattr(given, "run", None):
        parser.print_help()
        return 2
    try:
        return int(given.run(given) or 0)
    except BrokenPipeError:  # the reader, `| head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EOFError:
        return _misused("要在终端里输入 / this asks for something at the terminal")
    except Exception:
        if words := _without_tables():
            return _misused(words)
        raise


def _misused(words: str) -> int:
    print(words, file=sys.stderr)
    return 2


def _without_tables() -> str:
    """Say that there are no tables yet, when the command had got as far as asking for them."""
    if "django.db" not in sys.modules:
        return ""
    from .earlier import unmade  # noqa: PLC0415  `xinglin plan read` does not wait for Django

    return unmade()


def build_parser() -> argparse.ArgumentParser:
    """Assemble the commands of every subject."""
    # Imported here so that `xinglin plan read` does not wait for Django.
    from .commands import administration, documents, keeping, ledger, people, plans, scaffold, serving  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="xinglin",
        description="杏林：医学会、医师协会、医院协会的开放运行平台 / "
        "the open operating platform of a medical association",
    )
    subjects = parser.add_subparsers(title="命令 / commands", metavar="COMMAND")
    for module in (serving, plans, ledger, people, administration, keeping, documents, scaffold):
        module.add(subjects)
    _describe(parser)
    return parser


def _describe(parser: argparse.ArgumentParser) -> None:
    """Give each command's own help the words its parent's list has, and headings in both languages."""
    parser._positionals.title, parser._optionals.title = "参数 / arguments", "选项 / options"
    for one in parser._actions:
        if isinstance(one, argparse._SubParsersAction):
            said = {choice.dest: choice.help for choice in one._choices_actions}
            for name, child in one.choices.items():
                child.description = child.description or said.get(name)
                _describe(child)
        elif isinstance(one, argparse._HelpAction):
            one.help = "看用法 / show this help"


if __name__ == "__main__":
    sys.exit(main())
