"""Uses docker-py in many ways and prints what it sees, without what varies.

Arguments: image, name of a container that may be made and removed.
"""
import sys
import threading
import time

import docker
from docker.errors import APIError, ContainerError, ImageNotFound, NotFound

image, name = sys.argv[1:]
client = docker.from_env(timeout=60)


def error(what, call, *args, **kwargs):
    try:
        print(what, "gave", call(*args, **kwargs))
    except ContainerError as e:
        print(what, type(e).__name__, e.exit_status, e.stderr)
    except APIError as e:
        text = e.explanation.replace(name, "NAME").split('"NAME"')[0].split(" by container")[0]
        print(what, type(e).__name__, e.status_code, e.is_client_error(), e.is_server_error(), repr(text))


print("ping", client.ping(), client.version()["ApiVersion"])

# Containers that end by themselves.
run = dict(image=image, network_mode="none", remove=True)
print("run", client.containers.run(command=["echo", "hi"], **run))
print("run stderr", client.containers.run(command=["sh", "-c", "echo out; echo err >&2"], stderr=True, stdout=False, **run))
print("run tty", client.containers.run(command=["echo", "hi"], tty=True, **run))
error("run fails", client.containers.run, command=["sh", "-c", "echo bad >&2; exit 3"], **run)
error("run nothing", client.containers.run, command=["/no/such/command"], name=name, **run)
client.containers.get(name).remove()  # what never started stays

# A container that stays.
c = client.containers.run(image, ["sh", "-c", "echo one; echo two; echo err >&2; exec sleep 1000"],
                          name=name, detach=True, network_mode="none", stdin_open=True)
try:
    stream = c.logs(stream=True, follow=True, stderr=False)
    print("logs -f", next(stream), next(stream))
    stream.close()
    while b"err" not in c.logs():  # it takes a moment to get there
        time.sleep(0.1)
    print("logs", sorted(c.logs().splitlines()))

    print("exec", c.exec_run(["echo", "executed"]))
    # docker-py can lose what comes together with the head of the answer.
    print("exec fails", c.exec_run(["sh", "-c", "sleep 0.1; echo bad >&2; exit 7"]))
    print("exec demux", c.exec_run(["sh", "-c", "sleep 0.1; echo out; echo err >&2"], demux=True))
    print("exec tty", c.exec_run(["echo", "tty"], tty=True))
    print("exec stream", b"".join(c.exec_run(["sh", "-c", "echo a; sleep 1; echo b"], stream=True).output))
    print("exec big", len(c.exec_run(["sh", "-c", "i=0; while [ $i -lt 10000 ]; do echo $i; i=$((i+1)); done"]).output))
    print("exec detached", c.exec_run(["true"], detach=True).output)

    ident = client.api.exec_create(c.id, ["cat"], stdin=True)["Id"]
    sock = client.api.exec_start(ident, socket=True)
    raw = getattr(sock, "_sock", sock)
    raw.sendall(b"through a socket\n")
    raw.shutdown(1)
    got = b""
    while True:
        data = raw.recv(4096)
        if not data:
            break
        got += data
    print("exec socket", got)
    sock.close()

    stat, info = c.get_archive("/etc/motd")
    print("get_archive", info["name"], info["size"], sum(len(b) for b in stat) % 512)
    print("stats", sorted(c.stats(stream=False).keys())[:3])
    print("top", c.top()["Titles"] is not None)
    error("conflict", client.containers.create, image, ["true"], name=name)
finally:
    c.remove(force=True)

# The sockets of attach, before the start.
c = client.containers.create(image, ["cat"], stdin_open=True, network_mode="none")
try:
    sock = c.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    raw = getattr(sock, "_sock", sock)
    c.start()
    raw.sendall(b"to cat\n")
    got = b""
    while len(got) < 8 + 7:
        got += raw.recv(4096)
    print("attach_socket", got)
    raw.close()
    sock.close()
finally:
    c.remove(force=True)

# Events, while a container lives and dies.
seen = []
events = client.events(decode=True, filters={"type": "container", "label": "socktrace=" + name})
reader = threading.Thread(target=lambda: [seen.append(e["Action"]) or e["Action"] == "destroy" and events.close() for e in events])
reader.start()
client.containers.run(command=["true"], labels={"socktrace": name}, **run)
reader.join(60)
print("events", [a for a in seen if a in ("create", "start", "die", "destroy")])

error("no container", client.containers.get, "nosuchcontainer")
error("no image", client.images.get, "nosuchimage:x")
error("no image to run", client.api.create_container, "nosuchimage:x")
error("no network", client.networks.get, "nosuchnetwork")
error("pull", client.images.pull, "127.0.0.1:1/nothing", tag="x")
for kind in (NotFound, ImageNotFound):
    print(kind.__name__, issubclass(kind, APIError))
