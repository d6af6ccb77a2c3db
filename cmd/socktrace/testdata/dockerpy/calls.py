"""Runs calls that socktrace has written, and says what they asked for.

Standard input is a list of calls in JSON: setup and text, whether it waits, and the
document that was answered when it was recorded. What is in that under Id is called
otherwise now. Standard output is what each did.
"""
import json
import re
import sys
import threading

import requests

calls = json.load(sys.stdin)
ids = {}
space = {"print": lambda *_, **__: None}  # with what calls have made
here = threading.local()
send = requests.Session.send


def watched(session, request, **kwargs):
    done, answered = getattr(here, "done", []), getattr(here, "answered", threading.Event())
    response = send(session, request, **kwargs)
    path = request.path_url.split("?")[0]
    for new, old in ((new, old) for old, new in ids.items()):
        path = path.replace(new, old)
    known = {}
    if not kwargs.get("stream"):
        try:
            known = response.json()
        except ValueError:
            pass
    keys = sorted(known) if isinstance(known, dict) else []
    if isinstance(known, dict) and isinstance(here.call["answer"], dict):
        for key in ("Id", "ID"):
            old, new = here.call["answer"].get(key), known.get(key)
            if old and new and old != new and response.status_code == 201:
                ids[old] = new
    done.append({"method": request.method, "path": path, "status": response.status_code, "keys": keys})
    answered.set()
    return response


requests.Session.send = watched
adapt = requests.adapters.HTTPAdapter.send


def headed(adapter, request, **kwargs):
    response = adapt(adapter, request, **kwargs)
    if request.method == "POST":  # its body may come at the end of a container
        getattr(here, "answered", threading.Event()).set()
    return response


requests.adapters.HTTPAdapter.send = headed


def run(call, done, answered):
    here.call, here.done, here.answered = call, done, answered
    text = call["text"]
    for old, new in list(ids.items()):
        text = text.replace(old, new)
    try:
        known = dict(space) if call["waits"] else space
        exec("\n".join(call["setup"]), known)
        exec(compile(text, call["id"], "exec"), known)
        raised = ""
    except Exception as e:
        raised = type(e).__name__ + ": " + str(e)
    call["raised"] = raised
    answered.set()


threads = []
for call in calls:
    call["asked"], answered = [], threading.Event()
    if call["waits"]:
        t = threading.Thread(target=run, args=(call, call["asked"], answered), daemon=True)
        t.start()
        threads.append(t)
        answered.wait(60)
    else:
        run(call, call["asked"], answered)
    print(call["id"], file=sys.stderr, flush=True)
for t in threads:
    t.join(60)
json.dump([{"id": c["id"], "asked": c["asked"], "raised": c.get("raised", "it does not end")} for c in calls], sys.stdout)
