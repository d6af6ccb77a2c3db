package replay

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestNegotiated: when an older daemon has said which version it speaks, requests are at that, and no
// others are; each that is says so.
func TestNegotiated(t *testing.T) {
	first := func(request, version string) call {
		return call{request: request, status: 200, change: func(x *wire.Exchange) {
			x.Response.Fields = []wire.Field{field("Api-Version", version)}
		}}
	}
	for _, c := range []struct {
		name      string
		first     string // request
		then, now string
		want      string
		notes     int
	}{
		{"older", "HEAD /_ping", "1.45", "1.41", "/v1.40/info /v1.41/info /v1.41/containers/v1.45/json /info", 2},
		{"an older one's version", "GET /version", "1.45", "1.41", "/v1.40/info /v1.41/info /v1.41/containers/v1.45/json /info", 2},
		{"an older one of which nobody asked that", "GET /info", "1.45", "1.41", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"newer", "GET /_ping", "1.45", "1.50", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"the same", "GET /_ping", "1.45", "1.45", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"none", "GET /_ping", "1.45", "", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
		{"nonsense", "GET /_ping", "1.45", "old", "/v1.40/info /v1.45/info /v1.45/containers/v1.45/json /info", 0},
	} {
		var mu sync.Mutex
		var got []string
		p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Api-Version", c.now)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, r.URL.Path)
		}))
		calls := []call{first(c.first, c.then)}
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
		check(t, c.name+": requests", strings.Join(got[1:], " "), c.want)
		notes := 0
		for _, step := range s.Steps {
			notes += len(step.Notes)
		}
		check(t, c.name+": notes", notes, c.notes)
	}
}
