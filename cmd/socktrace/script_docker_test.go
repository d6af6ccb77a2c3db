//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// scriptSession is docker commands whose calls need what those before them have made: {i} is
// the image.
const scriptSession = `docker run --rm --network none {i} sh -c 'echo first; exit 3'
n=$(docker network create --internal {n})
c=$(docker run -d --network $n {i} sleep 1000)
docker exec $c echo second
docker network disconnect $n $c
docker inspect $c >inspected
docker kill $c
docker rm $c
docker network rm $n
docker create --network none {i} true >created
docker rm $(cut -c-12 created)`

// TestScriptAgain runs the script that a session has become: it does the same once more,
// with new containers.
func TestScriptAgain(t *testing.T) {
	docker := dockers(t)[0]
	need.Program(t, "jq")
	python := pythons(t)[0].path
	for form, shell := range map[string]string{"curl": need.Program(t, "bash"), "docker": need.Program(t, "bash"), "python": python} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			network := uniqueName()
			t.Cleanup(func() { _ = exec.Command(docker.path, "network", "rm", network).Run() })
			dir := t.TempDir()
			in := func(cmd *exec.Cmd) { cmd.Dir = dir }
			session := strings.NewReplacer("{i}", testImage, "{n}", network, "docker ", docker.path+" ").Replace(scriptSession)
			har := filepath.Join(dir, "session.har")
			live := socktrace(t, in, "run", "-f", form, "-o", filepath.Join(dir, "script"), "--har", har, "--", "sh", "-c", session).end()
			if !strings.Contains(live.out, "first\n") || !strings.Contains(live.out, "second\n") {
				t.Fatalf("it does not run: %s\n%s", live.out, live.err)
			}
			script := readFile(t, filepath.Join(dir, "script"))
			again := launch(t, in, shell, filepath.Join(dir, "script")).end()
			for _, want := range []string{"first", "second"} {
				if !strings.Contains(again.out, want) {
					t.Errorf("no %s in %s\n%s\nof\n%s", want, again.out, again.err, script)
				}
			}
			for _, bad := range []string{"Error", "No such", "Traceback"} {
				if strings.Contains(again.err, bad) || strings.Contains(again.out, `{"message":"`) {
					t.Errorf("%s in %s\n%s\nof\n%s", bad, again.out, again.err, script)
				}
			}
			if left, err := exec.Command(docker.path, "ps", "-aq", "-f", "network="+network).CombinedOutput(); err != nil || len(left) > 0 {
				t.Errorf("left: %s%v", left, err)
			}
			read := socktrace(t, nil, "read", "-f", form, har).end()
			if a, b := callsOf(script), callsOf(read.out); !slices.Equal(a, b) {
				t.Errorf("live:\n%s\nread:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
		})
	}
}

// callsOf returns the lines of a script that are no comments.
func callsOf(script string) (lines []string) {
	for line := range strings.SplitSeq(script, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}
