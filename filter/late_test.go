package filter

import (
	"strings"
	"testing"
)

// TestLate: what the head of a request tells is early, all else is late.
func TestLate(t *testing.T) {
	for expression, want := range map[string]string{
		`true`: "",
		`method == "POST" and path startsWith "/containers/" and client.uid == 0`:          "",
		`request.headers["user-agent"] startsWith "docker-sdk" or query["all"] == "1"`:     "",
		`method == "POST" and status >= 400`:                                               "status",
		`not (request.json.Image == "busybox") and duration > "1s" and duration_ms < 5000`: "request.json duration duration_ms",
		`subject.name == "web" or status == 200 or status == 201`:                          "subject.name status",
	} {
		f, err := Compile(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got := strings.Join(f.Late(), " "); got != want {
			t.Errorf("%s: late are %q, want %q", expression, got, want)
		}
	}
}
