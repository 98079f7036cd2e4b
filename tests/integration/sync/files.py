"""Small sources."""

import json

from local.github import File


def skill(name: str, text: str = "Do it well.") -> str:
    return f"---\nname: {name}\ndescription: How to {name}.\n---\n{text}\n"


def command(text: str) -> str:
    return f"---\ndescription: {text}\n---\n{text} $ARGUMENTS\n"


def servers(*names: str) -> str:
    return json.dumps({"mcpServers": {name: {"command": f"{name}-server"} for name in names}})


def skills(count: int, supporting: int = 0) -> dict[str, str | bytes | File | None]:
    """`count` skills, each with its script of its own and so many references."""
    files: dict[str, str | bytes | File | None] = {}
    for number in range(count):
        root = f"skills/skill-{number:04d}"
        files[f"{root}/SKILL.md"] = skill(f"skill-{number:04d}")
        for other in range(supporting):
            files[f"{root}/references/{other}.md"] = f"Reference {other} of skill {number}.\n"
    return files


BROKEN = "---\nname: [unclosed\n  : : :\n\t- nothing reads this\n---\n"
BOMB = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nBoom\n"
