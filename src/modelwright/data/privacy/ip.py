"""Internet addresses, of both versions."""

from __future__ import annotations

import ipaddress

from modelwright.data.privacy.detector import Detector


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


DETECTOR = Detector(
    kind="ip",
    title="IP addresses",
    pattern=r"^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)(?:/\d{1,3})?$",
    valid=_is_address,
    words="ip ip_address ipv4 ipv6 ipaddr remote_addr client_ip src_ip dst_ip",
    alone=0.9,
    strength=0.95,
)
