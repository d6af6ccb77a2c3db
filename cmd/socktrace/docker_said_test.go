//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestSaidToDocker: what the docker CLI is said to print it prints, and what it is said to
// raise is nothing; and commands are called by their names.
func TestSaidToDocker(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			docker.must(t, "run", "-d", "--name", name, "--network", "none", testImage, "sleep", "1000")
			t.Cleanup(func() { docker.must(t, "rm", "-f", name) })
			for _, c := range []struct {
				story string
				says  bool // something is printed that is said
				args  []string
			}{
				{"docker rm", true, []string{"rm", name}},
				{"docker rm", true, []string{"rm", "no-such"}},
				{"docker rmi", true, []string{"rmi", "no-such:1"}},
				{"docker network rm", true, []string{"network", "rm", "no-such"}},
				{"docker volume rm", true, []string{"volume", "rm", "no-such"}},
				{"docker start", true, []string{"start", "no-such"}},
				{"docker stop", true, []string{"stop", "no-such"}},
				{"docker kill", true, []string{"kill", "-s", "NOSUCH", name}},
				{"docker rename", true, []string{"rename", "no-such", "other"}},
				{"docker pause", true, []string{"pause", "no-such"}},
				{"docker unpause", true, []string{"unpause", name}},
				{"docker top", true, []string{"top", "no-such"}},
				{"docker tag", true, []string{"tag", "no-such:1", "other"}},
				{"docker cp", true, []string{"cp", name + ":/no/such", "."}},
				{"docker create", true, []string{"create", "--name", name, testImage}},
				{"docker run", true, []string{"run", "--name", name, testImage}},
				{"docker run", true, []string{"run", "--rm", "--network", "none", testImage, "/no/such"}},
				{"docker run", true, []string{"run", "--rm", "--network", "no-such", testImage}},
				{"docker run", true, []string{"run", "--rm", "no-such.invalid/x:1"}},
				{"docker pull", true, []string{"pull", "no-such.invalid/x"}},
				{"docker logs", false, []string{"logs", "no-such"}},
				{"docker inspect", false, []string{"inspect", "no-such"}},
				{"docker exec", false, []string{"exec", name, "sh", "-c", "exit 3"}},
				{"docker run", false, []string{"run", "--rm", "--network", "none", testImage, "sh", "-c", "exit 127"}},
			} {
				trace := filepath.Join(t.TempDir(), "trace.jsonl")
				args := append([]string{"run", "--explain", "-f", "jsonl", "-o", trace, "--", docker.path}, c.args...)
				got := socktrace(t, nil, args...).end()
				command := strings.Join(c.args, " ")
				said, story := false, ""
				for _, l := range saidLines(t, readFile(t, trace)) {
					if l.Story != nil {
						story = l.Story.Name
					}
					if l.Explain == nil || l.Explain.Answer == nil {
						continue
					}
					a := l.Explain.Answer
					if !strings.Contains(got.err, a.Prints) {
						t.Errorf("%s: said is %q, it prints %s", command, a.Prints, got.err)
					}
					if a.Raises != "" {
						t.Errorf("%s: it is said to raise %s", command, a.Raises)
					}
					said = said || a.Prints != ""
				}
				check(t, command+": the story", story, c.story)
				if said != c.says {
					t.Errorf("%s: said is %v, that it prints %s", command, said, got.err)
				}
			}
		})
	}
}
