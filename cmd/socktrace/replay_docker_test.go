//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplayDocker: what docker commands have asked the daemon for is answered in the same way when
// it is asked for again.
func TestReplayDocker(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name, folder := uniqueName(), buildFolder(t)
			// An image that is like no other: who removes it removes its layers too.
			if err := os.WriteFile(filepath.Join(folder, "data"), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				name     string
				commands []string // of a shell
			}{
				{"run", []string{"$D run --rm --network none $I sh -c 'echo out; echo err >&2; exit 3' || true"}},
				{"input", []string{"echo hello | $D run -i --rm --network none $I cat"}},
				{"create", []string{
					"$D create --name $N-create --network none $I echo hi", "$D start $N-create", "$D wait $N-create",
					"$D logs $N-create", "$D inspect $N-create", "$D rm $N-create",
				}},
				{"exec", []string{
					"$D run -d --name $N-exec --network none $I sleep 1000", "$D exec $N-exec echo in it",
					"echo hello | $D exec -i $N-exec cat", "$D exec $N-exec sh -c 'exit 4' || true", "$D rm -f $N-exec",
				}},
				{"copy", []string{
					"$D create --name $N-copy --network none $I true", "$D cp $C/Dockerfile $N-copy:/file", "$D cp $N-copy:/file -", "$D rm $N-copy",
				}},
				{"volume", []string{"$D volume create $N-volume", "$D volume inspect $N-volume", "$D volume rm $N-volume", "$D volume rm $N-volume || true"}},
				{"network", []string{"$D network create $N-network", "$D network inspect $N-network", "$D network rm $N-network"}},
				{"build", []string{"$D build --no-cache -t $N-build:1 $C", "$D rmi $N-build:1"}},
			} {
				file := filepath.Join(t.TempDir(), "then.pcapng")
				env := environ("D="+docker.path, "I="+testImage, "N="+name, "C="+folder, "DOCKER_BUILDKIT=0")
				then := socktrace(t, env, "run", "-q", "--pcapng", file, "--", "sh", "-ec", strings.Join(c.commands, "\n")).end()
				if then.status != "exit status 0" {
					t.Fatalf("%s: %s\n%s", c.name, then.status, then.err)
				}
				har := filepath.Join(t.TempDir(), "now.har")
				now := socktrace(t, nil, "replay", "--yes", "--har", har, file).end()
				if now.status != "exit status 0" || !strings.Contains(now.out, "no difference: ") || strings.Contains(now.out, "not compared") {
					t.Errorf("%s: %s\n%s%s", c.name, now.status, now.out, now.err)
				}
				again := socktrace(t, nil, "diff", file, har).end()
				check(t, c.name+": what was recorded now", again.status+again.out, "exit status 0"+again.out)
			}
		})
	}
}

// TestReplayWebSocket: what a program has said in WebSockets is said again, and the answers are the same.
func TestReplayWebSocket(t *testing.T) {
	dockers(t)
	py, file := pythonWithWebSocket(t), filepath.Join(t.TempDir(), "then.pcapng")
	recorder := socktrace(t, nil, "listen", "-q", "--listen", "tcp://127.0.0.1:0", "--pcapng", file)
	then := launch(t, environ("DOCKER_HOST="+addrSaid(t, recorder, "listening on ", " for ")), py, "testdata/dockerpy/by_websocket.py", testImage, uniqueName()).end()
	if then.status != "exit status 0" {
		t.Fatal(then.err)
	}
	check(t, "status of the recorder", recorder.stop(os.Interrupt).status, "exit status 0")
	now := socktrace(t, nil, "replay", "--yes", file).end()
	if now.status != "exit status 0" || !strings.Contains(now.out, "no difference: ") {
		t.Errorf("%s\n%s%s", now.status, now.out, now.err)
	}
}
