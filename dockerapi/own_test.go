package dockerapi

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

// TestOwnPaths fills the parameters of each operation's path with anything, and asks for
// it with and without a version, below another path, as a URL, and percent-encoded: it is
// that operation, or another that has more of the path fixed. A path without parameters that
// is a byte longer or shorter, and one of another method, is another or none.
func TestOwnPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, op := range Operations() {
		if op.Path == "*" || strings.HasPrefix(op.Path, "/{") {
			continue // they have no path of their own
		}
		for range 100 {
			path, first := filled(r, op.Path)
			want := theMost(op.Method, path)
			if want == nil || want != op && specific(newRoute(want), newRoute(op)) > 0 {
				t.Fatalf("%s %s: no row of the table says as much of it as %s", op.Method, path, op.Path)
			}
			for _, target := range []string{path, "/v1.41" + path, "/v5.8.1" + path, "/base/v1.41" + path, "http://h" + path,
				"/v1.41" + path + "?x=/y&all=1", "/v1.41" + encoded(r, path)} {
				if strings.Contains(target, "/base") && strings.Contains(path, "/v") {
					continue // a version may be in what fills it
				}
				c, ok := Match(op.Method, target)
				if !ok || c.Op != want {
					t.Fatalf("%s %s: got %s, want %s (%s)", op.Method, target, c.Name(), want.Name, want.Path)
				}
				if want == op && c.Subject != first {
					t.Fatalf("%s %s: got subject %q, want %q", op.Method, target, c.Subject, first)
				}
			}
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"} {
				if c, ok := Match(method, path); ok && c.Op.Method != method {
					t.Fatalf("%s %s: got %s %s", method, path, c.Op.Method, c.Op.Path)
				}
			}
			if !strings.Contains(op.Path, "{") {
				for _, other := range []string{path + "x", path[:len(path)-1]} {
					if c, _ := Match(op.Method, other); c.Op == op {
						t.Fatalf("%s %s: got %s", op.Method, other, op.Path)
					}
				}
			}
		}
	}
}

// theMost returns the operation that has the most of a path fixed, read as plainly as can
// be: of those with as much, the first; nil if there is none.
func theMost(method, path string) (best *Operation) {
	most := -1
	for _, op := range Operations() {
		if op.Method != method || strings.HasPrefix(op.Path, "/{") || op.Path == "*" {
			continue
		}
		if fixed, ok := fits(op.Path, path); ok && fixed > most && beginning(op.Path) == beginning(path) {
			best, most = op, fixed
		}
	}
	return best
}

// fits reports whether path is pattern with something in the place of each of its
// parameters, and how many bytes of it are fixed.
func fits(pattern, path string) (fixed int, ok bool) {
	before, rest, found := strings.Cut(pattern, "{")
	if !found {
		return len(pattern), pattern == path
	}
	if !strings.HasPrefix(path, before) {
		return 0, false
	}
	_, rest, _ = strings.Cut(rest, "}")
	for n := len(path); n > len(before); n-- {
		if more, ok := fits(rest, path[n:]); ok {
			return len(before) + more, true
		}
	}
	return 0, false
}

// filled returns a path with the parameters of pattern filled, and what is in the first.
// What has slashes in it are names of images and the like; the second of two has none.
func filled(r *rand.Rand, pattern string) (path, first string) {
	for i := 0; ; i++ {
		before, rest, found := strings.Cut(pattern, "{")
		path += before
		if !found {
			return path, first
		}
		_, pattern, _ = strings.Cut(rest, "}")
		value := filling(r)
		if i == 0 {
			first = value
		} else {
			value = strings.ReplaceAll(value, "/", "-")
		}
		path += value
	}
}

// filling is what may stand for a parameter, with traps in it.
func filling(r *rand.Rand) string {
	words := [...]string{"abc", "json", "create", "prune", "get", "a.b:1", "127.0.0.1:5055", "sha256:0f", "exists", "kube", "é ü", "v2", "~", "checkpoints", "registry", "scp"}
	n := 1
	if r.IntN(3) == 0 {
		n = 1 + r.IntN(3)
	}
	parts := make([]string, n)
	for i := range parts {
		parts[i] = words[r.IntN(len(words))]
	}
	return strings.Join(parts, "/")
}

// encoded percent-encodes a path: all of what is in a segment that has to be, and now and
// then slashes too, as clients do in names of images.
func encoded(r *rand.Rand, path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	out := parts[0]
	for i, part := range parts[1:] {
		if i > 0 && r.IntN(4) == 0 {
			out += "%2F" + part
		} else {
			out += "/" + part
		}
	}
	return out
}
