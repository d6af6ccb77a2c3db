"""What docker-py makes of faults on purpose: argument is a container that was created."""

import sys

import docker
import requests

client = docker.from_env()
web = client.containers.get(sys.argv[1])
try:
    web.start()
except docker.errors.APIError as e:
    print(type(e).__name__, e.status_code, e.explanation)
web.start()
print("started")
try:
    web.reload()
except docker.errors.APIError as e:
    print(type(e).__name__, e.status_code, e.explanation)
try:
    web.restart()
except requests.exceptions.ConnectionError as e:
    print(type(e).__name__)
