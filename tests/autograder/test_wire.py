"""Frames on a socket: what arrives whole, and what is refused before it costs memory or time."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.sandbox.values import Decoder, Encoder, ValueRefused
from autograder.sandbox.wire import (
    Channel,
    WireClosed,
    WireError,
    WireLimits,
    WireTimeout,
    pair,
)
from tests.autograder.needs import traced

SMALL = WireLimits(json_bytes=1000, buffers=4, total_bytes=5000)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def soon(seconds=5.0):
    return time.monotonic() + seconds


@pytest.fixture
def ends():
    """A trusted channel with small limits, and the raw socket at its other end."""
    ours, theirs = pair()
    with ours, theirs:
        yield Channel(ours, limits=SMALL), theirs


def frame(document, buffers=()):
    """The bytes of a valid frame."""
    text = json.dumps(document).encode()
    sizes = b"".join(struct.pack("!Q", len(buffer)) for buffer in buffers)
    return struct.pack("!II", len(text), len(buffers)) + sizes + text + b"".join(buffers)


def receive(data, *, limits=SMALL, seconds=5.0):
    """What a channel makes of bytes after which its peer hangs up."""
    ours, theirs = pair()
    with ours:
        theirs.sendall(data)
        theirs.close()
        return Channel(ours, limits=limits).recv(soon(seconds))


class TestFrames:
    @QUICK
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.floats(allow_nan=False),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        ),
        st.lists(st.binary(min_size=1, max_size=300), max_size=4),
    )
    def test_a_document_and_its_buffers_arrive_as_they_were_sent(self, document, buffers):
        ours, theirs = pair()
        with ours, theirs:
            Channel(theirs).send(document, buffers, deadline=soon())
            got, views = Channel(ours).recv(soon())
            assert got == document and [bytes(view) for view in views] == buffers

    def test_frames_arrive_one_by_one_in_order(self, ends):
        channel, peer = ends
        peer.sendall(frame(1) + frame([2], [b"ab"]) + frame({"n": 3}))
        received = [channel.recv(soon()) for _ in range(3)]
        assert [document for document, _ in received] == [1, [2], {"n": 3}]
        assert bytes(received[1][1][0]) == b"ab"

    def test_a_frame_larger_than_the_sockets_buffers_arrives(self):
        ours, theirs = pair()
        content = np.random.default_rng(1).bytes(8 << 20)
        with ours, theirs:
            sender = threading.Thread(target=Channel(theirs).send, args=(["x"], [content]))
            sender.start()
            document, buffers = Channel(ours).recv(soon(20))
            sender.join()
        assert document == ["x"] and buffers[0] == content

    def test_a_received_array_is_memory_of_its_own(self, ends):
        channel, peer = ends
        peer.sendall(frame(0, [b"\1" * 8]) * 2)
        (_, first), (_, second) = channel.recv(soon()), channel.recv(soon())
        first[0][:] = b"\2" * 8
        assert bytes(second[0]) == b"\1" * 8

    def test_numbers_that_json_does_not_know_cross_as_python_writes_them(self, ends):
        channel, peer = ends
        peer.sendall(frame([float("inf")]))
        assert channel.recv(soon())[0] == [float("inf")]


class TestLimits:
    @pytest.mark.parametrize(
        "head",
        [
            struct.pack("!II", 1001, 0),
            struct.pack("!II", 2**32 - 1, 0),
            struct.pack("!II", 1, 5),
            struct.pack("!II", 1, 2**32 - 1),
            struct.pack("!IIQ", 1, 1, 5000),
            struct.pack("!IIQ", 1, 1, 2**64 - 1),
            struct.pack("!IIQQ", 10, 2, 2500, 2500),
            struct.pack("!IIQQ", 10, 2, 2**63, 2**63),
        ],
        ids=["json", "json, huge", "buffers", "buffers, huge", "total", "total, huge", "sum", "sum, huge"],
    )
    def test_a_frame_that_announces_too_much_is_refused_before_it_is_read(self, ends, head):
        channel, peer = ends
        peer.sendall(head)
        with traced() as peak:
            with pytest.raises(WireError, match="larger than the limit"):
                channel.recv(soon())
            assert peak() < 1 << 20

    def test_a_frame_at_the_limits_is_received(self, ends):
        channel, peer = ends
        text = "x" * 998
        peer.sendall(frame(text, [b"a" * 1000] * 4))
        document, buffers = channel.recv(soon())
        assert document == text and sum(map(len, buffers)) == 4000

    def test_memory_grows_with_what_arrives_and_not_with_what_is_announced(self):
        ours, theirs = pair()
        with ours, theirs:
            theirs.sendall(struct.pack("!IIQ", 10, 1, 100 << 20) + b"x" * 1000)
            with traced() as peak:
                with pytest.raises(WireTimeout):
                    Channel(ours).recv(soon(0.1))
                assert peak() < 4 << 20

    @pytest.mark.parametrize(
        "text", [b"{", b"nul", b"\xff\xfe", b"[" * 900, b'{"a":}', b"1" * 900 + b"x", b""]
    )
    def test_what_is_not_json_is_an_error_of_the_wire(self, text):
        with pytest.raises(WireError, match="not valid JSON"):
            receive(struct.pack("!II", len(text), 0) + text)

    def test_deep_and_long_json_is_an_error_of_the_wire_and_no_crash(self):
        for text in (b"[" * 10**6, b'{"a":' * 10**6, b"9" * 10**6):
            with pytest.raises(WireError, match="not valid JSON"):
                receive_large(struct.pack("!II", len(text), 0) + text)


def receive_large(data):
    """As `receive`, for more than a socket holds at once."""
    ours, theirs = pair()
    with ours, theirs:
        sender = threading.Thread(target=lambda: (theirs.sendall(data), theirs.close()))
        sender.start()
        try:
            return Channel(ours).recv(soon(20))
        finally:
            sender.join()


class TestPeers:
    @pytest.mark.parametrize("length", [0, 1, 7, 8, 15, 16, 17, 20])
    def test_a_truncated_frame_from_a_peer_that_hangs_up_is_a_closed_wire(self, length):
        whole = frame([1], [b"abcd"])
        assert len(whole) == 23
        with pytest.raises(WireClosed):
            receive(whole[:length])

    @pytest.mark.parametrize("length", [0, 1, 8, 17])
    def test_a_truncated_frame_from_a_peer_that_stays_ends_at_the_deadline(self, ends, length):
        channel, peer = ends
        peer.sendall(frame([1], [b"abcd"])[:length])
        started = time.monotonic()
        with pytest.raises(WireTimeout):
            channel.recv(soon(0.15))
        assert 0.1 < time.monotonic() - started < 2

    @pytest.mark.parametrize("piece", [b"\0", b"\0" * 65536], ids=["a byte at a time", "as fast as it goes"])
    def test_data_that_never_ends_ends_at_the_deadline(self, piece):
        ours, theirs = pair()

        def feed():
            with contextlib.suppress(OSError):
                theirs.sendall(struct.pack("!IIQ", 16, 1, 127 << 20))
                while True:
                    theirs.sendall(piece)
                    time.sleep(0.01)

        feeder = threading.Thread(target=feed)
        feeder.start()
        started = time.monotonic()
        with pytest.raises(WireTimeout):
            Channel(ours).recv(soon(0.3))
        assert time.monotonic() - started < 3
        ours.close()
        feeder.join(5)
        theirs.close()

    def test_a_deadline_in_the_past_reads_nothing(self, ends):
        channel, peer = ends
        peer.sendall(frame(1))
        with pytest.raises(WireTimeout):
            channel.recv(time.monotonic() - 1)
        assert channel.recv(soon())[0] == 1

    def test_a_peer_that_does_not_read_stops_the_sender_at_the_deadline(self, ends):
        channel, _ = ends
        started = time.monotonic()
        with pytest.raises(WireTimeout):
            channel.send("x", [b"a" * (16 << 20)], deadline=soon(0.2))
        assert time.monotonic() - started < 3

    def test_sending_to_a_peer_that_hung_up_is_a_closed_wire(self, ends):
        channel, peer = ends
        peer.close()
        with pytest.raises(WireClosed):
            channel.send("x")

    def test_a_closed_wire_and_a_silent_one_are_errors_of_the_wire(self):
        assert issubclass(WireClosed, WireError) and issubclass(WireTimeout, WireError)


class TestDescriptors:
    def test_a_trusted_channel_takes_no_descriptor(self, ends):
        channel, peer = ends
        before = len(os.listdir("/dev/fd"))
        with open(os.devnull) as file:
            socket.send_fds(peer, [frame("hello")], [file.fileno()] * 3)
        assert channel.recv(soon())[0] == "hello"
        assert channel.fds == [] and len(os.listdir("/dev/fd")) == before
        with pytest.raises(WireError, match="descriptor is missing"):
            channel.take_fd()

    def test_a_channel_of_the_students_takes_the_descriptor_that_was_sent(self):
        ours, theirs = pair()
        read_end, write_end = os.pipe()
        with ours, theirs:
            receiver = Channel(ours, accept_fds=True)
            Channel(theirs).send({"o": "fork"}, fds=[write_end], deadline=soon())
            assert receiver.recv(soon())[0] == {"o": "fork"}
            fd = receiver.take_fd()
            os.write(fd, b"ok")
            assert os.read(read_end, 2) == b"ok"
        for number in (read_end, write_end, fd):
            os.close(number)


def value_frame(value):
    """The frame that carries one value."""
    encoder = Encoder(lambda value: {"t": "handle", "h": 0})
    document = {"r": encoder.encode(value)}
    return frame(document, [bytes(buffer) for buffer in encoder.buffers])


def take(data):
    """Receive and decode, as a trusted process does."""
    document, buffers = receive(data, limits=WireLimits(json_bytes=4000, buffers=8, total_bytes=10_000))
    return Decoder(buffers, lambda document: document).decode(document)


VALID = [
    value_frame(value) for value in ([1, "a", 2.5, (None,)], np.arange(60.0), {"k": {1j, b"x"}}, range(5))
]


class TestFuzz:
    """Whatever arrives, a trusted process gets a value, `WireError` or `ValueRefused`."""

    @QUICK
    @given(st.binary(max_size=200))
    def test_random_bytes(self, data):
        with contextlib.suppress(WireError, ValueRefused):
            take(data)

    @QUICK
    @given(st.sampled_from(VALID), st.data())
    def test_valid_frames_with_bytes_changed_removed_and_added(self, valid, data):
        mutated = bytearray(valid)
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(mutated)))
            length = data.draw(st.integers(0, 4))
            mutated[start : start + length] = data.draw(st.binary(max_size=6))
        with contextlib.suppress(WireError, ValueRefused):
            take(bytes(mutated))

    @QUICK
    @given(
        st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2**64 - 1), max_size=5), st.binary(max_size=300)
    )
    def test_heads_that_lie(self, json_bytes, sizes, rest):
        head = struct.pack(f"!II{len(sizes)}Q", json_bytes, len(sizes), *sizes)
        with contextlib.suppress(WireError, ValueRefused):
            take(head + rest)
