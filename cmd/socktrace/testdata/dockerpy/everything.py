"""Calls each method of docker-py's low-level client that asks a daemon for something, and
prints those that were not called. What fails is none of its business.

everything.py IMAGE …: the daemon is one for this alone, and becomes a swarm for a while. Files
are made in the working directory.
"""

import io
import json
import os
import sys
import tarfile
import threading
import types

import docker
import requests

image = sys.argv[1]
client = docker.from_env(timeout=60)
api = client.api
local = {  # those that ask for nothing
    "create_container_config", "create_endpoint_config", "create_host_config", "create_networking_config",
    "create_swarm_spec", "reload_config",
}
called = set()


def counted(name):
    method = getattr(api, name)

    def call(*args, **kwargs):
        called.add(name)
        return method(*args, **kwargs)

    setattr(api, name, call)


methods = sorted(
    name for name in set(dir(docker.APIClient)) - set(dir(requests.Session)) - local
    if not name.startswith("_") and callable(getattr(api, name))
)
for name in methods:
    counted(name)


def tries(call):
    """Calls, reads what comes, and returns it; None if it fails."""
    try:
        got = call()
        if isinstance(got, (types.GeneratorType, docker.types.CancellableStream)):
            got = list(got)
        return got
    except (docker.errors.DockerException, requests.RequestException, ValueError, TypeError, OSError) as e:
        print(type(e).__name__, str(e)[:150].replace("\n", " "), file=sys.stderr)
        return None


def archive(name, data):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return b.getvalue()


# The daemon itself.
tries(client.ping)
tries(client.version)
tries(client.info)
tries(client.df)
tries(lambda: api.login("a", "b", registry="127.0.0.1:1", reauth=True))
tries(lambda: api.events(since=1, until=2, decode=True))

# Images.
tries(lambda: api.images(all=True))
tries(lambda: api.inspect_image(image))
tries(lambda: api.history(image))
tries(lambda: api.tag(image, "py", "1"))
saved = b"".join(tries(lambda: api.get_image("py:1")) or [])
tries(lambda: api.load_image(saved))
tries(lambda: api.pull("127.0.0.1:1/x"))
tries(lambda: api.push("127.0.0.1:1/x"))
tries(lambda: api.search("nothing"))
tries(lambda: api.inspect_distribution("127.0.0.1:1/x"))
files = archive("file", b"data")
with open("files.tar", "wb") as f:
    f.write(files)
tries(lambda: api.import_image("files.tar", repository="py", tag="2"))
tries(lambda: api.import_image_from_data(files, repository="py", tag="3"))
tries(lambda: api.import_image_from_file("files.tar", repository="py", tag="4"))
tries(lambda: api.import_image_from_stream(io.BytesIO(files), repository="py", tag="5"))
tries(lambda: api.import_image_from_url("http://127.0.0.1:1/x", repository="py", tag="6"))
tries(lambda: api.import_image_from_image("127.0.0.1:1/x", repository="py", tag="7"))
tries(lambda: api.build(fileobj=io.BytesIO(b"FROM %s\nRUN echo built\n" % image.encode()), tag="py:8", network_mode="none", rm=True))
tries(lambda: api.prune_builds())
tries(lambda: api.remove_image("py:1"))

# Containers.
config = api.create_host_config(network_mode="none")
c = tries(lambda: api.create_container(image, ["sh", "-c", "echo out; cat"], name="py", stdin_open=True, host_config=config))
tries(lambda: api.create_container_from_config(api.create_container_config(image, "true"), "py2"))
held = tries(lambda: api.attach_socket("py", params={"stdin": 1, "stdout": 1, "stream": 1}))
tries(lambda: api.start("py"))
tries(lambda: api.containers(all=True))
tries(lambda: api.inspect_container("py"))
tries(lambda: api.logs("py"))
tries(lambda: api.top("py"))
tries(lambda: api.stats("py", stream=False))
tries(lambda: api.port("py", 80))
tries(lambda: api.diff("py"))
e = tries(lambda: api.exec_create("py", ["sh", "-c", "sleep 1; echo inside"], tty=True))
runs = threading.Thread(target=lambda: tries(lambda: api.exec_start(e["Id"])))
runs.start()
tries(lambda: api.exec_resize(e["Id"], 10, 20))
runs.join()
tries(lambda: api.exec_inspect(e["Id"]))
tries(lambda: api.resize("py", 10, 20))
tries(lambda: api.put_archive("py", "/tmp", files))
tries(lambda: api.get_archive("py", "/tmp/file")[0])
tries(lambda: api.pause("py"))
tries(lambda: api.unpause("py"))
tries(lambda: api.update_container("py", restart_policy={"Name": "no"}))
tries(lambda: api.rename("py", "pyy"))
tries(lambda: api.commit("pyy", "committed"))
tries(lambda: api.export("pyy"))
tries(lambda: api.restart("pyy", timeout=0))
kills = threading.Timer(1, lambda: tries(lambda: api.kill("pyy")))
kills.start()
tries(lambda: api.attach("pyy", stdout=True, stream=False, logs=True))
kills.join()
tries(lambda: api.wait("pyy"))
tries(lambda: api.stop("pyy", timeout=0))
tries(lambda: api.remove_container("pyy", force=True))
tries(lambda: api.prune_containers())

