"""Makes calls that fail, and prints for each the request, its status and what was raised.

errors.py IMAGE NAME: an image with a shell, and a name that no container has.
"""

import io
import sys

import docker

image, name = sys.argv[1:]
client = docker.from_env()
api = client.api


def fails(call, request=None):
    """Calls, and prints what that raises; request is what it was, if the error does not say."""
    try:
        call()
    except docker.errors.APIError as e:
        asked = e.response.request
        raised(asked.method, asked.url, e.response.status_code, e)
    except docker.errors.DockerException as e:
        raised(*request, 200, e)
    else:
        print("nothing was raised by", call)


def raised(method, url, status, e):
    print(method, url, status, "docker.errors." + type(e).__name__)


container = client.containers.create(image, "sleep 1000", name=name, network_mode="none")
try:
    fails(lambda: client.containers.get("no-such"))
    fails(lambda: client.images.get("no-such:1"))
    fails(lambda: client.networks.get("no-such"))
    fails(lambda: client.volumes.get("no-such"))
    fails(lambda: client.plugins.get("no-such"))
    fails(lambda: api.exec_inspect("no-such"))
    fails(lambda: api.logs("no-such"))
    fails(lambda: api.wait("no-such"))
    fails(lambda: api.remove_image("no-such:1"))
    fails(lambda: api.history("no-such:1"))
    fails(lambda: api.tag("no-such:1", "other"))
    fails(lambda: client.containers.create("no-such:1"))
    fails(lambda: client.containers.create(image, "true", name=name))
    fails(lambda: api.create_container_from_config({}))
    fails(lambda: container.kill())
    fails(lambda: container.pause())
    fails(lambda: container.unpause())
    fails(lambda: container.exec_run("true"))
    fails(lambda: container.rename(name))
    fails(lambda: container.get_archive("/no/such"))
    fails(lambda: container.put_archive("/no/such", b""))
    fails(lambda: api.remove_network("none"))
    fails(lambda: api.connect_container_to_network("no-such", "none"))
    fails(lambda: client.images.pull("no-such.invalid/x", tag="1"))
    fails(lambda: client.images.build(fileobj=io.BytesIO(b"FROM %s\nRUN exit 3\n" % image.encode()), network_mode="none", rm=True, forcerm=True), ("POST", "/build"))
    fails(lambda: client.images.load(b"no archive"), ("POST", "/images/load"))
    fails(lambda: client.containers.run(image, ["sh", "-c", "exit 3"], network_mode="none", remove=True), ("POST", "/containers/%s/wait" % name))
    container.start()
    fails(lambda: container.remove())
    fails(lambda: container.kill("NOSUCH"))
    fails(lambda: container.update(mem_limit=1))
    fails(lambda: container.logs(stdout=False, stderr=False))
finally:
    container.remove(force=True)
