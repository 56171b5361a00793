#!/usr/bin/env python3
"""Writes a pcap file with three ESCP packets: commands 0 to 2, from the UDP ports 40000 to 40002.

Usage: write_capture.py HOST PORT FILE      (needs pyzmq: apt-get install python3-zmq)
"""
import base64
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from framewright_client import Framewright, FramewrightError


def main(host, port, file):
    framewright = Framewright(host, port)
    packets = []
    for i in range(3):
        packet = framewright.call("build_pkt", [
            {"id": "Ether"},
            {"id": "IPv6", "fields": [{"id": "src", "value": "::1"}, {"id": "dst", "value": "::1"}]},
            {"id": "UDP", "fields": [{"id": "sport", "value": 40000 + i}]},  # dport 1337 comes from the definition
            {"id": "ESCP", "fields": [{"id": "cmd", "value": i}]},
        ])
        packets.append(packet["binary"])
    capture = framewright.call("write_pcap", packets)
    pathlib.Path(file).write_bytes(base64.b64decode(capture))
    print("Written", file, "with", len(packets), "packets")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    try:
        main(*sys.argv[1:])
    except (FramewrightError, OSError) as error:
        sys.exit(str(error))
