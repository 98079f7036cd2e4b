"""What a stack remembers, and how it chooses its ports."""

import socket
import stat

import pytest

from local.errors import LocalStackError
from local.memory import Memory
from local.state import DEFAULT_PORT, Ports, State, choose_ports, require_free


def test_a_new_stack_takes_three_ports_in_a_row(state: State) -> None:
    assert choose_ports(state, {}) == Ports(DEFAULT_PORT, DEFAULT_PORT + 1, DEFAULT_PORT + 2)


def test_a_stack_keeps_the_ports_it_had(state: State) -> None:
    state.write("ports", {"front": 9000, "emulator": 9555, "github": 9002})

    assert choose_ports(state, {}) == Ports(9000, 9555, 9002)


def test_naming_another_port_moves_the_others_along(state: State) -> None:
    state.write("ports", {"front": 9000, "emulator": 9001, "github": 9002})

    assert choose_ports(state, {"DEPOT_PORT": "9100", "DEPOT_GITHUB_PORT": "9777"}) == Ports(9100, 9101, 9777)


@pytest.mark.parametrize("text", ["eighty", "80", "65535", "-1"])
def test_a_bad_port_is_named_with_its_variable(state: State, text: str) -> None:
    with pytest.raises(LocalStackError, match="DEPOT_PORT"):
        choose_ports(state, {"DEPOT_PORT": text})


def test_a_taken_port_is_a_sentence_that_names_the_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(LocalStackError, match="DEPOT_EMULATOR_PORT"):
            require_free(taken.getsockname()[1], "DEPOT_EMULATOR_PORT")


def test_what_is_kept_can_be_read_by_its_owner_alone(state: State) -> None:
    state.write("stack", {"ownerToken": "secret"})

    assert stat.S_IMODE(state.stack_file.stat().st_mode) == 0o600
    assert state.stack() == {"ownerToken": "secret"}


def test_a_stack_that_was_never_up_says_how_to_start_it(state: State) -> None:
    with pytest.raises(LocalStackError, match="make up"):
        state.stack()


def test_a_step_is_done_once_even_over_restarts(state: State) -> None:
    made = iter(["org_1", "org_2"])

    first = Memory(state, "seed").once("organization", lambda: next(made))
    second = Memory(state, "seed").once("organization", lambda: next(made))

    assert (first, second) == ("org_1", "org_1")


def test_a_step_keeps_its_key_until_the_stack_starts_over(state: State) -> None:
    before = Memory(state, "seed")
    before.once("organization", lambda: "org_1")
    key = before.key("plugin")
    assert Memory(state, "seed").key("plugin") == key

    before.forget()

    assert Memory(state, "seed").key("plugin") != key
