#!/usr/bin/env python3
"""Builds an Ethernet/IPv4/TCP packet and prints its bytes and the fields of each layer.

Usage: python_client.py HOST PORT      (needs pyzmq: apt-get install python3-zmq)
"""
import base64
import sys

from framewright_client import Framewright, FramewrightError


def main(host, port):
    framewright = Framewright(host, port)
    version = framewright.call("get_version")["version"]
    handler = framewright.call("get_version_handler", *version.split("."))
    packet = framewright.call("build_pkt", handler, [
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
    except FramewrightError as error:
        sys.exit(str(error))
