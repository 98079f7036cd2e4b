"""The module that an npm package of a plugin's code is entered by: OpenCode loads it as one of its plugins."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

TOOLS: Final = "tools/"
"""Where the modules lie that give tools; those elsewhere are plugins of OpenCode."""

_NOT_IN_A_TOOLS_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")
"""Models refuse every request in which one tool is called otherwise."""

_SOURCE: Final = """\
// Made from the tools and code hooks of this plugin.
const tools = %(tools)s
const plugins = %(plugins)s

const join = (hooks, more) => {
  for (const [name, hook] of Object.entries(more ?? {})) {
    const before = hooks[name]
    if (before === undefined) hooks[name] = hook
    else if (typeof before === "function" && typeof hook === "function")
      hooks[name] = async (...given) => {
        await before(...given)
        await hook(...given)
      }
    else hooks[name] = { ...before, ...hook }
  }
  return hooks
}

const server = async (input, options) => {
  const hooks = {}
  const bring = async (path, take) => {
    try {
      await take(await import(path))
    } catch (error) {
      const message = `${path} of %(name)s does not load: ${error}`
      await input.client?.app?.log?.({ body: { service: "plugin-depot", level: "error", message } })?.catch?.(() => {})
    }
  }
  for (const [stem, path] of tools)
    await bring(path, (module) => {
      for (const [name, tool] of Object.entries(module))
        if (typeof tool?.execute === "function")
          join(hooks, { tool: { [name === "default" ? stem : `${stem}_${name}`]: tool } })
    })
  for (const path of plugins)
    await bring(path, async (module) => {
      const found = module.default?.server ? [module.default.server] : new Set(Object.values(module))
      for (const plugin of found) if (typeof plugin === "function") join(hooks, await plugin(input, options))
    })
  return hooks
}

export default { id: %(id)s, server }
"""


def entry_module(name: str, paths: Sequence[str]) -> bytes:
    """Brings in the modules at `paths` of the package `name`, one by one: one that fails stops no other."""
    tools = [[called, f"./{path}"] for path, called in _tool_names(each for each in paths if each.startswith(TOOLS))]
    plugins = [f"./{path}" for path in paths if not path.startswith(TOOLS)]
    said = {"tools": json.dumps(tools), "plugins": json.dumps(plugins), "id": json.dumps(name), "name": name}
    return (_SOURCE % said).encode()


def _tool_names(paths: Iterable[str]) -> list[tuple[str, str]]:
    """What each module's tool is called: as its file, whose last ending alone is none of its name."""
    named: dict[str, str] = {}
    for path in paths:
        name = _NOT_IN_A_TOOLS_NAME.sub("_", path.rpartition("/")[2].rpartition(".")[0])
        while name in named:
            name += "_"
        named[name] = path
    return [(path, name) for name, path in named.items()]
