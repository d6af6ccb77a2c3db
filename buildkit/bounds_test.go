package buildkit

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestBounds: what is as long as may be is remembered, what is longer is not.
func TestBounds(t *testing.T) {
	for n, want := range map[int]bool{256 << 10: true, 256<<10 + 1: false} {
		f := files{share: &share{room: new(Room)}}
		if f.add(strings.Repeat("x", n)); (len(f.paths) == 1) != want {
			t.Errorf("a path of %d bytes: %d are remembered", n, len(f.paths))
		}
	}
	for n, want := range map[int]string{256: "1", 257: "?"} {
		s := steps{share: &share{room: new(Room)}}
		if got := s.label(strings.Repeat("x", n)); got != want {
			t.Errorf("a digest of %d bytes: %s, want %s", n, got, want)
		}
	}
}

// TestLabels: what lines begin with, by the type of their message.
func TestLabels(t *testing.T) {
	for _, c := range []struct{ typ, data, want string }{
		{"fsutil.types.Packet", `{"type":"PACKET_FIN"}`, "file"},
		{"moby.buildkit.v1.StatusResponse", `{"vertexes":[{"digest":"a","name":"x","cached":true}]}`, "build"},
		{"moby.buildkit.v1.SolveRequest", `{"Frontend":"dockerfile.v0"}`, "solve"},
		{"moby.buildkit.v1.frontend.SolveRequest", `{"Frontend":"dockerfile.v0"}`, "solve"},
		{"moby.buildkit.v1.frontend.SolveResponse", `{"result":{"ref":{"id":"a"}}}`, "solve"},
		{"moby.buildkit.v1.frontend.ReturnRequest", `{"error":{"code":1,"message":"no"}}`, "solve"},
		{"moby.buildkit.secrets.v1.GetSecretRequest", `{"ID":"x"}`, ""},
	} {
		lines, ok := NewView(sized, new(Room)).Lines(&wire.Message{Kind: wire.KindGRPC, Type: c.typ, Data: []byte(c.data)})
		if !ok || len(lines) == 0 || !Reads(c.typ) {
			t.Errorf("%s: %v, %t", c.typ, lines, ok)
		}
		for _, l := range lines {
			if l.Label != c.want {
				t.Errorf("%s: %q, want %q", c.typ, l.Label, c.want)
			}
		}
	}
	if Reads("moby.buildkit.v1.Other") || Reads("") {
		t.Error("a type that is not known is read")
	}
}
