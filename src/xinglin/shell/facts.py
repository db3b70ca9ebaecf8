"""The facts of the shell: who took which list out of the house."""

from xinglin.kernel.facts import Fact, Vocabulary, states
from xinglin.kernel.refs import Code


@states("shell.list.exported", Vocabulary(zh="名单已导出", en="List exported", countable=False))
class ListExported(Fact):
    """Somebody took the rows of a list out of the house as a file."""

    list: Code
    rows: int
    format: Code
    # Conditions narrowed the list, or all of it went out.
    narrowed: bool = False
    # Columns with sensitive values went out unmasked, after a second person agreed.
    sensitive: bool = False
