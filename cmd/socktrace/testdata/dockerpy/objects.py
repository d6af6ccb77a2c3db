"""Calls much of docker-py, and prints each object that comes back, whole: two runs that see the
same daemon print the same, and each line says which call it is of.

objects.py IMAGE NAME WORDS…: an image with a shell; a name that nothing has; "archives" to copy
files too.
"""

import hashlib
import io
import json
import sys
import tarfile
import threading
import time

import docker
import requests

image, name, *words = sys.argv[1:]
client = docker.from_env(timeout=60)
api = client.api
number = 0
begun = int(time.time())


def plain(x):
    """Returns what json.dumps takes, and says all of x."""
    if isinstance(x, docker.models.resource.Model):
        return [type(x).__name__, x.id, x.attrs]
    if isinstance(x, docker.models.containers.ExecResult):
        return ["ExecResult", x.exit_code, plain(x.output)]
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (str, int, float, type(None))):
        return x
    if isinstance(x, bytes):
        return repr(x) if len(x) < 1 << 16 else [len(x), hashlib.sha256(x).hexdigest()]
    return [plain(v) for v in x]  # lists, tuples, what is generated


def shows(what, call):
    """Calls, prints what comes of it, and returns that if nothing was raised."""
    global number
    number += 1
    got = None
    try:
        got = call()
        if not isinstance(got, (list, tuple)) and hasattr(got, "__next__"):
            got = list(got)
        said = json.dumps(plain(got), sort_keys=True)
    except docker.errors.APIError as e:
        said = [type(e).__name__, e.status_code, e.response.reason, e.explanation, str(e)]
    except (docker.errors.DockerException, requests.RequestException) as e:
        said = [type(e).__name__, str(e)]
    print(number, what, said, flush=True)
    return got


def archive(file, data):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        info = tarfile.TarInfo(file)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return b.getvalue()


def received(sock, most=1 << 20):
    """Returns what comes from a socket until it ends, or that much."""
    raw = getattr(sock, "_sock", sock)
    got = b""
    while len(got) < most:
        data = raw.recv(4096)
        if not data:
            break
        got += data
    return got


# The daemon.
shows("ping", client.ping)
shows("version", client.version)
shows("info", client.info)
shows("df", client.df)

# Images.
shows("images.list", lambda: client.images.list(name=image))
shows("images.get", lambda: client.images.get(image))
shows("history", lambda: api.history(image))
shows("tag", lambda: api.tag(image, name, "1"))
shows("images.get tagged", lambda: client.images.get(name + ":1").tags)
tags = []
if "archives" in words:
    tags = [":2"]
    saved = shows("save", lambda: b"".join(api.get_image(name + ":1")))
    shows("load", lambda: client.images.load(saved))
    shows("import", lambda: api.import_image_from_data(archive("file", b"data"), repository=name, tag="2"))
shows("build", lambda: [i if isinstance(i, docker.models.resource.Model) else list(i) for i in client.images.build(
    fileobj=io.BytesIO(b"FROM %s\nRUN echo built\nLABEL a=b\n" % image.encode()), tag=name + ":3", network_mode="none", rm=True, nocache=True)])
shows("images.remove", lambda: client.images.remove(name + ":1"))
shows("images.remove again", lambda: client.images.remove(name + ":1"))
shows("images.prune", lambda: client.images.prune({"label": "none=" + name}))
shows("pull", lambda: client.images.pull("127.0.0.1:1/nothing", tag="x"))
shows("push", lambda: client.images.push(name + ":3"))
shows("inspect_distribution", lambda: api.inspect_distribution("127.0.0.1:1/x"))

# Containers that end by themselves.
run = dict(image=image, network_mode="none", remove=True)
shows("run", lambda: client.containers.run(command=["echo", "hi"], **run))
shows("run stream", lambda: client.containers.run(command=["sh", "-c", "echo a; sleep 0.3; echo b"], stream=True, **run))
shows("run stderr", lambda: client.containers.run(command=["sh", "-c", "echo out; echo err >&2"], stderr=True, stdout=False, **run))
shows("run tty", lambda: client.containers.run(command=["echo", "hi"], tty=True, **run))
shows("run fails", lambda: client.containers.run(command=["sh", "-c", "echo bad >&2; exit 3"], **run))
shows("run nothing", lambda: client.containers.run(command=["/no/such/command"], name=name, **run))
shows("get what never started", lambda: client.containers.get(name))
shows("remove what never started", lambda: api.remove_container(name))

