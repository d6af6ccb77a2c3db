package replay

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestNegotiated: behind a ping that an older daemon answers, requests are at its version, and no
// others are; what it is said that it was asked otherwise.
func TestNegotiated(t *testing.T) {
	ping := func(version string) call {
		return call{request: "HEAD /_ping", status: 200, change: func(x *wire.Exchange) {
			x.Response.Fields = []wire.Field{field("Api-Version", version)}
		}}
	}
	for _, c := range []struct {
		name, then, now string
		want            string
		notes           int
	}{
		{"older", "1.45", "1.41", "/v1.40/info /v1.41/info /v1.41/containers/v1.45/json /info", 2},
		{"newer", "1.45", "1.50", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"the same", "1.45", "1.45", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"none", "1.45", "", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"nonsense", "1.45", "old", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
	} {
		var mu sync.Mutex
		var got []string
		p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/_ping" {
				w.Header().Set("Api-Version", c.now)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, r.URL.Path)
		}))
		calls := []call{ping(c.then)}
		for _, target := range []string{"/v1.40/info", "/v1.45/info", "/v1.45/containers/v1.45/json", "/info"} {
			calls = append(calls, call{request: "GET " + target, status: 200})
		}
		for i := range calls {
			calls[i].conn, calls[i].times = 1, [3]int{3 * i, 3*i + 1, 3*i + 2}
		}
		s := recorded(t, Options{}, calls...)
		if err := p.Play(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		check(t, c.name+": requests", strings.Join(got, " "), c.want)
		notes := 0
		for _, step := range s.Steps {
			notes += len(step.Notes)
		}
		check(t, c.name+": notes", notes, c.notes)
	}
}
