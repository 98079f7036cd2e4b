"""Describes the HTTP API from its code: `python -m infra.openapi` writes the document and the page."""
