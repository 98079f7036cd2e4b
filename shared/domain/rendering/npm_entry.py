"""The module that an npm package of a plugin's code is entered by: OpenCode loads it as one of its plugins."""

import json
from collections.abc import Sequence
from typing import Final

TOOLS: Final = "tools/"
"""Where the modules lie that give tools; those elsewhere are plugins of OpenCode."""

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
    tools = [[path.rpartition("/")[2].partition(".")[0], f"./{path}"] for path in paths if path.startswith(TOOLS)]
    plugins = [f"./{path}" for path in paths if not path.startswith(TOOLS)]
    said = {"tools": json.dumps(tools), "plugins": json.dumps(plugins), "id": json.dumps(name), "name": name}
    return (_SOURCE % said).encode()
