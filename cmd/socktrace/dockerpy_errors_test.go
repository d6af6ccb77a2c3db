//go:build unix

package main

import (
	"fmt"
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
