"""How often one person may ask in one process: cheap enough to be asked first."""


class Pace:
    """So many requests a second of each, and so many at once."""

    def __init__(self, *, each_second: float, at_once: int, most: int = 50_000) -> None:
        self.each_second, self.at_once, self.most = each_second, float(at_once), most
        self.seen: dict[str, tuple[float, float]] = {}

    def allows(self, who: str, *, now: float) -> bool:
        """Count one more request and say whether it is within the pace."""
        left, then = self.seen.get(who, (self.at_once, now))
        left = min(self.at_once, left + (now - then) * self.each_second)
        if len(self.seen) > self.most:
            self.seen = {}  # a crowd that large is paced by its queue
        self.seen[who] = (left - 1 if left >= 1 else left, now)
        return left >= 1
