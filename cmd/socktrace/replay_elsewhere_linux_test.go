package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestReplayElsewhere: what a session with a swarm, networks and volumes has asked one daemon for is
// answered in the same way by another, which keeps its files elsewhere, has other ids for its networks,
// and counts what a swarm of its own agrees on.
func TestReplayElsewhere(t *testing.T) {
	docker := dockers(t)[0]
	t.Parallel()
	there, here := loneDockerd(t, docker), loneDockerd(t, docker)
	there.bring(t)
	here.bring(t)
	file := filepath.Join(t.TempDir(), "there.pcapng")
	session := []string{
		"began=$(date +%s)", "$D info", "$D network ls", "$D network create net", "$D network inspect net none", "$D network rm net",
		"$D volume create vol", "$D create --name one --network none -v vol:/v $I true", "$D inspect one", "$D rm one", "$D volume rm vol",
		"$D swarm init --listen-addr 127.0.0.1 --advertise-addr 127.0.0.1", "$D node ls", "echo s | $D secret create sec -",
		"$D service create -d --name svc --replicas 0 --network host --secret sec $I true", "$D service update -d --label-add a=b svc", "$D service update -d --label-add c=d svc",
		"$D service inspect svc", "$D service rm svc", "$D secret rm sec", "$D swarm update --task-history-limit 3", "$D swarm leave -f",
		"$D events --since $began --until $(date +%s) --filter type=volume",
	}
	env := environ("D="+docker.path, "I="+testImage, "DOCKER_HOST=unix://"+there.path)
	then := socktrace(t, env, "run", "-q", "--pcapng", file, "--", "sh", "-ec", strings.Join(session, "\n")).end()
	if then.status != "exit status 0" || !strings.Contains(then.out, "volume destroy vol") {
		t.Fatalf("%s\n%s%s", then.status, then.out, then.err)
	}
	now := socktrace(t, nil, "replay", "--yes", "--show-secrets", "--upstream", "unix://"+here.path, file).end()
	if now.status != "exit status 0" || !strings.Contains(now.out, "no difference: ") || strings.Contains(now.out, "not compared") {
		t.Errorf("%s\n%s%s", now.status, now.out, now.err)
	}
}
