#!/usr/bin/env python3
"""Shows the first packets that a stream with a field engine program will send, and writes them to a capture.

Usage: preview_stream.py HOST PORT FILE.pcap      (needs pyzmq: apt-get install python3-zmq)
"""
import base64
import sys

from framewright_client import Framewright, FramewrightError

PACKET = [
    {"id": "Ether"},
    {"id": "IP", "fields": [{"id": "src", "value": "16.0.0.1"}, {"id": "dst", "value": "48.0.0.1"}]},
    {"id": "UDP", "fields": [{"id": "sport", "value": 1025}, {"id": "dport", "value": 12}]},
    {"id": "Raw", "fields": [{"id": "load", "value": "sixteen bytes..."}]},
]
# Clients of three addresses in turn, each packet from the next port; the checksums follow.
PROGRAM = {"instructions": [
    {"id": "STLVmFlowVar", "parameters": {"name": "source", "size": 4, "min_value": "16.0.0.1", "max_value": "16.0.0.3"}},
    {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "source", "pkt_offset": "IP.src"}},
    {"id": "STLVmFlowVar", "parameters": {"name": "port", "size": 2, "min_value": 1025, "max_value": 65535}},
    {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "port", "pkt_offset": "UDP.sport"}},
    {"id": "STLVmFixChecksumHw", "parameters": {"l3_offset": "IP", "l4_offset": "UDP", "l4_type": 11}},
]}


def main(host, port, file_name):
    server = Framewright(host, port)
    packets = server.call("run_field_engine", PACKET, {"field_engine": PROGRAM}, 5)["packets"]
    now = {(layer["id"], field["id"]): field["value"] for layer in PACKET for field in layer.get("fields", [])}
    for number, packet in enumerate(packets):
        # The changes are those against the model, not against the packet before.
        changed = {(change["id"], change["field"]): change["value"] for change in packet["changes"]}
        shown = {**now, **changed}
        print(f"{number}: {shown['IP', 'src']} -> {shown['IP', 'dst']}, port {shown['UDP', 'sport']}")
    capture = server.call("write_pcap", [packet["binary"] for packet in packets])
    with open(file_name, "wb") as file:
        file.write(base64.b64decode(capture))
    print(f"{len(packets)} packets in {file_name}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    try:
        main(*sys.argv[1:])
    except (FramewrightError, OSError) as error:
        sys.exit(str(error))
