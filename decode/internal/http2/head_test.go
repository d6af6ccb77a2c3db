package http2

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/wire"
)

// TestShorten: where there is no memory for a head, what decides is kept in memory of its
// own, and what is malformed is still known.
func TestShorten(t *testing.T) {
	text := ":method" + "POST" + ":path/" + strings.Repeat("p", 2*maxShort) + "content-type" + "a/b" + "other" + "x" + "Bad" + "host"
	part := func(s string) string {
		i := strings.Index(text, s)
		return text[i : i+len(s)]
	}
	path := "/" + strings.Repeat("p", 2*maxShort)
	h := &head{Block: &hpack.Block{Fields: []wire.Field{
		{Name: part(":method"), Value: part("POST")}, {Name: ":path", Value: part(path)}, {Name: part(":authority"[:1]), Value: "x"},
		{Name: part("content-type"), Value: part("a/b")}, {Name: part("other"), Value: part("x")}, {Name: "grpc-encoding", Value: part(path)},
	}, Kinds: []hpack.Kind{hpack.Method, hpack.Path, hpack.OtherPseudo, hpack.Regular, hpack.Regular, hpack.Regular}}}
	h.read()
	wrong := h.wrong
	h.shorten()
	want := fmt.Sprintf("[{:method POST} {:path %s} {content-type a/b}]", path[:maxShort])
	var got []string
	for _, f := range h.Fields {
		got = append(got, "{"+f.Name+" "+f.Value+"}")
		for _, s := range []string{f.Name, f.Value} {
			if at := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.StringData(text))); at < uintptr(len(text)) {
				t.Errorf("%q is in the memory of the head", s)
			}
		}
	}
	if s := fmt.Sprint(got); s != want || !h.short {
		t.Errorf("%s, want %s", s, want)
	}
	if h.pseudo != (pseudo{method: "POST", path: path[:maxShort]}) || wrong == "" || h.wrong != wrong {
		t.Errorf("%q, %q", h.pseudo, h.wrong)
	}
}
