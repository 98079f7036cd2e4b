"""How each type of agent configuration is found, read, checked and delivered: one declaration per type."""
