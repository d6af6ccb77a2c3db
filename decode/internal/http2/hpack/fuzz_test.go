package hpack

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"

	"github.com/socktrace/socktrace/wire"
)

// blocks cuts b into blocks: a byte is the length of the next.
func blocks(b []byte) (all [][]byte) {
	for len(b) > 0 {
		n := min(int(b[0]), len(b)-1)
		all = append(all, b[1:1+n])
		b = b[1+n:]
	}
	return all
}

// encoded returns blocks that an encoder makes of heads.
func encoded(heads ...[]string) (b []byte) {
	var buf bytes.Buffer
	e := hpack.NewEncoder(&buf)
	for _, head := range heads {
		buf.Reset()
		for _, f := range head {
			name, value, _ := strings.Cut(f, "=")
			if err := e.WriteField(hpack.HeaderField{Name: name, Value: value}); err != nil {
				panic(err)
			}
		}
		b = append(append(b, byte(buf.Len())), buf.Bytes()...)
	}
	return b
}

func seed(f *testing.F) {
	f.Add(encoded([]string{":method=POST", ":path=/a.B/C", "te=trailers"}, []string{":method=POST", ":path=/a.B/C", "te=trailers", "x=y"}, []string{":status=200", "x=z"}))
	f.Add([]byte("\x04\x3f\xe1\x1f\x82\x05\x40\x01a\x01x\x02\xbe\xbf\x02\x20\xbe"))
	f.Add([]byte("\x08\x40\x01a\x01x\x7f\x00\x01\x03\x3f\x03\x82\x02\xbe\xbf\x04\x44\x82\x1c\x64"))
}

// FuzzAgainstXNet decodes blocks as golang.org/x/net does: the fields are the same, and
// the same blocks are refused. It differs where the size of the table changes: it lets
// only an empty one change twice, and behind fields (RFC 7541, section 4.2).
func FuzzAgainstXNet(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		ours := New(Limits{})
		var want []wire.Field
		theirs := hpack.NewDecoder(defaultTable, func(h hpack.HeaderField) { want = append(want, wire.Field{Name: h.Name, Value: h.Value}) })
		for i, block := range blocks(b) {
			want = nil
			_, err := theirs.Write(block)
			if end := theirs.Close(); err == nil {
				err = end
			}
			got, ourErr := ours.Decode(block, nil)
			if errors.Is(ourErr, errLateResize) || err != nil && strings.Contains(err.Error(), "size update MUST") {
				return
			}
			if (err == nil) != (ourErr == nil) || show(got.Fields) != show(want) {
				t.Fatalf("block %d, %x: got %q, %v; want %q, %v", i, block, show(got.Fields), ourErr, show(want), err)
			}
			if err != nil {
				return // the state is lost
			}
		}
	})
}

// FuzzLate begins at every block: what is known then is the same.
func FuzzLate(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		all := blocks(b)
		var want [][]wire.Field
		whole := New(Limits{})
		for i, block := range all {
			got, err := whole.Decode(block, nil)
			if err != nil {
				all = all[:i]
				break
			}
			want = append(want, got.Fields)
		}
		for from := range min(len(all), 8) {
			late := New(Limits{})
			late.Lose()
			for i := from; i < len(all); i++ {
				got, err := late.Decode(all[i], nil)
				if err != nil || len(got.Fields) != len(want[i]) {
					t.Fatalf("from block %d, block %d: %q, %v; want %q", from, i, show(got.Fields), err, show(want[i]))
				}
				lost := 0
				for k, f := range got.Fields {
					if f.Name == wire.UnknownField && f != want[i][k] {
						lost++
					} else if f != want[i][k] {
						t.Fatalf("from block %d, block %d: %q; want %q", from, i, show(got.Fields), show(want[i]))
					}
				}
				if lost > got.Lost {
					t.Fatalf("%d fields are lost, %d are said to be", lost, got.Lost)
				}
			}
		}
	})
}
