package redact

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestOrdinaryBodies: of what daemons are told and answer day by day (testdata/bodies.txt,
// a name and a body of JSON a line) only what is a secret is masked: the hash of a
// password that a proxy reads from a label.
func TestOrdinaryBodies(t *testing.T) {
	b, err := os.ReadFile("testdata/bodies.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) < 50 {
		t.Fatalf("only %d bodies", len(lines))
	}
	const secret = "traefik.http.middlewares.auth.basicauth.users"
	for _, line := range lines {
		name, body, _ := strings.Cut(line, " ")
		want := strings.Count(body, secret)
		for _, target := range []string{"/x", "/swarm", "/secrets"} {
			if target != "/x" && !strings.Contains(target, name) {
				continue
			}
			c := newConv()
			c.request(1, target)
			m := c.message(1, wire.ToClient, wire.KindJSON, body)
			if got := strings.Count(string(m.Data), "[masked "); got != want || slices.ContainsFunc(m.Masked, func(n string) bool { return !strings.HasSuffix(n, secret) }) {
				t.Errorf("%s: %d are masked, %q; want %d:\n%s", name, got, m.Masked, want, m.Data)
			}
		}
	}
}
