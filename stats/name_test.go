package stats

import (
	"strings"
	"testing"
)

const hex64 = "880ea29c525b880ea29c525b880ea29c525b880ea29c525b880ea29c525b0123"

func TestPaths(t *testing.T) {
	for target, want := range map[string]string{
		"":                              "",
		"/":                             "/",
		"*":                             "*",
		"example.com:443":               "example.com:443",
		"/v1.41/things/12?x=/y/3#z":     "/things/{id}",
		"/v1.41":                        "/v1.41",
		"/v1.41/":                       "/",
		"/v1":                           "/v1",
		"/v/12":                         "/v/{id}",
		"/volumes/7":                    "/volumes/{id}",
		"/v2x/a":                        "/v2x/a",
		"/a/v1.41/b":                    "/a/v1.41/b",
		"/a/" + hex64 + "/json":         "/a/{id}/json",
		"/a/880ea29c525b":               "/a/{id}",
		"/a/880EA29C525B":               "/a/{id}",
		"/a/sha256:" + hex64:            "/a/{id}",
		"/a/sha256:880ea29c525b/b":      "/a/{id}/b",
		"/a/web:1":                      "/a/web:1",
		"/a/sha256:beef":                "/a/sha256:beef",
		"/a/sha256:zz0ea29c525b":        "/a/sha256:zz0ea29c525b",
		"/a/2026-11-26":                 "/a/{id}",
		"/a/192.0.2.1:80":               "/a/{id}",
		"/a/123e4567-e89b-12d3-a456-42": "/a/{id}",
		"/a/dead":                       "/a/dead",
		"/a/web-1":                      "/a/web-1",
		"/a/b/":                         "/a/b/",
		"//a//1/":                       "//a//{id}/",
		"http://docker/v1.41/a/1?b":     "/a/{id}",
		"http://docker":                 "/",
		"/a://b/1":                      "/a://b/{id}",
		"/a/" + strings.Repeat("n", 40): "/a/" + strings.Repeat("n", 40),
		"/a/" + strings.Repeat("n", 41): "/a/{id}",
		"/a/b/c/d/e/f/g/h":              "/a/b/c/d/e/f/g/h",
		"/a/b/c/d/e/f/g/h/i/j":          "/a/b/c/d/e/f/g/h/...",
		strings.Repeat("/"+strings.Repeat("n", 39), 5):                                 strings.Repeat("/"+strings.Repeat("n", 39), 5),
		strings.Repeat("/"+strings.Repeat("n", 39), 4) + "/" + strings.Repeat("n", 40): strings.Repeat("/"+strings.Repeat("n", 39), 4) + "/...",
	} {
		if got := string(appendPath([]byte("x"), target)); got != "x"+want {
			t.Errorf("%s: got %q, want %q", target, got[1:], want)
		}
	}
}

// FuzzPath: a name is bounded, and has a path alone.
func FuzzPath(f *testing.F) {
	f.Add("/v1.41/a/12?b")
	f.Add("http://[::1]:80//1")
	f.Add("://")
	f.Fuzz(func(t *testing.T, target string) {
		got := string(appendPath(nil, target))
		if len(got) > maxPath+len(variable)+len("/...") {
			t.Errorf("%q has %d bytes", got, len(got))
		}
		if strings.ContainsAny(got, "?#") {
			t.Errorf("%q has more than a path", got)
		}
	})
}

func TestMethods(t *testing.T) {
	if got := string(appendMethod([]byte("x"), strings.Repeat("A", 21))); got != "x"+strings.Repeat("A", 20) {
		t.Errorf("got %s", got)
	}
	if got := string(appendMethod(nil, "GET")); got != "GET" {
		t.Errorf("got %s", got)
	}
}