# A container that stays, from its creation to its end.
c = shows("create", lambda: client.containers.create(
    image, ["sh", "-c", "trap 'exit 5' TERM; echo one; echo err >&2; sleep 0.3; echo two; while :; do sleep 0.1; done"],
    name=name, network_mode="none", labels={"socktrace": name}, environment={"A": "b"}, volumes={name: {"bind": "/data"}}))
shows("create again", lambda: client.containers.create(image, "true", name=name))
shows("logs before the start", c.logs)
shows("status", lambda: (c.reload(), c.status)[1])
shows("start", c.start)
shows("start again", c.start)
shows("status", lambda: (c.reload(), c.status)[1])
shows("wait for what it prints", lambda: next(line for line in c.logs(stream=True, stderr=False, timestamps=True) if b"two" in line))
shows("logs", lambda: sorted(c.logs().splitlines()))
shows("logs stdout", lambda: c.logs(stderr=False, timestamps=True))
shows("logs tail", lambda: c.logs(tail=1, stderr=False))
shows("logs since", lambda: c.logs(since=begun, until=int(time.time()) + 100, stderr=False))
shows("attrs", lambda: client.containers.get(name))
shows("list", lambda: client.containers.list(filters={"label": "socktrace=" + name}))
shows("containers", lambda: api.containers(all=True, size=True, filters={"name": name}))
shows("top", c.top)
shows("stats", lambda: c.stats(stream=False))
shows("stats stream", lambda: [s for s, _ in zip(c.stats(decode=True, stream=True), range(2))])
shows("exec", lambda: c.exec_run(["echo", "executed"]))
shows("exec fails", lambda: c.exec_run(["sh", "-c", "echo bad >&2; exit 7"]))
shows("exec demux", lambda: c.exec_run(["sh", "-c", "echo out; sleep 0.2; echo err >&2"], demux=True))
shows("exec tty", lambda: c.exec_run(["echo", "tty"], tty=True))
shows("exec stream", lambda: c.exec_run(["sh", "-c", "echo a; sleep 0.3; echo b"], stream=True).output)
shows("exec stream demux", lambda: c.exec_run(["sh", "-c", "echo a; sleep 0.3; echo b >&2"], stream=True, demux=True).output)
shows("exec detached", lambda: c.exec_run(["true"], detach=True))
shows("exec big", lambda: c.exec_run(["sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo $i; i=$((i+1)); done"]))
e = shows("exec_create", lambda: api.exec_create(name, ["cat"], stdin=True))
sock = api.exec_start(e["Id"], socket=True)
raw = getattr(sock, "_sock", sock)
raw.sendall(b"through a socket\n")
raw.shutdown(1)
shows("exec socket", lambda: received(sock))
sock.close()
shows("exec_inspect", lambda: {k: v for k, v in api.exec_inspect(e["Id"]).items()})
shows("exec_resize of what has ended", lambda: api.exec_resize(e["Id"], 10, 20))
if "archives" in words:
    shows("put_archive", lambda: c.put_archive("/tmp", archive("file", b"data")))
    shows("get_archive", lambda: [b"".join(part) if i == 0 else part for i, part in enumerate(c.get_archive("/tmp/file"))])
    shows("export", lambda: b"".join(c.export()))
