"""Messages of the key-value protocol: Framewright builds and dissects them, a TCP connection carries them."""
import contextlib
import json
import pathlib
import socket
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from framewright_client import Framewright, FramewrightError, bytes_value, field_value  # the first two for others

DEFAULT_PORT = 65432
VERSION = 1
HEADER_SIZE = 6  # bytes: version, type, length
MAXIMUM_PAYLOAD = 131072  # bytes; a larger length is refused before anything of the payload is read
MAXIMUM_TEXT = 4096  # characters of a key, a value, …: two of them, however escaped, fit into a payload

# What the JSON object of each message holds: texts under these names.
CONTENTS = {
    "KeyValueAuth": {"token"},
    "KeyValueSet": {"key", "value"},
    "KeyValueGet": {"key"},
    "KeyValueAuthSuccess": {"status"},
    "KeyValueAuthFail": {"status", "message"},
    "KeyValueResult": {"status", "key", "value"},
    "KeyValueError": {"status", "message"},
}


class MalformedMessage(Exception):
    """A message that is not of this protocol; its text says why."""


class PeerGone(Exception):
    """The peer has left the connection where it should not; the text says where."""


class Connection:
    """A TCP connection that carries messages. Each is sent, and received, within `timeout` seconds, or TimeoutError is
    raised."""

    def __init__(self, tcp_socket, framewright, timeout):
        self.socket = tcp_socket
        self.framewright = framewright
        self.timeout = timeout

    def send(self, message, /, **content):
        payload = bytes_value(json.dumps(content).encode())
        octets = self.framewright.build([{"id": message, "fields": [{"id": "payload", "value": payload}]}])
        self.socket.settimeout(self.timeout)
        try:
            self.socket.sendall(octets)
        except ConnectionError as error:
            raise PeerGone(f"the peer went away: {error.strerror}") from None

    def receive(self):
        """The next message and its content; (None, None) where the peer closes the connection in place of one."""
        deadline = time.monotonic() + self.timeout
        header = self.read(HEADER_SIZE, deadline, may_end=True)
        if not header:
            return None, None
        payload = self.read(payload_length(self.dissect(header)), deadline)
        layer = self.dissect(header + payload)
        return layer["id"], content_of(layer)

    def finish(self):
        """Sends no more, and reads what may still come: closing with unread bytes would reset the connection, and the
        peer could lose the last message."""
        with contextlib.suppress(OSError, PeerGone):
            self.socket.shutdown(socket.SHUT_WR)
            self.read(MAXIMUM_PAYLOAD, time.monotonic() + 1)

    def dissect(self, octets):
        return self.framewright.dissect(octets, "KeyValue")[0]

    def read(self, size, deadline, may_end=False):
        """So many bytes of the stream, in however many segments they come; none where it ends and may."""
        octets = bytearray()
        while len(octets) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            try:
                part = self.socket.recv(size - len(octets))
            except ConnectionError as error:
                raise PeerGone(f"the peer went away: {error.strerror}") from None
            if not part:
                if may_end and not octets:
                    break
                raise PeerGone("the peer went away within a message")
            octets += part
        return bytes(octets)


def payload_length(header):
    """How many bytes follow a header, if it is one that we understand."""
    version = field_value(header, "version")
    if version != VERSION:
        raise MalformedMessage(f"version {version} is not spoken here, but version {VERSION}")
    if header["id"] not in CONTENTS:
        raise MalformedMessage(f"there is no message type {field_value(header, 'type')}")
    length = field_value(header, "length")
    if length > MAXIMUM_PAYLOAD:
        raise MalformedMessage(f"a payload of {length} bytes is too large; at most {MAXIMUM_PAYLOAD}")
    return length


def content_of(layer):
    """The JSON object that a message carries."""
    names = CONTENTS[layer["id"]]
    try:
        content = json.loads((field_value(layer, "payload") or b"").decode())
    except (ValueError, RecursionError):  # neither UTF-8 nor JSON, or too many brackets
        raise MalformedMessage("the payload is not JSON") from None
    if not isinstance(content, dict) or content.keys() != names or not all(map(is_text, content.values())):
        expected = ", ".join(sorted(names))
        raise MalformedMessage(f"the payload of {layer['id']} is not a JSON object of the texts {expected}")
    if any(len(text) > MAXIMUM_TEXT for text in content.values()):
        raise MalformedMessage(f"a text has more than {MAXIMUM_TEXT} characters")
    return content


def is_text(value):
    """Whether a value is a text that can be written as UTF-8: JSON allows halves of surrogate pairs as well."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)
