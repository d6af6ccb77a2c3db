//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// saidOf returns what JSON lines say of each exchange, and the stories, in an order that does not
// depend on when they came.
func saidOf(t *testing.T, lines string) string {
	t.Helper()
	var all []string
	for _, l := range saidLines(t, lines) {
		if l.Explain != nil {
			said, err := json.Marshal(l.Explain)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%03d.%03d %s %s\n", l.Conn, l.Exchange, l.Operation, said))
		}
		if l.Story != nil {
			all = append(all, "story: "+l.Story.Text+"\n")
		}
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// TestSaidOfRecordings: what is said live is said of each recording of the same session, word by
// word, the time of waiting too.
func TestSaidOfRecordings(t *testing.T) {
	const python = `
import docker, sys
c = docker.from_env()
image = sys.argv[1]
c.containers.run(image, "echo hi", network_mode="none", remove=True)
try:
    c.containers.run(image, "sh -c 'exit 3'", network_mode="none", remove=True)
except docker.errors.ContainerError:
    pass
box = c.containers.create(image, "true", network_mode="none")
box.start()
box.wait()
box.remove()
`
	type session struct {
		name string
		args []string
		want string // is said
	}
	var sessions []session
	for _, docker := range dockers(t) {
		box := uniqueName()
		docker.must(t, "run", "-d", "--name", box, "--network", "none", testImage, "sleep", "1000")
		t.Cleanup(func() { docker.must(t, "rm", "-f", box) })
		ended := uniqueName()
		docker.must(t, "run", "-d", "--name", ended, "--network", "none", testImage, "sh", "-c", "echo a; sleep 1; echo b")
		t.Cleanup(func() { docker.must(t, "rm", "-f", ended) })
		run := []string{docker.path, "run", "--rm", "--network", "none", testImage, "sh", "-c", "sleep 0.3; exit 3"}
		sessions = append(sessions,
			session{docker.version + " run", run, "All is ready"},
			session{docker.version + " exec", []string{docker.path, "exec", box, "sh", "-c", "exit 3"}, "the exit code of the command"},
			session{docker.version + " logs -f", []string{docker.path, "logs", "-f", ended}, "follow=1"},
			session{docker.version + " twice", []string{"sh", "-c", `"$0" "$@"; "$0" ps; "$0" "$@"; true`, run[0], run[1], run[2], run[3], run[4], run[5], "true"}, "All is ready"},
		)
	}
	for _, py := range pythons(t) {
		sessions = append(sessions, session{"docker-py " + py.version, []string{py.path, "-c", python, testImage}, "makes its object of the container"})
	}
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			dir := t.TempDir()
			trace := func(ext string) string { return filepath.Join(dir, "trace."+ext) }
			args := []string{"run", "--explain", "-f", "jsonl", "-o", trace("jsonl"), "--har", trace("har"), "--pcapng", trace("pcapng"), "--"}
			socktrace(t, nil, append(args, s.args...)...).end()
			live := saidOf(t, readFile(t, trace("jsonl")))
			if !strings.Contains(live, s.want) {
				t.Errorf("nobody says %q:\n%s", s.want, live)
			}
			for _, ext := range []string{"jsonl", "har", "pcapng"} {
				again := socktrace(t, nil, "read", "--explain", "-f", "jsonl", trace(ext)).end()
				checkLines(t, ext, saidOf(t, again.out), live)
			}
		})
	}
}
