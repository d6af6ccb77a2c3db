"""Uses docker-py in what works over TLS: it cannot half-close such a connection.

Arguments: image, name of a container that may be made and removed.
"""
import sys

import docker
from docker.errors import APIError

image, name = sys.argv[1:]
client = docker.from_env(timeout=60)
client.ping()
client.version()
run = dict(image=image, network_mode="none", remove=True)
assert client.containers.run(command=["echo", "hi"], **run) == b"hi\n"
assert client.containers.run(command=["sh", "-c", "echo err >&2"], stderr=True, stdout=False, **run) == b"err\n"
assert client.containers.run(command=["echo", "hi"], tty=True, **run) == b"hi\r\n"
c = client.containers.run(image, ["sh", "-c", "echo one; echo err >&2; exec sleep 1000"], name=name, detach=True, network_mode="none")
try:
    while len(c.logs().splitlines()) < 2:
        pass
    assert c.exec_run(["sh", "-c", "echo out; echo err >&2"], demux=True).output == (b"out\n", b"err\n")
    assert c.exec_run(["sh", "-c", "exit 7"]).exit_code == 7
    big = c.exec_run(["sh", "-c", "i=0; while [ $i -lt 10000 ]; do echo $i; i=$((i+1)); done"])
    assert len(big.output) == 48890, len(big.output)
    stream, info = c.get_archive("/etc/motd")
    assert sum(len(b) for b in stream) % 512 == 0
    c.put_archive("/tmp", b"\0" * 10240)
    c.stats(stream=False)
    c.top()
    for what in (lambda: client.containers.get("nosuchcontainer"), lambda: client.images.get("nosuchimage:x")):
        try:
            what()
            sys.exit("it is there")
        except APIError as e:
            assert e.status_code == 404
finally:
    c.remove(force=True)
