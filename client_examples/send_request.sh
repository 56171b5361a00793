#!/bin/sh
# Usage: send_request.sh HOST PORT FILE
# Sends the JSON-RPC request in FILE (- is standard input) and prints the reply.
# Needs pyzmq: apt-get install python3-zmq
[ $# -eq 3 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
exec python3 -c '
import sys, zmq
host, port, file = sys.argv[1:]
socket = zmq.Context.instance().socket(zmq.REQ)
socket.setsockopt(zmq.LINGER, 0)
socket.setsockopt(zmq.RCVTIMEO, 5000)
socket.connect(f"tcp://{host}:{port}")
socket.send(open(0 if file == "-" else file, "rb").read())
try:
    print(socket.recv().decode())
except zmq.Again:
    sys.exit(f"no answer from {host}:{port}")
' "$@"
