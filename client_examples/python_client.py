#!/usr/bin/env python3
"""Builds an Ethernet/IPv4/TCP packet and prints its bytes and the fields of each layer.

Usage: python_client.py HOST PORT      (needs pyzmq: apt-get install python3-zmq)
"""
import base64
import itertools
import sys

import zmq


class Server:
    def __init__(self, host, port):
        self.ids = itertools.count(1)
        self.socket = zmq.Context.instance().socket(zmq.REQ)
        self.socket.setsockopt(zmq.LINGER, 0)  # do not wait at exit for a server that is not there
        self.socket.setsockopt(zmq.RCVTIMEO, 5000)  # milliseconds
        self.socket.connect(f"tcp://{host}:{port}")

    def call(self, method, *params):
        self.socket.send_json({"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params})
        reply = self.socket.recv_json()
        if "error" in reply:
            raise RuntimeError(reply["error"]["message"])
        return reply["result"]


def main(host, port):
    server = Server(host, port)
    version = server.call("get_version")["version"]
    handler = server.call("get_version_handler", *version.split("."))
    packet = server.call("build_pkt", handler, [
        {"id": "Ether"},
        {"id": "IP", "fields": [{"id": "src", "value": "10.0.0.1"}, {"id": "dst", "value": "10.0.0.2"}]},
        {"id": "TCP", "fields": [{"id": "dport", "value": 443}, {"id": "flags", "value": "S"}]},
    ])
    print("API version", version)
    print(base64.b64decode(packet["binary"]).hex())
    for layer in packet["data"]:
        print(f"{layer['id']} at byte {layer['offset']}")
        for field in layer["fields"]:
            print(f"  {field['id']} = {field['hvalue']}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    try:
        main(sys.argv[1], sys.argv[2])
    except zmq.Again:
        sys.exit(f"no answer from {sys.argv[1]}:{sys.argv[2]}")
    except RuntimeError as error:
        sys.exit(str(error))
