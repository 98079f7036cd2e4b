"""The endpoints that the stand-in knows; everything else is not found."""

from local.github.routes import app, archives, control, git_data, graphql, lifecycle, repositories, web

ALL_ROUTES = (
    *app.routes,
    *repositories.routes,
    *git_data.routes,
    *archives.routes,
    *graphql.routes,
    *control.routes,
    *lifecycle.routes,
    *web.routes,
)