shows("get_archive of nothing", lambda: c.get_archive("/no/such"))
shows("diff", c.diff)
shows("resize", lambda: c.resize(10, 20))
shows("update", lambda: c.update(restart_policy={"Name": "no"}))
shows("rename", lambda: c.rename(name + "-2"))
shows("get by its new name", lambda: client.containers.get(name + "-2").name)
shows("get by its old name", lambda: client.containers.get(name))
shows("pause", c.pause)
shows("status", lambda: (c.reload(), c.status)[1])
shows("exec while paused", lambda: c.exec_run("true"))
shows("unpause", c.unpause)
shows("commit", lambda: c.commit(name, "4", message="a message"))
shows("restart", lambda: c.restart(timeout=0))
shows("logs of the second start", lambda: next(line for line in c.logs(stream=True, stderr=False, since=1) if b"one" in line))
shows("kill with no signal", lambda: c.kill("NOSUCH"))
shows("remove while it runs", lambda: c.remove())
shows("stop", lambda: c.stop(timeout=10))
shows("wait", c.wait)
shows("kill what has ended", c.kill)
shows("attrs at the end", lambda: (c.reload(), c)[1])
shows("remove", lambda: c.remove())
shows("remove again", lambda: c.remove())

# Sockets of attach, before the start.
c = shows("create cat", lambda: client.containers.create(image, ["cat"], stdin_open=True, network_mode="none"))
sock = c.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
c.start()
getattr(sock, "_sock", sock).sendall(b"to cat\n")
shows("attach_socket", lambda: received(sock, 8 + 7))
kills = threading.Thread(target=lambda: [time.sleep(0.5), getattr(sock, "_sock", sock).sendall(b"more\n"), time.sleep(0.5), c.kill()])
kills.start()
shows("attach", lambda: c.attach(stream=True))  # which would lose what comes at once
kills.join()
sock.close()
shows("wait for cat", c.wait)
shows("remove cat", lambda: c.remove(v=True))

# Events: those that come, and those that were.
seen = []
events = client.events(decode=True, filters={"type": "container", "label": "live=" + name})
reader = threading.Thread(target=lambda: [seen.append(e) or e["Action"] == "destroy" and events.close() for e in events])
reader.start()
client.containers.run(command=["true"], labels={"live": name}, **run)
reader.join(60)
shows("live events", lambda: seen)
shows("past events", lambda: client.events(since=begun, until=int(time.time()) + 1, decode=True, filters={"label": "socktrace=" + name}))

# Volumes and networks.
shows("volumes.create", lambda: client.volumes.create(name + "-v", labels={"a": name}))
shows("volumes.get", lambda: client.volumes.get(name + "-v"))
shows("volumes.list", lambda: client.volumes.list(filters={"name": name}))
shows("volumes.prune", lambda: client.volumes.prune({"label": "a=" + name}))
shows("volumes.remove what may be pruned", lambda: client.volumes.get(name + "-v").remove())  # not by new daemons, since it has a name
shows("volumes.remove", lambda: client.volumes.get(name).remove())
shows("volumes.get what is removed", lambda: client.volumes.get(name))
n = shows("networks.create", lambda: client.networks.create(name, driver="bridge", labels={"a": name}))
idle = shows("create idle", lambda: client.containers.create(image, "true", name=name + "-idle"))
shows("connect", lambda: n.connect(idle, aliases=["other"]))
shows("connect again", lambda: n.connect(idle))
shows("networks.get", lambda: client.networks.get(n.id))
shows("networks.list", lambda: client.networks.list(names=[name]))
shows("disconnect", lambda: n.disconnect(idle))
shows("networks.remove", n.remove)
shows("networks.get what is removed", lambda: client.networks.get(name))
shows("networks.prune", lambda: client.networks.prune({"label": "a=" + name}))
shows("containers.prune", lambda: client.containers.prune({"label": "none=" + name}))
shows("remove idle", lambda: idle.remove(force=True))
shows("remove image", lambda: [client.images.remove(name + tag) for tag in (":3", ":4", *tags)])

# What is not there.
shows("no container", lambda: client.containers.get("no-such"))
shows("no image", lambda: client.images.get("no-such:1"))
shows("no image to create", lambda: client.containers.create("no-such:1"))
shows("no exec", lambda: api.exec_inspect("no-such"))
shows("no plugin", lambda: client.plugins.get("no-such"))
shows("no swarm", client.nodes.list)
shows("an empty create", lambda: api.create_container_from_config({}))
