"""Where people meet GitHub: the web site that belongs to an API, and the page on it where the app is installed."""

import pytest

from shared.connectors.github.user_proof import web_url_of


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.github.com/", "https://github.com"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("https://github.acme.example/api/v3", "https://github.acme.example"),
        ("https://github.acme.example:8443/api/v3/", "https://github.acme.example:8443"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
    ],
)
def test_a_web_site_follows_from_the_address_of_its_api(api: str, web: str) -> None:
    assert web_url_of(api) == web


@pytest.mark.parametrize(
    "api",
    [
        "https://api.example.com/api/v3",
        "https://api.github.com.example.com/api/v3",
        "https://apigithub.com/api/v3",
        "https://api.ghe.com.example.com/api/v3",
    ],
)
def test_a_server_that_only_looks_like_github_is_taken_for_a_server_of_its_own(api: str) -> None:
    assert web_url_of(api) == api.removesuffix("/api/v3")
