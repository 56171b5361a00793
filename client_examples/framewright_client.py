"""A client of a Framewright server, for the examples of this folder. Needs pyzmq: apt-get install python3-zmq"""
import base64
import itertools

import zmq


class FramewrightError(Exception):
    """A request that the server refused, or did not answer; its text says why."""


class Framewright:
    """A connection to a Framewright server, for one thread. It waits for a reply for at most `timeout` seconds."""

    def __init__(self, host, port, timeout=5):
        self.endpoint = f"tcp://{host}:{port}"
        self.timeout = timeout
        self.ids = itertools.count(1)
        self.connect()

    def connect(self):
        self.socket = zmq.Context.instance().socket(zmq.REQ)
        self.socket.setsockopt(zmq.LINGER, 0)  # do not wait at exit for a server that is not there
        self.socket.connect(self.endpoint)

    def close(self):
        self.socket.close()

    def call(self, method, *params):
        self.socket.send_json({"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params})
        if not self.socket.poll(int(self.timeout * 1000)):
            self.close()  # this socket would wait for the missing reply before it sends again
            self.connect()
            raise FramewrightError(f"no answer from {self.endpoint}")
        reply = self.socket.recv_json()
        if "error" in reply:
            raise FramewrightError(reply["error"]["message"])
        return reply["result"]

    def build(self, layers):
        """The bytes of a packet."""
        return base64.b64decode(self.call("build_pkt", layers)["binary"])

    def dissect(self, octets, first_layer):
        """The layers that bytes hold, beginning with the protocol `first_layer`."""
        return self.call("dissect", base64.b64encode(octets).decode(), first_layer)["data"]


def field_value(layer, field_id):
    """The value of a field of a layer: a number, a text or bytes; None where the packet does not have it."""
    for field in layer["fields"]:
        if field["id"] == field_id and not field.get("ignored"):
            value = field["value"]
            return base64.b64decode(value["base64"]) if isinstance(value, dict) and "base64" in value else value
    return None


def bytes_value(octets):
    """Bytes as the value of a field."""
    return {"vtype": "BYTES", "base64": base64.b64encode(octets).decode()}
