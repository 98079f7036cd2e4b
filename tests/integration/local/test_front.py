"""The front passes everything through, and adds what the gateway of AWS adds."""

import http.client

import urllib3

from local.front import ANSWER_LIMIT, REQUEST_LIMIT, Front
from tests.integration.local.conftest import Answer, Echo


def url(front: Front, path: str) -> str:
    return f"http://127.0.0.1:{front.server_port}{path}"


def test_the_root_of_the_front_is_the_root_of_the_api(front: Front, upstream: Echo) -> None:
    urllib3.request("GET", url(front, "/git/acme%2Fx.git/info/refs?service=git-upload-pack&a=%20"))

    assert upstream.seen[0]["path"] == "/api/root/git/acme%2Fx.git/info/refs?service=git-upload-pack&a=%20"


def test_the_api_sees_the_host_that_the_caller_used(front: Front, upstream: Echo) -> None:
    urllib3.request("GET", url(front, "/"))

    headers = upstream.seen[0]["headers"]
    assert headers["host"] == f"127.0.0.1:{front.server_port}"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-port"] == str(front.server_port)


def test_any_method_is_passed_on(front: Front, upstream: Echo) -> None:
    urllib3.request("PROPFIND", url(front, "/"))

    assert upstream.seen[0]["method"] == "PROPFIND"


def test_binary_bodies_arrive_byte_for_byte_in_both_directions(front: Front, upstream: Echo) -> None:
    every_byte = bytes(range(256)) * 1000
    upstream.answer = Answer(headers={"content-type": "application/octet-stream"}, body=every_byte[::-1])

    answer = urllib3.request("POST", url(front, "/"), body=every_byte)

    assert upstream.seen[0]["body"] == every_byte
    assert answer.data == every_byte[::-1]


def test_a_chunked_request_arrives_whole(front: Front, upstream: Echo) -> None:
    urllib3.PoolManager().urlopen("POST", url(front, "/"), body=iter([b"first ", b"second"]), chunked=True)

    assert upstream.seen[0]["body"] == b"first second"


def test_a_compressed_body_stays_compressed(front: Front, upstream: Echo) -> None:
    upstream.answer = Answer(headers={"content-encoding": "gzip"}, body=b"not really gzip")

    answer = urllib3.request("GET", url(front, "/"), decode_content=False)

    assert answer.data == b"not really gzip"


def test_headers_that_the_caller_did_not_send_are_not_made_up(front: Front, upstream: Echo) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.server_port)
    connection.putrequest("GET", "/", skip_accept_encoding=True)
    connection.endheaders()
    connection.getresponse().read()
    connection.close()

    assert not {"accept-encoding", "user-agent"} & upstream.seen[0]["headers"].keys()


def test_an_answer_of_untold_length_is_streamed(front: Front, upstream: Echo) -> None:
    upstream.answer = Answer(body=b"x" * 200_000, told_length=False)

    answer = urllib3.request("GET", url(front, "/"))

    assert answer.headers["transfer-encoding"] == "chunked"
    assert len(answer.data) == 200_000


def test_redirects_and_challenges_reach_the_caller_untouched(front: Front, upstream: Echo) -> None:
    upstream.answer = Answer(302, {"location": "http://elsewhere/x", "www-authenticate": 'Basic realm="x"'})

    answer = urllib3.request("GET", url(front, "/"), redirect=False)

    assert answer.status == 302
    assert answer.headers["location"] == "http://elsewhere/x"
    assert answer.headers["www-authenticate"] == 'Basic realm="x"'


def test_one_connection_carries_many_requests(front: Front, upstream: Echo) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.server_port)
    for path in ("/one", "/two"):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()

    assert [seen["path"] for seen in upstream.seen] == ["/api/root/one", "/api/root/two"]


def test_a_request_over_ten_megabytes_is_refused_as_the_gateway_would(front: Front, upstream: Echo) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.server_port)
    connection.request("POST", "/", headers={"content-length": str(REQUEST_LIMIT + 1)})

    assert connection.getresponse().status == 413
    assert upstream.seen == []
    connection.close()


def test_an_answer_over_the_limit_of_a_function_fails_as_it_would_there(front: Front, upstream: Echo) -> None:
    upstream.answer = Answer(headers={"content-type": "application/zip"}, body=b"\0" * (ANSWER_LIMIT * 3 // 4 + 9))

    answer = urllib3.request("GET", url(front, "/"))

    assert answer.status == 500


def test_a_stopped_emulator_is_a_clear_answer(front: Front, upstream: Echo) -> None:
    upstream.shutdown()
    upstream.server_close()

    answer = urllib3.request("GET", url(front, "/"), retries=False)

    assert answer.status == 503
