package otlp

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// TestAsks asks for many things, twice, in memory that is used again: what is remembered is
// what is made anew, and bounded.
func TestAsks(t *testing.T) {
	known := make(asks)
	long := strings.Repeat("x", maxWord+1)
	for _, op := range []string{"ContainerStart", "ContainerList", ""} {
		for _, method := range []string{"GET", "POST", "BREW", long} {
			for _, agent := range []string{"", "Docker-Client/28.2.2 (linux)", "\xff", long} {
				for i := range 2 * maxAsks / 16 {
					version := []byte("1." + strconv.Itoa(i))
					q := &wire.Request{
						Method: method, Version: "HTTP/1.1", Fields: []wire.Field{{Name: "User-Agent", Value: agent}},
						Call: wire.Call{Operation: op, Version: unsafe.String(&version[0], len(version))},
					}
					want := askOf(q, dockerapi.Named(op), agent)
					for range 2 {
						got := known.of(q, dockerapi.Named(op))
						equal(t, "name", got.name, want.name)
						if !bytes.Equal(got.attributes, want.attributes) {
							t.Fatalf("%q %q %q: other attributes than those of the request", op, method, agent)
						}
					}
					clear(version)
					if len(known) > maxAsks {
						t.Fatalf("%d are known", len(known))
					}
				}
			}
		}
	}
	for key := range known {
		if len(key.agent) > maxWord || len(key.method) > maxWord || strings.Contains(key.api, "\x00") {
			t.Errorf("%v is kept", key)
		}
	}
}
