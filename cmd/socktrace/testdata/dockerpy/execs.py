"""Runs many execs, one after another, and prints how many had what output.

Arguments: container, how many.
"""
import collections
import sys

import docker

c = docker.from_env(timeout=60).containers.get(sys.argv[1])
print(collections.Counter(str(c.exec_run(["echo", "executed"])) for _ in range(int(sys.argv[2]))))
