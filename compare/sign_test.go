package compare

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

// sayings are what paths, parameters and documents of random requests are made of: ids in full and
// in short (of one the short form has digits only), ids that clients make up, names that stand for
// others, have ids or times in them or were made up, images in several forms, flags, times, what was masked.
var sayings = []string{
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "0123456789ab", "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
	"123456789012abcdef0123456789abcdef0123456789abcdef0123456789abcd", "123456789012",
	"550e8400-e29b-41d4-a716-446655440000", "12345678-e29b-41d4-a716-446655440001", "0123456789abcdefghijklmno",
	"web", "job-1", "job-2", "web_0123456789abcdef", "job_fedcba987654", "job-5s", "job-7s", "happy_bohr", "sad_curie3", "on", "json",
	"busybox", "busybox:latest", "docker.io/library/busybox", "library/busybox", "localhost:5000/a/busybox:1",
	"busybox@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	"1", "true", "0", "", "2024-01-01T00:00:00Z", "2025-06-07T08:09:10.123456789Z", "Mon Jan 02 2024", "1700000000", "10s",
	"[masked 7 bytes]", "a [masked 7 bytes] b", `{"label":["a"]}`, `{"label":{"a":true}}`, `["a"]`, "two words",
}

// askedFor are requests: %s is a word in each, %q one in quotes.
var askedFor = []string{
	"GET /containers/%s/json", "GET /v1.41/containers/%s/json", "GET /images/%s/json", "GET /volumes/%s", "GET /some/%s/of/%s", "GET /v1.41/some/%s/of/%s",
	"POST /containers/create?name=%s", "POST /containers/create?name=%s {\"Cmd\":[%q],\"Image\":%q}", "POST /containers/create {\"cmd\":[%q,%q]}",
	"POST /containers/create {\"Cmd\":%q}", "POST /containers/create {\"Cmd\":[],\"Name\":null}", "POST /containers/create null", "POST /containers/create",
	"POST /volumes/create {\"Name\":%q}", "POST /volumes/create {\"name\":\"\",\"Name\":%q}", "POST /volumes/create no document",
	"GET /containers/%s/logs?stdout=%s&follow=%s&since=%s&tail=%s", "GET /containers/%s/logs?follow=%s&stdout=%s",
	"POST /images/create?fromImage=%s&tag=%s", "GET /containers/json?filters=%s&all=%s", "POST /build?buildid=%s&rm=%s&t=%s&t=%s",
	"POST /containers/%s/exec {\"Cmd\":[%q]}", "POST /services/%s/update?version=%s", "HEAD /_ping", "GET /_ping",
}

// filled returns a request of a form, with words in it.
func filled(form string, words []string) (Request, string) {
	parts := strings.SplitN(form, " ", 3)
	place := 0
	next := func(verb string) string {
		word := words[place%len(words)]
		place++
		if verb == "q" {
			return strconv.Quote(word)
		}
		return url.QueryEscape(word)
	}
	for i, part := range parts {
		for _, verb := range []string{"s", "q"} {
			for strings.Contains(part, "%"+verb) {
				part = strings.Replace(part, "%"+verb, strings.ReplaceAll(next(verb), "%", "\x00"), 1)
			}
		}
		parts[i] = strings.ReplaceAll(part, "\x00", "%")
	}
	r := Request{Method: parts[0], Target: parts[1]}
	if len(parts) > 2 {
		r.Body = []byte(parts[2])
	}
	call, _ := dockerapi.Match(r.Method, r.Target)
	return r, call.Name()
}

// chosen returns n words.
func chosen(r *rand.Rand, n int) (all []string) {
	for range n {
		all = append(all, sayings[r.IntN(len(sayings))])
	}
	return all
}

// meet reports whether a request of A with one sign and one of B with another may ask for the same.
// known says that all ids in the path of that of A stand for something.
func meet(a, b Sign, known bool) bool {
	path := len(a.Paths) == 0 || len(b.Paths) == 0 && !b.New || b.New && !known
	for _, p := range b.Paths {
		path = path || slices.Contains(a.Paths, p)
	}
	return path && (a.AnyRest || b.AnyRest || a.Rest == b.Rest)
}

// TestSigns: requests that ask for the same have signs that say they may, whatever is known.
func TestSigns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	same, apart := 0, 0
	patterns := []string{"query name", "name", "Cmd", "path", "ContainerLogs:query tail", "Cmd[1]", "query *", "body"}
	for range 500 {
		s, ignored := New(), NewPlaces(slices.Clone(patterns[:r.IntN(2)*r.IntN(len(patterns))]))
		r.Shuffle(len(patterns), func(i, j int) { patterns[i], patterns[j] = patterns[j], patterns[i] })
		for range r.IntN(12) {
			a, b := chosen(r, 1)[0], chosen(r, 1)[0]
			if r.IntN(3) > 0 {
				b = a
			}
			if !isMasked(a) && !isMasked(b) {
				s.Same(a, b)
			}
		}
		for range 60 {
			form := r.IntN(len(askedFor))
			words := chosen(r, 4)
			a, opA := filled(askedFor[form], words)
			if r.IntN(4) == 0 {
				form = r.IntN(len(askedFor))
			}
			i := r.IntN(4)
			if b, is := s.toB[key(words[i])]; is && r.IntN(2) == 0 {
				words[i] = b
			} else {
				words[i] = chosen(r, 1)[0]
			}
			b, opB := filled(askedFor[form], words)
			if opA != opB {
				continue
			}
			known := true
			path, _ := Path(a.Target)
			for id := range IDs(path) {
				_, is := s.toB[key(id)]
				known = known && is
			}
			x, y := SignA(opA, &a, ignored), s.SignB(opB, &b, ignored)
			mark := s.Mark()
			differ := slices.DeleteFunc(s.Requests(&a, &b), func(d Difference) bool { return ignored.Have(opA, d.Place) })
			if len(differ) > 0 || r.IntN(3) > 0 {
				s.Undo(mark)
			}
			switch may := meet(x, y, known); {
			case len(differ) == 0 && !may:
				t.Fatalf("the same, but signs say otherwise:\n%s %s %s\n%s %s %s\n%+v\n%+v\n%v", a.Method, a.Target, a.Body, b.Method, b.Target, b.Body, x, y, s.toB)
			case len(differ) == 0:
				same++
			case !may:
				apart++
			}
		}
	}
	if t.Logf("%d are the same, %d are told apart", same, apart); same < 2500 || apart < 2500 {
		t.Error("the test is void")
	}
}
