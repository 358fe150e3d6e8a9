"""Transport: one polite request for a file (httpx), and what each way of failing means.

Redirects are followed here, not by httpx: at most five, never from https to http, and keys go to the first
address only. Certificates are those of the system. The rest of a file is asked for by `crosscut.ledger.
sources.download`, which owns resumption; this module only says whether another try may mend a failure.
"""

from __future__ import annotations

import errno
import random
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from crosscut.base.errors import Problem, UserError
from crosscut.base.machine import now

if TYPE_CHECKING:
    import httpx

AGAIN = frozenset({408, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ETIMEDOUT})

Done = TypeVar("Done")
Failure = TypeVar("Failure", bound=BaseException)


@dataclass(frozen=True)
class Manners:
    """How patient and how polite: seconds, tries and bytes a second."""

    gap: float = 1.0
    tries: int = 6
    most_tries: int = 60
    first_wait: float = 1.0
    longest_wait: float = 60.0
    longest_obeyed: float = 900.0
    timeout: float = 30.0
    slowest: float = 512.0
    slow_after: float = 60.0


class Offline(UserError):
    """No network, or nobody at the address; what was there before stays."""


class TryAgainError(Exception):
    """A try that failed in a way that another one may mend; `wait` is what the server asked for, in
    seconds."""

    def __init__(self, why: str, wait: float | None = None, offline: bool = False) -> None:
        super().__init__(why)
        self.wait, self.offline = wait, offline


def patiently(attempt: Callable[[], Done], progressed: Callable[[], int], manners: Manners, url: str) -> Done:
    """What `attempt` returns, tried again where it raises `TryAgainError`.

    Waits double, with jitter, or are those that the server asks for. Tries are counted anew whenever
    something arrived.

    Parameters
    ----------
    attempt
        One try.
    progressed
        Bytes that have arrived so far.
    manners
        How often, and how long to wait.
    url
        What is asked for, for messages.

    Raises
    ------
    TryAgainError
        The last one.
    UserError
        Where the server asks for a longer wait than is obeyed.
    """
    import tenacity

    failures, before = 0, progressed()

    def count(_: tenacity.RetryCallState) -> None:
        nonlocal failures, before
        now = progressed()
        failures = 1 if now > before else failures + 1
        before = now

    def wait(state: tenacity.RetryCallState) -> float:
        asked = _error_of(state).wait
        if asked is None:
            return random.uniform(0.5, 1.0) * min(
                manners.longest_wait, manners.first_wait * 2.0 ** (failures - 1)
            )
        if asked > manners.longest_obeyed:
            what = f"{host_of(url)} asks to wait {asked:,.0f} s"
            raise UserError(Problem(what, url, "the same command after that time"))
        return asked

    def enough(state: tenacity.RetryCallState) -> bool:
        most = 2 if _error_of(state).offline else manners.tries
        return failures >= most or state.attempt_number >= manners.most_tries

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(TryAgainError),
        after=count,
        wait=wait,
        stop=enough,
        sleep=lambda seconds: time.sleep(seconds),
        reraise=True,
    )(attempt)


def _error_of(state: object) -> TryAgainError:
    error: TryAgainError = state.outcome.exception()  # type: ignore[attr-defined]
    return error


class Transport:
    """Requests, one at a time, with a gap between those to one host."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self._last: dict[str, float] = {}

    @contextmanager
    def answer(
        self, url: str, headers: Mapping[str, str], secrets: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """The answer to a GET, its body not yet read; whatever its status, redirects followed.

        Raises TryAgainError or UserError for whatever goes wrong on the way or while the body is read.
        """
        import httpx

        try:
            with httpx.Client(verify=ssl.create_default_context(), timeout=self.manners.timeout) as client:
                more, here = dict(secrets), url
                for _ in range(MOST_REDIRECTS + 1):
                    self._keep_gap(here)
                    with client.stream("GET", here, headers={**headers, **more}) as response:
                        if response.status_code not in REDIRECTS or "location" not in response.headers:
                            yield response
                            return
                        here, more = redirected(here, response.headers["location"]), {}
                what = f"redirected more than {MOST_REDIRECTS} times"
                raise UserError(Problem(what, url, "the address of the file itself"))
        except (httpx.TransportError, httpx.InvalidURL) as e:
            raise _meaning(e, host_of(url)) from None

    def _keep_gap(self, url: str) -> None:
        host = host_of(url)
        left = self._last.get(host, float("-inf")) + self.manners.gap - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last[host] = time.monotonic()


def redirected(here: str, location: str) -> str:
    """Where a redirect leads. Raises UserError where it leaves the web, or https.

    >>> redirected("https://a.example/f", "/g")
    'https://a.example/g'
    """
    there = urljoin(here, location)
    schemes = ("https",) if urlsplit(here).scheme == "https" else ("https", "http")
    if urlsplit(there).scheme not in schemes:
        raise UserError(Problem(f"redirected to {there}", here, "an https address"))
    return there


def refusal(status: int, url: str, retry_after: str | None, has_key: bool) -> Exception:
    """What an answer that is no file means: TryAgainError, or UserError where asking again is of no use."""
    if status in AGAIN:
        return TryAgainError(f"the server answers {status}", seconds_of(retry_after))
    if status in (401, 403):
        what = "the key is not accepted" if has_key else "access is refused"
        return UserError(Problem(f"{what} ({status})", url, "a valid key" if has_key else "a public address"))
    if status in (404, 410):
        what = f"nothing is there any more ({status})"
        return UserError(Problem(what, url, "another release (--release) or address (--from)"))
    return UserError(Problem(f"the server answers {status}", url))


def seconds_of(retry_after: str | None) -> float | None:
    """Seconds in a Retry-After header, as a number or a date; None where it says nothing usable.

    >>> seconds_of("120"), seconds_of("soon")
    (120.0, None)
    """
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - now()).total_seconds())
    except (TypeError, ValueError):
        return None


def host_of(url: str) -> str:
    """Host and port.

    >>> host_of("http://127.0.0.1:9/f")
    '127.0.0.1:9'
    """
    return urlsplit(url).netloc


def _meaning(e: Exception, host: str) -> Exception:
    """A failure of httpx as one of ours: its causes say what the system met."""
    import httpx

    if unsafe := _cause(e, ssl.SSLError):
        return UserError(Problem(f"the connection is not safe ({unsafe.reason})", host))
    if isinstance(e, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return UserError(Problem(f"is no web address ({e})", host, "https://..."))
    system = _cause(e, OSError)
    nobody = isinstance(system, socket.gaierror | ConnectionRefusedError)
    offline = nobody or (system is not None and system.errno in UNREACHABLE)
    if isinstance(e, httpx.ConnectError):
        return TryAgainError(str(system or e), offline=offline)
    return TryAgainError(f"the connection broke off ({type(e).__name__})", offline=offline)


def _cause(e: BaseException | None, kind: type[Failure]) -> Failure | None:
    """The first of the causes of an error that is of a kind."""
    while e is not None:
        if isinstance(e, kind):
            return e
        e = e.__cause__ or e.__context__
    return None
