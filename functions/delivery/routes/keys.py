"""The public keys that releases are signed with: public, so that anybody can check what they were given."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.models.keys import KeySet, PublicKey
from shared.bootstrap import services
from shared.http.answers import JSON
from shared.http.routes import Routes

routes = Routes()


@routes.get("/plugin-depot/keys.json")
def list_signing_keys() -> Response[KeySet]:
    """A JSON Web Key Set (RFC 7517): releases carry compact JWS signatures (RFC 7515, ES256)."""
    keys = [PublicKey.of(services().signing_key.public_key)]
    return Response(200, JSON, KeySet(keys=keys), {"Cache-Control": "public, max-age=3600"})
