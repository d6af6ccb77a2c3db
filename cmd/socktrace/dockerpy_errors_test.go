//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
)

// TestDockerPyRaises: what docker-py raises for a status is what is said of it.
func TestDockerPyRaises(t *testing.T) {
	dockers(t)
	for _, py := range pythons(t) {
		t.Run(py.version, func(t *testing.T) {
			t.Parallel()
			got := launch(t, nil, py.path, "testdata/dockerpy/errors.py", testImage, uniqueName()).end()
			check(t, "status", got.status, "exit status 0")
			seen := 0
			for line := range strings.Lines(got.out) {
				var method, url, status, raised string
				if _, err := fmt.Sscan(line, &method, &url, &status, &raised); err != nil {
					t.Errorf("%v: %s", err, line)
					continue
				}
				seen++
				call, _ := dockerapi.Match(method, url)
				e := explain.Of(call.Name())
				if e == nil {
					t.Errorf("no operation: %s", line)
					continue
				}
				if x, known := e.Error(status); !known || x.Raises != raised {
					t.Errorf("%s %s: docker-py raised %s, said is %+v", e.Name, status, raised, x)
				}
			}
			if seen < 30 {
				t.Errorf("%d errors alone:\n%s%s", seen, got.out, got.err)
			}
		})
	}
}

// TestSaidToDockerPy: what docker-py raises, live, is what is said of the exchange that it
// raises it for.
func TestSaidToDockerPy(t *testing.T) {
	dockers(t)
	for _, py := range pythons(t) {
		t.Run(py.version, func(t *testing.T) {
			t.Parallel()
			trace := filepath.Join(t.TempDir(), "trace.jsonl")
			got := socktrace(t, nil, "run", "--explain", "-f", "jsonl", "-o", trace, "--", py.path, "testdata/dockerpy/errors.py", testImage, uniqueName()).end()
			check(t, "status", got.status, "exit status 0")
			var failed []saidLine
			for _, l := range saidLines(t, readFile(t, trace)) {
				if l.Explain != nil && l.Explain.Answer != nil {
					failed = append(failed, l)
				}
			}
			seen := 0
			for line := range strings.Lines(got.out) {
				var method, url, status, raised string
				if _, err := fmt.Sscan(line, &method, &url, &status, &raised); err != nil {
					t.Errorf("%v: %s", err, line)
					continue
				}
				call, _ := dockerapi.Match(method, url)
				path, found := strings.TrimPrefix(url, "http+docker://localhost"), false
				for i, l := range failed {
					asked := l.Target == path || !strings.Contains(url, "://") && l.Operation == call.Name()
					if asked && l.Method == method && fmt.Sprint(l.Status) == status {
						if a := l.Explain.Answer; a.Raises != raised || a.Prints != "" || a.Means == "" {
							t.Errorf("%s: docker-py raised %s, said is %+v", l.Operation, raised, a)
						}
						failed, found = append(failed[:i:i], failed[i+1:]...), true
						seen++
						break
					}
				}
				if !found {
					t.Errorf("nothing is said of %s", line)
				}
			}
			for _, l := range failed {
				if l.Explain.Answer.Raises != "" {
					t.Errorf("nothing was raised for %s %s: %+v", l.Method, l.Target, l.Explain.Answer)
				}
			}
			if seen < 30 {
				t.Errorf("%d errors alone:\n%s%s", seen, got.out, got.err)
			}
		})
	}
}
