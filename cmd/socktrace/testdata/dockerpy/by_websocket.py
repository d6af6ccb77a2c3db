"""Attaches to containers by WebSocket, and prints what comes.

Arguments: image, name of a container that may be made and removed. The daemon is asked over TCP:
docker-py has no WebSockets on unix sockets.
"""
import sys

import docker

image, name = sys.argv[1:]
client = docker.from_env(timeout=60)


def attached(*command):
    c = client.containers.create(image, list(command), name=name, network_mode="none", stdin_open=True)
    ws = c.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}, ws=True)
    c.start()
    return c, ws


def rest(ws):
    """All until the server closes: output, by who reads it cut in other places, and the close."""
    out, opcode = b"", 0
    while opcode != 8:
        opcode, data = ws.recv_data(control_frame=True)
        if opcode in (1, 2):
            out += data
    return out, data


def end(what, c, ws):
    print(what, *rest(ws), c.wait()["StatusCode"])
    ws.shutdown()
    c.remove()


# It ends by itself.
c, ws = attached("sh", "-c", "echo one; echo two; exit 3")
end("exit", c, ws)

# What is typed comes back; a ping does, at once.
c, ws = attached("cat")
ws.send("hello\n")
print("cat", ws.recv_data())
ws.ping("x")
print("pong", ws.recv_data(control_frame=True))
ws.send_binary(b"more\n")
print("cat", ws.recv_data())
ws.send_close(1000, b"bye")
end("closed", c, ws)

# Output that comes behind the end of the input, which is a close.
c, ws = attached("sh", "-c", "all=$(cat); echo \"all: $all\"")
ws.send("b\na\n")
ws.send_close(1000)
end("all", c, ws)
