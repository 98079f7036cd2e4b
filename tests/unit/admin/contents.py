"""Content that tests hand in."""

from typing import Any

SKILL = "---\nname: deploy\ndescription: Deploys a service to production, step by step.\n---\n# Deploy\n\nCarefully.\n"
AGENT = "---\nname: reviewer\ndescription: Reviews changes.\n---\nYou review changes.\n"


def skill(text: str = SKILL, **more: Any) -> dict[str, Any]:
    """The body that creates a skill; `more` are fields beside its input."""
    return {"type": "skill", "input": {"rawSourceText": text}, **more}
