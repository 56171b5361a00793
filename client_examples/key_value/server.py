#!/usr/bin/env python3
"""A server of the key-value protocol. Needs a Framewright server that was started with this folder's definition."""
import argparse
import hmac
import socketserver
import threading

from messages import DEFAULT_PORT, Connection, Framewright, FramewrightError, MalformedMessage, PeerGone

MAXIMUM_CONNECTIONS = 64
MAXIMUM_KEYS = 1000


class Server(socketserver.ThreadingTCPServer):
    """Serves each connection in a thread of its own; all share one store."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = MAXIMUM_CONNECTIONS

    def __init__(self, options):
        super().__init__((options.listen, options.port), Handler)
        self.options = options
        self.store = {}
        self.store_lock = threading.Lock()
        self.free_connections = threading.BoundedSemaphore(MAXIMUM_CONNECTIONS)

    def verify_request(self, request, client_address):
        return self.free_connections.acquire(blocking=False)  # where none is free, the connection is closed

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free_connections.release()


class Handler(socketserver.BaseRequestHandler):
    """One connection: the client shows its token, then sets and gets values."""

    def handle(self):
        options = self.server.options
        framewright = Framewright(*options.framewright, options.timeout)
        self.connection = Connection(self.request, framewright, options.timeout)
        try:
            self.serve()
        except (PeerGone, FramewrightError, OSError) as error:
            self.log(error)
        finally:
            framewright.close()

    def serve(self):
        try:
            if self.authenticate():
                self.log("authenticated")
                self.answer_requests()
                self.log("closed")
        except MalformedMessage as error:
            self.refuse("KeyValueError", str(error))
        except TimeoutError:
            self.refuse("KeyValueError", f"no message within {self.connection.timeout:g} s")

    def authenticate(self):
        message, content = self.connection.receive()
        if message is None:
            return False
        token = self.server.options.token
        if message == "KeyValueAuth" and hmac.compare_digest(content["token"].encode(), token.encode()):
            self.connection.send("KeyValueAuthSuccess", status="ok")
            return True
        self.refuse("KeyValueAuthFail", "Authentication failed")
        return False

    def answer_requests(self):
        while True:
            message, content = self.connection.receive()
            if message is None:
                return
            if message == "KeyValueSet":
                self.set(**content)
            elif message == "KeyValueGet":
                self.get(**content)
            else:
                raise MalformedMessage(f"{message} is not a request")

    def set(self, key, value):
        with self.server.store_lock:
            is_full = key not in self.server.store and len(self.server.store) >= MAXIMUM_KEYS
            if not is_full:
                self.server.store[key] = value
        if is_full:
            self.connection.send("KeyValueError", status="error", message=f"the store is full: {MAXIMUM_KEYS} keys")
        else:
            self.connection.send("KeyValueResult", status="ok", key=key, value=value)

    def get(self, key):
        with self.server.store_lock:
            value = self.server.store.get(key)
        if value is None:
            self.connection.send("KeyValueError", status="error", message=f"there is no key {key}")
        else:
            self.connection.send("KeyValueResult", status="ok", key=key, value=value)

    def refuse(self, message, reason):
        """Says why, and ends the connection."""
        self.log(reason)
        self.connection.send(message, status="error", message=reason)
        self.connection.finish()

    def log(self, text):
        print("%s:%d: %s" % (*self.client_address[:2], text), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--token", required=True, help="what clients must show")
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="default: %(default)s")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 for any free one; default: %(default)s")
    parser.add_argument("--timeout", type=float, default=10, metavar="SECONDS",
                        help="for a message; default: %(default)s")
    parser.add_argument("--framewright", nargs=2, default=["localhost", "4507"], metavar=("HOST", "PORT"),
                        help="default: localhost 4507")
    with Server(parser.parse_args()) as server:
        print("Listening on %s:%d" % server.server_address[:2], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
