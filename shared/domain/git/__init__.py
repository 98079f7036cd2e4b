"""A read-only git repository rendered from content: objects, packs and the smart-HTTP protocol, as pure functions."""