# Volumes and networks.
tries(lambda: api.create_volume("vol"))
tries(api.volumes)
tries(lambda: api.inspect_volume("vol"))
tries(lambda: api.remove_volume("vol"))
tries(lambda: api.prune_volumes())
tries(lambda: api.create_network("net", driver="bridge"))
tries(api.networks)
tries(lambda: api.inspect_network("net"))
tries(lambda: api.create_container(image, "true", name="idle"))
tries(lambda: api.connect_container_to_network("idle", "net"))
tries(lambda: api.disconnect_container_from_network("idle", "net"))
tries(lambda: api.remove_network("net"))
tries(lambda: api.prune_networks())
tries(lambda: api.remove_container("idle"))

# Plugins.
tries(lambda: api.plugin_privileges("127.0.0.1:1/x"))
tries(lambda: api.pull_plugin("127.0.0.1:1/x", []))
os.makedirs("plugin/rootfs")
with open("plugin/config.json", "w") as f:
    settable = {"name": "A", "value": "b", "settable": ["value"]}
    json.dump({"interface": {"socket": "x.sock", "types": ["docker.volumedriver/1.0"]}, "entrypoint": ["/x"], "env": [settable]}, f)
tries(lambda: api.create_plugin("p", "plugin"))
tries(api.plugins)
tries(lambda: api.inspect_plugin("p"))
tries(lambda: api.configure_plugin("p", {"A": "c"}))
tries(lambda: api.enable_plugin("p", 1))
tries(lambda: api.disable_plugin("p"))
tries(lambda: api.upgrade_plugin("p", "127.0.0.1:1/x", []))
tries(lambda: api.push_plugin("p"))
tries(lambda: api.remove_plugin("p", force=True))

# A swarm.
tries(lambda: api.init_swarm("127.0.0.1", "127.0.0.1"))
swarm = tries(api.inspect_swarm)
tries(api.get_unlock_key)
tries(lambda: api.unlock_swarm("SWMKEY-1-x"))
tries(lambda: api.join_swarm(["127.0.0.1:1"], "SWMTKN-1-a-b"))
tries(lambda: api.update_swarm(swarm["Version"]["Index"], swarm["Spec"]))
node = tries(api.nodes)[0]
tries(lambda: api.inspect_node(node["ID"]))
tries(lambda: api.update_node(node["ID"], node["Version"]["Index"], node["Spec"]))
tries(lambda: api.remove_node("nothing"))
secret = tries(lambda: api.create_secret("secret", b"s"))
tries(api.secrets)
tries(lambda: api.inspect_secret(secret["ID"]))
conf = tries(lambda: api.create_config("config", b"s"))
tries(api.configs)
tries(lambda: api.inspect_config(conf["ID"]))
task = docker.types.TaskTemplate(docker.types.ContainerSpec(image, ["sleep", "1000"]), networks=["host"])
service = tries(lambda: api.create_service(task, name="s"))
tries(api.services)
told = tries(lambda: api.inspect_service("s"))
tries(lambda: api.update_service("s", told["Version"]["Index"], task_template=task, name="s", labels={"a": "b"}))
tries(lambda: api.service_logs("s", stdout=True))
tasks = tries(api.tasks)
tries(lambda: api.inspect_task(tasks[0]["ID"]))
tries(lambda: api.remove_service("s"))
tries(lambda: api.remove_secret(secret["ID"]))
tries(lambda: api.remove_config(conf["ID"]))
tries(lambda: api.leave_swarm(force=True))
tries(lambda: api.prune_images({"dangling": True}))

print("not called:", *sorted(set(methods) - called))
