"""The two pages that a person sees who comes back from installing the app: the question, and the answer."""

from html import escape
from typing import Final

from shared.domain.connector import ConnectorAccount
from shared.domain.organization import Organization
from shared.services.app_installs import Question

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAME: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title} · Plugin Depot</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1rem}}</style>
<h1>{title}</h1>
{content}
</html>
"""


def question_page(question: Question) -> str:
    """Names the org and who asks: a person who followed somebody else's link sees whom it would serve."""
    login, org = escape(question.installation.login), escape(question.organization.name)
    starter = escape(question.starter.email or question.starter.display_name)
    slug = escape(question.organization.slug)
    content = f"""<p><strong>{org}</strong> (<code>{slug}</code>) will read the repositories that the installation on
<strong>{login}</strong> was given: {_selection(question)}.</p>
<p>This was started by <strong>{starter}</strong>. If that is not you, or nobody whom you know, close this page.</p>
<form method="post"><input type="hidden" name="ticket" value="{escape(question.ticket)}">
<button>Connect {login} to {org}</button></form>"""
    return _FRAME.format(title=f"Connect {login}?", content=content)


def connected_page(account: ConnectorAccount, organization: Organization) -> str:
    content = f"""<p>{escape(organization.name)} may now read it as <code>{escape(account.id)}</code>.
You can close this page.</p>
<p>To undo this, uninstall the app at GitHub, or have an admin disconnect the account.</p>"""
    return _FRAME.format(title=f"{escape(account.login)} is connected", content=content)


def waiting_page() -> str:
    content = "<p>An owner of the GitHub organization has to approve the app. Start the installation again then.</p>"
    return _FRAME.format(title="Requested", content=content)


def _selection(question: Question) -> str:
    return "all of them" if question.installation.repository_selection == "all" else "the selected ones"
