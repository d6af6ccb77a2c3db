package replay

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestVersions: a change of a swarm's thing is asked for with the version that it has now, whether
// that was told of it alone or in a list; what is a version of something else stays.
func TestVersions(t *testing.T) {
	const (
		idOld, idNew = "zwbaphi5nis91cxtskizeqzy2", "mls5abxem5jgpiul9ymryixtc" // of a service
		list         = `[{"ID":"2tiv1c4ohnxpzrq4mnk7b0p0s","Version":{"Index":%d}},{"ID":%q,"Version":{"Index":%d}}]`
	)
	var mu sync.Mutex
	var got []string
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.URL.RequestURI())
		switch r.URL.Path {
		case "/services/create":
			w.WriteHeader(201)
			fmt.Fprintf(w, `{"ID":%q}`, idNew)
		case "/services/s":
			fmt.Fprintf(w, `{"ID":%q,"Version":{"Index":14}}`, idNew)
		case "/services":
			fmt.Fprintf(w, list, 15, idNew, 24)
		case "/swarm":
			fmt.Fprint(w, `{"ID":"n1s9p5jkwcdhf2xkezsa3hvyt","Version":{"Index":11}}`)
		}
	}))
	at := func(i int, c call) call {
		c.conn, c.times = 1, [3]int{3 * i, 3*i + 1, 3*i + 2}
		return c
	}
	s := recorded(t, Options{},
		at(0, call{request: "POST /services/create", body: "{}", status: 201, answer: `{"ID":"` + idOld + `"}`}),
		at(1, call{request: "GET /services/s", status: 200, answer: `{"ID":"` + idOld + `","Version":{"Index":15}}`}),
		at(2, call{request: "POST /services/" + idOld + "/update?version=15", body: "{}", status: 200}),
		at(3, call{request: "GET /services", status: 200, answer: fmt.Sprintf(list, 16, idOld, 25)}),
		at(4, call{request: "POST /services/" + idOld + "/update?version=25", body: "{}", status: 200}),
		at(5, call{request: "GET /swarm", status: 200, answer: `{"ID":"n1s9p5jkwcdhf2xkezsa3hvyt","Version":{"Index":15}}`}),
		at(6, call{request: "POST /swarm/update?version=15", body: "{}", status: 200}),
		at(7, call{request: "POST /nodes/x/update?version=15", body: "{}", status: 200}),
		at(8, call{request: "POST /build?version=1", status: 200}),
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "requests", strings.Join(got, "\n"), strings.Join([]string{
		"/services/create", "/services/s", "/services/" + idNew + "/update?version=14", "/services",
		"/services/" + idNew + "/update?version=24", "/swarm", "/swarm/update?version=11", "/nodes/x/update?version=15", "/build?version=1",
	}, "\n"))
}

// TestVersionsAreBounded: no more of them are known than there is room for.
func TestVersionsAreBounded(t *testing.T) {
	v := make(versions)
	for i := range maxVersions + 10 {
		doc := fmt.Appendf(nil, `{"ID":"x","Version":{"Index":%d}}`, i+1)
		v.learn("services", doc, doc, func(id string) string { return id })
	}
	check(t, "versions", len(v), maxVersions)
	v.learn("services", []byte(`[1,{"ID":2}]`), []byte(`{"ID":[]}`), func(id string) string { return id })
	check(t, "versions after nonsense", len(v), maxVersions)
}
