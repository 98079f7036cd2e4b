"""The one entry for `POST …/git-upload-pack`: a request's bytes in, the answer's bytes out."""

from shared.domain.git import fetch_v0, fetch_v2
from shared.domain.git.fetch import PackFor
from shared.domain.git.pkt_line import ProtocolError, error_packet
from shared.domain.git.refs import Refs

REQUEST_TYPE = "application/x-git-upload-pack-request"
CONTENT_TYPE = "application/x-git-upload-pack-result"


def answer_upload_pack(refs: Refs, body: bytes, protocol: int, pack_for: PackFor) -> bytes:
    """Answer a decoded request body in protocol 2 or 0 (see `advertisement.protocol_version`).

    A request that cannot be honoured is answered, with status 200, by an error packet: git shows
    its words to the user, and shows nothing of any other status's body. Only errors of `pack_for`
    are raised; it is called at most once, and never for `ls-refs` or when the client has it all.
    """
    answer = fetch_v2.answer if protocol == 2 else fetch_v0.answer
    try:
        return answer(refs, body, pack_for)
    except ProtocolError as refusal:
        return error_packet(refusal.message)
