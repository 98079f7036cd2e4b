"""Says what is running and what to try; every command can be pasted as it stands."""

import shutil

from local.progress import say
from local.state import State
from local.synth import ROOT


def show(state: State) -> None:
    """Print the addresses, the tokens and a few commands."""
    stack = state.stack()
    org = f"{stack['baseUrl']}/v1/orgs/{stack['orgSlug']}"
    say()
    say(f"Plugin Depot is running at {stack['baseUrl']}  (API: {stack['baseUrl']}/docs)")
    say(f"  owner token     {stack['ownerToken']}")
    say(f"  delivery token  {stack['deliveryToken']}")
    say(f"  for scripts     {state.stack_file}")
    say()
    say("What the sample became:")
    say(f"  curl -s -H 'Authorization: Bearer {stack['ownerToken']}' '{org}/config-objects?limit=20'")
    say("What a client is given:")
    manifest = f"{org}/delivery/plugins/{stack['pluginId']}/manifest"
    say(f"  curl -s -H 'Authorization: Bearer {stack['deliveryToken']}' '{manifest}'")
    say("The same, as the git repository that agent clients install from:")
    say(f"  git ls-remote {stack['marketplaceGitUrl']}")
    say("In Claude Code:")
    claude = "claude" if shutil.which("claude") else "npx --yes @anthropic-ai/claude-code"
    say(f"  {claude} plugin marketplace add {stack['marketplaceGitUrl']}")
    say(f"  {claude} plugin install engineering-reviews@{stack['orgSlug']}")
    say("Change the sample and watch the change arrive:")
    say(f"  {_make(state)} push")
    say()


def _make(state: State) -> str:
    """The make command that reaches this stack from anywhere below the project."""
    return "make" if state.folder == ROOT / ".local" else f"make STATE={state.folder}"
