"""Hooks: the config objects of that type."""

from functions.admin.routes.views import view_routes

routes = view_routes("hook")
