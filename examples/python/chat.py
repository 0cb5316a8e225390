"""A chat client in Python: prints what a room hears, sends what is typed, and misses nothing.

    TANDEM=http://localhost:3000 EMAIL=ada@example.com PASSWORD=… python3 chat.py ROOM_ID

Needs python-socketio with its client's packages (pip install "python-socketio[client]"; on Debian
python3-socketio, python3-requests and python3-websocket).
"""
import os
import random
import sys
import threading
import time
import uuid

import requests
import socketio

TANDEM = os.environ.get("TANDEM", "http://localhost:3000")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Room:
    """One room as this program has it: every change up to `rev`, each once and in order."""

    def __init__(self, web, socket, room_id):
        self.web, self.socket, self.id = web, socket, room_id
        self.rev = 0
        self.as_of = None
        self.lock = threading.Lock()
        self.behind = threading.Event()

    def heard(self, message):
        """A live event is a hint. The next change is taken as it is; beyond a hole, the room is caught up with."""
        if message["roomId"] != self.id:
            return
        with self.lock:
            if message["rev"] == self.rev + 1:
                self.take(message)
            elif message["rev"] > self.rev:
                self.behind.set()

    def take(self, message):
        text = "(deleted)" if "deletedAt" in message else message["message"]
        print(f'{message["seq"]} {text}', flush=True)
        self.rev = message["rev"]

    def catch_up(self):
        """Fetches what changed since `rev`, a page at a time. The revs of a page need not be without gaps."""
        with self.lock:
            while True:
                room = self.ask("syncRooms", {"rooms": {self.id: self.rev}})["rooms"][self.id]
                if "gone" in room:
                    sys.exit("You are not in this room any more.")
                if "reset" in room:  # very much has changed: begin anew with the newest messages
                    page = self.ask("joinRoom", {"roomId": self.id})
                    room = {"messages": page["messages"], "lastRev": page["room"]["lastRev"], "hasMore": False}
                for message in room["messages"]:
                    self.take(message)
                say(f'Caught up: {len(room["messages"])}')
                if not room["hasMore"]:
                    self.rev = room["lastRev"]
                    return

    def ping(self):
        """Says that one is here, and learns whether anything was lost on its way."""
        heads = self.ask("ping", {"asOf": self.as_of} if self.as_of else {})
        self.as_of = heads["asOf"]
        if heads["rooms"].get(self.id, {}).get("lastRev", 0) > self.rev:
            self.catch_up()

    def ask(self, command, payload):
        reply = self.socket.call(command, payload, namespace="/chat", timeout=5)
        if not reply["ok"]:
            raise RuntimeError(reply["error"]["message"])
        return reply["data"]

    def send(self, text):
        """Over the socket, else over HTTP, until it is answered. The client id makes all attempts one message."""
        message = {"roomId": self.id, "message": text, "clientId": str(uuid.uuid4())}
        for attempt in range(20):
            try:
                reply = self.socket.call("sendMessage", message, namespace="/chat", timeout=5)
            except socketio.exceptions.SocketIOError:
                try:
                    answer = self.web.post(f"{TANDEM}/api/chat/messages", json=message, timeout=10)
                    reply = {"ok": answer.ok, **({} if answer.ok else answer.json())}
                except requests.RequestException as error:
                    reply = {"ok": False, "error": {"retryable": True, "message": str(error)}}
            if reply["ok"] or not reply["error"]["retryable"]:
                return reply["ok"] or say(f'Not sent: {reply["error"]["message"]}')
            time.sleep(reply["error"].get("retryAfterMs", 1000 * min(2**attempt, 30)) / 1000)
        say("Not sent.")


def ticket(web):
    """Each handshake wants a new token: it is good for one, within a minute. It also says where the socket server is."""
    answer = web.get(f"{TANDEM}/api/auth/session-token", params={"namespace": "/chat"}, timeout=10)
    if answer.status_code == 401:
        sys.exit("The session has ended. Sign in again.")
    answer.raise_for_status()
    return answer.json()


def stay_connected(web, socket, room):
    """Connects, catches up and listens; when the connection ends, for whatever reason, the same again."""
    while True:
        try:
            room.behind.clear()
            fresh = ticket(web)
            auth = {"token": fresh["token"]}
            socket.connect(fresh["url"], namespaces=["/chat"], auth=auth, wait_timeout=10)
            room.catch_up()
            while socket.connected:
                if not room.behind.wait(timeout=25):
                    room.ping()
                elif socket.connected:
                    room.behind.clear()
                    room.catch_up()
        except (socketio.exceptions.SocketIOError, requests.RequestException, RuntimeError) as error:
            say(f"Not connected: {error}")
            socket.disconnect()
        time.sleep(random.uniform(0.5, 1.5))


def main(room_id):
    web = requests.Session()  # keeps the cookie, which is the session
    account = {"email": os.environ["EMAIL"], "password": os.environ["PASSWORD"]}
    web.post(f"{TANDEM}/api/auth/login", json=account, timeout=10).raise_for_status()
    socket = socketio.Client(reconnection=False)  # each connection wants its own ticket: stay_connected does it
    room = Room(web, socket, room_id)
    for event in ("receiveMessage", "messageUpdated"):
        socket.on(event, room.heard, namespace="/chat")
    socket.on("disconnect", room.behind.set, namespace="/chat")

    def send_lines():
        for line in sys.stdin:
            if line.strip():
                room.send(line.strip())
        os._exit(0)  # Ctrl-D

    threading.Thread(target=send_lines, daemon=True).start()
    stay_connected(web, socket, room)


if __name__ == "__main__":
    main(sys.argv[1])
