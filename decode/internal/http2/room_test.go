package http2

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestFit: what is charged of a head that is whole, of one that is cut, and of one that
// must be.
func TestFit(t *testing.T) {
	const base, least = 50, 2*body.FieldRoom + len(":status"+"200"+"grpc-status"+"7") // what decides
	for _, c := range []struct {
		room   int64
		size   int // as the head says
		must   bool
		fields int
		want   int
		ok     bool
	}{
		{1 << 20, 5000, false, 3, base + 5000 + 3*body.FieldRoom, true},
		{1 << 20, 9000, true, 3, base + 8000 + 3*body.FieldRoom, true}, // more is not kept
		{2 * (base + int64(least)), 5000, false, 2, base + least, true},
		{0, 5000, true, 2, base + least, true},
		{0, 5000, false, 2, base + least, false},
	} {
		b := memory.New(c.room)
		a := budget.NewAccount(budget.Of(b))
		d := &Decoder{env: &body.Env{Account: a}, limit: Limits{Head: 8000}}
		h := &head{Block: &hpack.Block{
			Fields: []wire.Field{{Name: ":status", Value: "200"}, {Name: "x", Value: strings.Repeat("v", 5000)}, {Name: "grpc-status", Value: "7"}},
			Kinds:  []hpack.Kind{hpack.Status, hpack.Regular, hpack.Regular}, Size: c.size,
		}}
		h.read()
		room, ok := d.fit(h, base, c.must)
		if room != c.want || ok != c.ok || len(h.Fields) != c.fields || len(h.Kinds) != c.fields || h.short != (c.fields == 2) || h.pseudo.status != "200" {
			t.Errorf("of %d: %d, %t, want %d, %t; %d fields, %d kinds, short: %t", c.room, room, ok, c.want, c.ok, len(h.Fields), len(h.Kinds), h.short)
		}
		if ok {
			a.Refund(room)
		}
		if a.Close(); b.Left() != c.room {
			t.Errorf("of %d: %d bytes are left", c.room, b.Left())
		}
	}
}

// TestShortenEach: each field that decides is kept, with its kind, and nothing else is,
// wherever it stands.
func TestShortenEach(t *testing.T) {
	for _, name := range []string{
		":method", ":path", ":scheme", ":authority", ":protocol", ":status", "content-encoding", "content-length", "content-type", "grpc-encoding",
		"grpc-status", "sec-websocket-extensions", "sec-websocket-protocol", "grpc-message", "cookie", ":other", "content-typ", "host",
	} {
		decides := name != "grpc-message" && name != "cookie" && name != ":other" && name != "content-typ" && name != "host"
		for at := range 3 {
			fields, kinds := make([]wire.Field, 3), []hpack.Kind{hpack.Regular, hpack.Regular, hpack.Regular}
			for i := range fields {
				fields[i] = wire.Field{Name: fmt.Sprint("x-", i), Value: "v"}
			}
			fields[at], kinds[at] = wire.Field{Name: name, Value: "1"}, hpack.WrongValue
			h := &head{Block: &hpack.Block{Fields: fields, Kinds: kinds}}
			h.shorten()
			want := 0
			if decides {
				want = 1
			}
			if len(h.Fields) != want || len(h.Kinds) != want || want == 1 && (h.Fields[0] != wire.Field{Name: name, Value: "1"} || h.Kinds[0] != hpack.WrongValue) {
				t.Errorf("%s, field %d: %v, %v", name, at, h.Fields, h.Kinds)
			}
			for i, f := range fields[want:] {
				if f != (wire.Field{}) {
					t.Errorf("%s, field %d: %v is held as field %d", name, at, f, want+i)
				}
			}
		}
	}
	for n, want := range map[int]int{0: 1, 1 << 10: 1, 1<<10 + 1: 0} {
		h := &head{Block: &hpack.Block{Fields: []wire.Field{{Name: "content-type", Value: strings.Repeat("x", n)}}, Kinds: []hpack.Kind{hpack.Regular}}}
		if h.shorten(); len(h.Fields) != want {
			t.Errorf("a value of %d bytes: %d fields", n, len(h.Fields))
		}
	}
}

// TestOfCall: of a call of gRPC there is what says so and how it ends; of others nothing.
func TestOfCall(t *testing.T) {
	of := func(names ...string) (fields []wire.Field) {
		for _, n := range names {
			name, value, _ := strings.Cut(n, " ")
			fields = append(fields, wire.Field{Name: name, Value: value})
		}
		return fields
	}
	for _, c := range []struct{ in, want []wire.Field }{
		{nil, nil},
		{of("a b"), nil},
		{of("grpc-status 0", "a b"), of("grpc-status 0")},
		{of("content-type application/grpc", "grpc-timeout 1S", "te trailers"), of("content-type application/grpc", "grpc-timeout 1S")},
		{of("content-type application/grpc+proto; x=y", "grpc-message m"), of("content-type application/grpc+proto; x=y", "grpc-message m")},
		{of("grpc-status 0", "content-type text/html"), nil},
	} {
		if got := ofCall(c.in); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v: got %v, want %v", c.in, got, c.want)
		}
		for _, n := range []wire.Needs{{Fields: true}, {Fields: true, Lines: true}, {Lines: true}, {}} {
			d := &Decoder{env: &body.Env{Needs: n}}
			want := c.in
			if !n.Fields {
				want = nil
				if n.Lines {
					want = c.want
				}
			}
			if got := d.told(c.in); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v, %+v: got %v, want %v", c.in, n, got, want)
			}
		}
	}
}
