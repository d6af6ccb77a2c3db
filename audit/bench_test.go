package audit_test

import (
	"path/filepath"
	"testing"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// BenchmarkExchange plays a container's creation through a sink, with its file.
func BenchmarkExchange(b *testing.B) {
	open := func(b *testing.B, o audit.Options) *audit.Sink {
		s, err := audit.Open(filepath.Join(b.TempDir(), "a"), o)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	for name, sink := range map[string]func(*testing.B) wire.Sink{
		"audit":  func(b *testing.B) wire.Sink { return open(b, audit.Options{Spool: 1 << 20}) },
		"strict": func(b *testing.B) wire.Sink { return open(b, audit.Options{Strict: true}) },
		"har": func(b *testing.B) wire.Sink {
			w, err := har.Create(filepath.Join(b.TempDir(), "h"), har.Options{Spool: 1 << 20, Body: 1 << 20})
			if err != nil {
				b.Fatal(err)
			}
			return w
		},
	} {
		for what, request := range map[string]string{"create": post(create, privileged), "list": get("/v1.47/containers/json")} {
			b.Run(name+"/"+what, func(b *testing.B) {
				s := connected(b, sink(b), nil)
				reply := answer("201 Created", `{"Id":"0123456789abcdef","Warnings":[]}`)
				for b.Loop() {
					s.say(wire.ToServer, request)
					s.say(wire.ToClient, reply)
				}
				s.stop()
			})
		}
	}
}
