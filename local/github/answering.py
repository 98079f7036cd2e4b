"""The way of every request: faults, route, caller, allowance, answer, headers."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from local.github.credentials import looks_like_a_jwt
from local.github.rate_limit import Usage
from local.github.router import Access, Call, Caller, Route
from local.github.routes import ALL_ROUTES
from local.github.wire import Refusal, Request, Response, not_found, over_limit_answer, refusal_answer
from local.github.world import SUSPENDED, World

CONTROL: Final = "/_standin/"
_NO_JWT: Final = "A JSON web token could not be decoded"
_NO_USER_AGENT: Final = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). "
    "Check https://developer.github.com for other possible causes.\n"
)
_NOBODY: Final = Caller()


class ConnectionCut(Exception):
    """A fault wants the connection closed without an answer."""


def answer(world: World, request: Request) -> Response:
    """GitHub's answer to a request, or that of a fault which waits for it."""
    if request.path.startswith(CONTROL):
        return _controlled(world, request)
    world.requests.append(f"{request.method} {request.target}")
    fault = world.faults.take(request.path)
    if fault is None:
        return _true_answer(world, request)
    world.stopping.wait(fault.delay_ms / 1_000)
    if fault.status == 0 and fault.cut_after is None:
        raise ConnectionCut
    faulty = fault.answer()
    usage = world.rate_limits.usage("installation", "core")
    true = replace(_true_answer(world, request), cut_after=fault.cut_after) if faulty is None else faulty
    return with_headers(request, true, usage)


def _true_answer(world: World, request: Request) -> Response:
    if not request.header("User-Agent"):
        return Response(403, _NO_USER_AGENT.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    route, values = _find(request)
    resource = route.resource if route else "core"
    caller = _NOBODY
    try:
        caller = _caller(world, request, route)
        response = _routed(world, request, caller, route, values)
    except Refusal as refusal:
        response = refusal_answer(refusal, route.docs if route else "")
    response = _conditional(world, request, caller, resource, response)
    return with_headers(request, response, world.rate_limits.usage(caller.allowance, resource))


def _controlled(world: World, request: Request) -> Response:
    """Answers who sits on this machine and knows the control token; for others there is nothing here."""
    known = hmac.compare_digest(request.header("X-Standin-Token").encode(), world.control_token.encode())
    route, values = _find(request)
    if not (known and route and ipaddress.ip_address(request.peer).is_loopback):
        return refusal_answer(not_found())
    try:
        return route.handler(Call(world, request, _NOBODY, values))
    except Refusal as refusal:
        return refusal_answer(refusal)


def _find(request: Request) -> tuple[Route | None, Mapping[str, str]]:
    for route in ALL_ROUTES:
        values = route.values(request)
        if values is not None:
            return route, values
    return None, {}


def _caller(world: World, request: Request, route: Route | None) -> Caller:
    if route is None or (route.access is Access.ANYONE and not request.header("Authorization")):
        return _NOBODY
    scheme, _, credential = request.header("Authorization").partition(" ")
    bearer = credential.strip() if scheme.lower() in ("bearer", "token") else ""
    if route.access is Access.APP or looks_like_a_jwt(bearer):
        if not looks_like_a_jwt(bearer):
            raise Refusal(401, _NO_JWT, docs="")
        world.credentials.verify_app(bearer)
        return Caller(is_app=True)
    if not bearer:
        raise Refusal(401, "Requires authentication")
    if route.access is Access.USER:
        return Caller(user=world.people.user_of(bearer))
    token = world.credentials.installation_token(bearer)
    if world.installation.deleted:
        raise Refusal(401, "Bad credentials", docs="")
    if world.installation.suspended_at is not None:
        raise Refusal(403, SUSPENDED)
    return Caller(token=token)


def _routed(world: World, request: Request, caller: Caller, route: Route | None, values: Mapping[str, str]) -> Response:
    if route is None:
        raise Refusal(404, "Not Found", docs="")
    counted = route.access is not Access.ANYONE
    if counted and not world.rate_limits.spend(caller.allowance, route.resource):
        return _exhausted(world, route)
    call = Call(world, request, caller, values)
    if route.access is Access.CONTENTS:
        _require_contents(call)
    return route.handler(call)


def _exhausted(world: World, route: Route) -> Response:
    message = f"API rate limit exceeded for installation ID {world.app.installation_id}."
    if route.resource == "graphql":
        return over_limit_answer(message)
    raise Refusal(403, message, docs="rate-limit/rate-limit")


def _require_contents(call: Call) -> None:
    """A repository out of reach stays hidden, even from a token that lacks the permission as well."""
    if call.repository and call.caller.token and "contents" not in call.caller.token.permissions:
        headers = {"X-Accepted-GitHub-Permissions": "contents=read"}
        raise Refusal(403, "Resource not accessible by integration", headers=headers)


def _conditional(world: World, request: Request, caller: Caller, resource: str, response: Response) -> Response:
    """Give a good GET its ETag, tied to the caller's token, and answer 304 for free if the caller has it."""
    if request.method != "GET" or response.status != 200:
        return response
    seed = caller.fingerprint.encode() + b"\0" + request.header("Accept").encode() + b"\0" + response.body
    tag = response.headers.get("ETag") or f'W/"{hashlib.sha256(seed).hexdigest()}"'
    response = replace(response, headers={**response.headers, "ETag": tag})
    asked = {each.strip().removeprefix("W/") for each in request.header("If-None-Match").split(",")}
    if tag.removeprefix("W/") not in asked:
        return response
    world.rate_limits.give_back(caller.allowance, resource)
    kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return Response(304, b"", kept)


def with_headers(request: Request, response: Response, usage: Usage) -> Response:
    """The headers that every answer of the API carries; what the answer itself says goes first."""
    identity = secrets.token_hex(10).upper()
    common = {
        "Server": "github.com",
        "X-GitHub-Request-Id": ":".join((identity[:4], identity[4:8], identity[8:14], identity[14:])),
        "X-GitHub-Media-Type": "github.v3; format=json",
        "Cache-Control": "private, max-age=60, s-maxage=60",
        "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With",
        **usage.headers(),
    }
    if version := request.header("X-GitHub-Api-Version"):
        common["X-GitHub-Api-Version-Selected"] = version
    own = {name.lower() for name in response.headers}
    kept = {name: value for name, value in common.items() if name.lower() not in own}
    return replace(response, headers={**kept, **response.headers})
