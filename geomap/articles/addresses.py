"""Addresses: no URL of a stranger may reach this machine or its network."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import weakref
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from geomap.limits import ReadingLimits

__all__ = ["PrivateAddressError", "guarded_session", "hang_up", "is_public"]

# Answers after which the same question may be put again.
RETRY_STATUS = (429, 502, 503, 504)
BACKOFF_S = 0.5

# RFC 6052: an IPv4 address written as IPv6.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


_connections: weakref.WeakSet[_Watched] = weakref.WeakSet()


class PrivateAddressError(NewConnectionError):
    """The name of a server stands for an address that is not on the internet."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is on the internet.

    Parameters
    ----------
    address
        IPv4 or IPv6, as text.

    Returns
    -------
    bool
        ``False`` for private, local, shared, reserved and multicast ones (the
        registries of IANA, as Python keeps them), also when they are written
        as IPv6 (mapped, 6to4, Teredo, NAT64).

    Examples
    --------
    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        inner = [found.sixtofour, *(found.teredo or ())]
        if found in NAT64:
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF))
        if not all(is_public(str(one)) for one in inner if one is not None):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def guarded_session(limits: ReadingLimits, *, agent: str) -> requests.Session:
    """Make a session that connects to public addresses only.

    The address is looked at after each look-up of a name, at the moment of
    connecting, so that neither a redirection nor a name that changes its
    address between two look-ups gets round it. Proxies, ``.netrc`` and other
    settings of the environment are not used.

    Parameters
    ----------
    limits
        Gives retries, and whether private addresses are allowed.
    agent
        The user agent.

    Returns
    -------
    requests.Session
        Which follows no redirection by itself.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = agent
    retry = Retry(
        total=limits.fetch_retries, redirect=False, backoff_factor=BACKOFF_S,
        status_forcelist=RETRY_STATUS, raise_on_status=False,
        # A server may not say how long we wait.
        respect_retry_after_header=False,
    )  # fmt: skip
    adapter = _GuardedAdapter(max_retries=retry)
    adapter.poolmanager.pool_classes_by_scheme = (
        {"http": _OpenHTTPPool, "https": _OpenHTTPSPool}
        if limits.allow_private_addresses
        else {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def hang_up() -> None:
    """Break off all connections of this process's sessions, whatever they wait for."""
    for connection in list(_connections):
        stream: socket.socket | None = getattr(connection, "sock", None)
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class _Watched:
    """A connection that can be hung up from outside while its server dawdles."""

    def _new_conn(self) -> socket.socket:
        _connections.add(self)
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        return connection


class _Guard(_Watched):
    """Connects only where all addresses of a name are public, to one that was looked at."""

    def _new_conn(self) -> socket.socket:
        this: Any = self
        try:
            addresses = _addresses(this.host.strip("[]"), this.port)
        except (OSError, UnicodeError) as err:
            raise NewConnectionError(this, f"no address of {this.host} ({err})") from err
        hidden = [address for address in addresses if not is_public(address)]
        if hidden or not addresses:
            msg = f"{this.host} is at {hidden[:1]}, which is not on the internet"
            raise PrivateAddressError(this, msg)
        # urllib3 connects to this name, and speaks of the other.
        this._dns_host = addresses[0]  # noqa: SLF001 - its documented seam for look-ups
        connection = super()._new_conn()
        if not is_public(str(connection.getpeername()[0])):
            connection.close()
            raise PrivateAddressError(this, f"{this.host} is not on the internet")
        return connection


class _GuardedHTTP(_Guard, HTTPConnection):
    pass


class _GuardedHTTPS(_Guard, HTTPSConnection):
    pass


class _OpenHTTP(_Watched, HTTPConnection):
    pass


class _OpenHTTPS(_Watched, HTTPSConnection):
    pass


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _OpenHTTPPool(HTTPConnectionPool):
    ConnectionCls = _OpenHTTP


class _OpenHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _OpenHTTPS


class _GuardedAdapter(HTTPAdapter):
    def proxy_manager_for(self, *_: Any, **__: Any) -> Any:
        """Refuse proxies, which would connect for us to where we may not."""
        msg = "no proxy is used"
        raise requests.exceptions.ProxyError(msg)
