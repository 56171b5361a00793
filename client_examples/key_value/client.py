#!/usr/bin/env python3
"""Sets or gets a value of a key-value server. Needs a Framewright server that was started with this folder's
definition."""
import argparse
import socket
import sys

from messages import DEFAULT_PORT, Connection, Framewright, FramewrightError, MalformedMessage, PeerGone


class Refused(Exception):
    """The server's answer is no; its text says why."""


def exchange(connection, message, expected, /, **content):
    """Sends a message: the content of the answer."""
    connection.send(message, **content)
    answer, content = connection.receive()
    if answer is None:
        raise PeerGone("the server closed the connection")
    if answer in ("KeyValueAuthFail", "KeyValueError"):
        raise Refused(content["message"])
    if answer != expected:
        raise MalformedMessage(f"the server answered with {answer}, not {expected}")
    return content


def run(options):
    with socket.create_connection((options.host, options.port), options.timeout) as tcp_socket:
        connection = Connection(tcp_socket, Framewright(*options.framewright, options.timeout), options.timeout)
        exchange(connection, "KeyValueAuth", "KeyValueAuthSuccess", token=options.token)
        if options.command == "set":
            exchange(connection, "KeyValueSet", "KeyValueResult", key=options.key, value=options.value)
        else:
            print(exchange(connection, "KeyValueGet", "KeyValueResult", key=options.key)["value"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--token", required=True, help="what the server wants to see")
    parser.add_argument("--host", default="localhost", help="default: %(default)s")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
    parser.add_argument("--timeout", type=float, default=10, metavar="SECONDS",
                        help="for a message; default: %(default)s")
    parser.add_argument("--framewright", nargs=2, default=["localhost", "4507"], metavar=("HOST", "PORT"),
                        help="default: localhost 4507")
    commands = parser.add_subparsers(dest="command", required=True)
    set_command = commands.add_parser("set", help="store a value under a key")
    set_command.add_argument("key")
    set_command.add_argument("value")
    get_command = commands.add_parser("get", help="print the value of a key")
    get_command.add_argument("key")
    options = parser.parse_args()
    try:
        run(options)
    except TimeoutError:
        sys.exit(f"no answer from {options.host}:{options.port} within {options.timeout:g} s")
    except (Refused, MalformedMessage, PeerGone, FramewrightError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
