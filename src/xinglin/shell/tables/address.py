"""The address of a list: every condition stands in it, so that it can be kept, sent and returned to."""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict


class Address:
    """Reads and changes the query part of a list's address."""

    def __init__(self, *, request: HttpRequest, prefix: str) -> None:
        sent = request.POST.get("address") if request.method == "POST" else None
        query = QueryDict(sent, mutable=False) if sent is not None else request.GET
        self.path, self.prefix, self.given = request.path, prefix, query

    @property
    def own(self) -> QueryDict:
        """The parameters of this list without its prefix."""
        if not self.prefix:
            return self.given
        own = QueryDict(mutable=True)
        for name, values in self.given.lists():
            if name.startswith(f"{self.prefix}-"):
                own.setlist(name.removeprefix(f"{self.prefix}-"), values)
        return own

    def name(self, name: str) -> str:
        """Return a parameter's full name in the address."""
        return f"{self.prefix}-{name}" if self.prefix else name

    def with_(self, *, without: tuple[str, ...] = (), **changes: str) -> str:
        """Return the address with some parameters changed or taken out; pages start over unless asked for."""
        gone = {self.name(one) for one in (*without, *changes, "page")}
        pairs = [(name, value) for name, values in self.given.lists() if name not in gone for value in values
                 if value]
        pairs += [(self.name(name), str(value)) for name, value in changes.items() if value != ""]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def matches(self, query: str) -> bool:
        """Say whether these are the conditions of the address, whatever their order."""
        mine = QueryDict(query)
        return sorted(mine.lists()) == sorted((name, values) for name, values in self.given.lists() if name != "page")

    def others(self, *, without: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the remaining parameters as hidden fields of a form."""
        gone = {self.name(one) for one in (*without, "page")}
        return [(name, value) for name, values in self.given.lists() if name not in gone
                for value in values if value]

    @property
    def query(self) -> str:
        """The query part as it stands."""
        return self.given.urlencode()
