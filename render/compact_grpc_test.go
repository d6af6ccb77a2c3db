package render

import (
	"strings"
	"testing"
)

// TestCompactStatus: a call that is answered well says so, unless its stream tells of
// something that failed.
func TestCompactStatus(t *testing.T) {
	for failed, want := range map[string]string{"": "  OK", "[2/2] RUN make": "  ! [2/2] RUN make"} {
		s := failsWith(false, "grpc-status: 0")
		s.done(3).Outcome.Error = failed
		got := compactOf(t, 0, s.events...)
		if !strings.Contains(got, want) || failed != "" && strings.Contains(got, "OK") {
			t.Errorf("%q: got %s", failed, got)
		}
	}
}
