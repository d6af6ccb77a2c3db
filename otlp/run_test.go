package otlp

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestRun: the span of what was started is called as it was, and tells its exit status: no
// other's does.
func TestRun(t *testing.T) {
	for _, tt := range []struct {
		exit      int
		code, err string
		status    ptrace.StatusCode
	}{
		{-1, "", "", ptrace.StatusCodeUnset}, // it goes on
		{0, "0", "", ptrace.StatusCodeUnset},
		{137, "137", "137", ptrace.StatusCodeError},
	} {
		run := new(Run)
		run.Named("docker", "docker run")
		s := newScriptWith(t, SinkOptions{Run: run})
		s.whole(s.open(process(7, "sh")), 1, "/other")
		s.whole(s.open(process(8, "docker")), 1, "/run")
		s.whole(s.open(process(9, "docker")), 1, "/child")
		if tt.exit >= 0 {
			run.Exited(8, tt.exit)
		}
		all := s.spansOf(t)
		named, ok := all["docker run"]
		if !ok {
			t.Fatalf("the names are not right: %v", all)
		}
		equal(t, "pid", text(named.Attributes(), "process.pid"), "8")
		equal(t, "exit status", text(named.Attributes(), "process.exit.code"), tt.code)
		equal(t, "error", text(named.Attributes(), "error.type"), tt.err)
		equal(t, "status", named.Status().Code(), tt.status)
		for _, other := range []string{"sh", "docker"} {
			equal(t, "exit status of "+other, text(all[other].Attributes(), "process.exit.code"), "")
			equal(t, "exchanges of "+other, text(all[other].Attributes(), "socktrace.exchanges"), "1")
		}
	}
}
