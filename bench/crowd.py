"""A crowd: people with a connection each who click at given moments, and how long each waited for an answer."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PATIENCE = 60  # seconds after which an answer does not come any more


@dataclass(frozen=True, kw_only=True)
class Click:
    """One request and its answer: `waited` counts from the moment at which the person meant to click."""

    status: int
    head: bytes
    body: bytes
    waited: float
    ended: float


class _Asking(asyncio.Protocol):
    def __init__(self, request: bytes, done: "asyncio.Future[bytes]") -> None:
        self.request, self.done, self.got = request, done, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head) and not self.done.done():
            self.done.set_result(self.got)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(b"")


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def post(*, path: str, body: str, header: str = "") -> bytes:
    """Return a request as bytes."""
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{header}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def get(*, path: str, header: str = "") -> bytes:
    """Return a request for a page as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{header}\r\n".encode()


async def _click(port: int, request: bytes, meant: float) -> Click:
    loop = asyncio.get_running_loop()
    for _ in range(3):
        done: asyncio.Future[bytes] = loop.create_future()
        try:
            await loop.create_connection(lambda done=done: _Asking(request, done), "127.0.0.1", port)
            got = await asyncio.wait_for(done, PATIENCE)
        except OSError:  # a time-out is one
            got = b""
        if got:
            break
    now = time.perf_counter()
    head, _sep, body = got.partition(b"\r\n\r\n")
    return Click(status=int(head[9:12]) if head else 0, head=head, body=body, waited=now - meant, ended=now)


async def ask(port: int, request: bytes) -> Click:
    """Send one request now."""
    return await _click(port, request, time.perf_counter())


async def _arrive(port: int, requests: Sequence[bytes], seconds: float) -> tuple[float, list[Click]]:
    begun, tasks = time.perf_counter(), []
    for place, request in enumerate(requests):
        meant = begun + seconds * place / len(requests)
        if (early := meant - time.perf_counter()) > 0.001:
            await asyncio.sleep(early)
        tasks.append(asyncio.ensure_future(_click(port, request, meant)))
    return begun, list(await asyncio.gather(*tasks))


async def _keep_asking(port: int, requests: Sequence[bytes], at_once: int) -> tuple[float, list[Click]]:
    waiting, clicks, begun = iter(requests), list[Click](), time.perf_counter()

    async def one() -> None:
        for request in waiting:
            clicks.append(await _click(port, request, time.perf_counter()))

    await asyncio.gather(*(one() for _ in range(at_once)))
    return begun, clicks


def arrive(*, port: int, requests: Sequence[bytes], seconds: float) -> tuple[float, list[Click]]:
    """Let everybody click once, evenly over so many seconds; return when it began and what each met."""
    return asyncio.run(_arrive(port, requests, seconds))


def keep_asking(*, port: int, requests: Sequence[bytes], at_once: int) -> tuple[float, list[Click]]:
    """Send the requests with so many under way at any moment."""
    return asyncio.run(_keep_asking(port, requests, at_once))


def at(part: float, waited: Sequence[float]) -> float:
    """Return the wait that so much of all stay below, in milliseconds."""
    ordered = sorted(waited)
    return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def line(what: str, clicks: Sequence[Click], only: Callable[[Click], bool]) -> str:
    """Return p50, p95 and p99 of some clicks."""
    waited = [one.waited for one in clicks if only(one)]
    return f"{what} {len(waited):,}: p50 {at(.5, waited):.0f} p95 {at(.95, waited):.0f} p99 {at(.99, waited):.0f} ms"
