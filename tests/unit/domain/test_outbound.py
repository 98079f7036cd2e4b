"""Which addresses and URLs requests may go to on somebody's behalf."""

import pytest

from shared.domain.outbound import OutboundFailed, destination, is_public


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"]
)
def test_public_addresses_are_spoken_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("100.64.0.1", "100.100.100.200", "100.127.255.255"),  # carrier-grade NAT, and a cloud's metadata in it
        *("169.254.169.254", "169.254.170.2", "169.254.0.1", "168.63.129.16"),  # link-local: metadata of clouds
        *("192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:1.1.1.1", "::10.0.0.1"),  # IPv4 in IPv6
        *(
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
            "2002:101:101::1",
            "2001:0:a00:1::1",
        ),  # NAT64, 6to4, Teredo
        *("2001:db8::1", "2001:10::1", "3fff::1", "100::1", "5f00::1"),
        *("", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "1.1.1.1 "),
    ],
)
def test_all_other_addresses_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://mcp.example.com/", "scheme_refused"),
        ("ftp://mcp.example.com/", "scheme_refused"),
        ("file:///etc/passwd", "scheme_refused"),
        ("mcp.example.com", "scheme_refused"),
        ("", "scheme_refused"),
        ("https://", "url_refused"),
        ("https:///path", "url_refused"),
        ("https://mcp.example.com:99999/", "url_refused"),
        ("https://[::1/", "url_refused"),
        ("https://mcp.example.com/a b", "url_refused"),
        ("https://mcp.example.com\\@10.0.0.1/", "url_refused"),
        ("https://user:pass@mcp.example.com/", "userinfo_refused"),
        ("https://@mcp.example.com/", "userinfo_refused"),
        ("https://mcp.example.com:22/", "port_refused"),
        ("https://mcp.example.com:0/", "port_refused"),
    ],
)
def test_a_url_that_is_not_spoken_to_says_why(url: str, code: str) -> None:
    with pytest.raises(OutboundFailed) as refused:
        destination(url)

    assert refused.value.code == code


def test_a_destination_is_host_port_and_target() -> None:
    wanted = destination("https://MCP.example.com:8443/mcp?org=a#part")

    assert (wanted.host, wanted.port, wanted.target) == ("mcp.example.com", 8443, "/mcp?org=a")
    assert destination("https://mcp.example.com").target == "/"
