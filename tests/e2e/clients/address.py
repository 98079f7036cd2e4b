"""Where a caller finds everything, as the lines that clients are given name it."""

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses of `/delivery/links` and of the deployment; `token` is a delivery token of its own."""

    origin: str
    org: str
    git: str
    json: str
    skills: str
    registry: str
    token: str

    def fill(self, text: str) -> str:
        """`text` with every `$name` of the table below in it."""
        _, _, host = self.origin.partition("://")
        return Template(text).safe_substitute(
            origin=self.origin,
            host=host,
            hostname=host.partition(":")[0],
            org=self.org,
            git=self.git,
            git_with_token=self._with_user(self.git),
            json=self.json,
            json_with_token=self._with_user(self.json),
            skills=self.skills,
            registry=self.registry,
            opencode=f"{self.origin}/o/{self.org}",
            npm=f"{self.origin}/npm/{self.org}/",
            npm_place=f"//{host}/npm/{self.org}/",
            token=self.token,
        )

    def _with_user(self, url: str) -> str:
        return url.replace("://", f"://depot:{self.token}@", 1)
