package coding

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/socktrace/socktrace/decode/internal/budget"
)

// bzipped is "hello bzip2\n" as bzip2 has it.
const bzipped = "QlpoOTFBWSZTWatrofEAAALZgAAQQAAQABJkwBAgADEA000EAB6j705RogeLuSKcKEhVtdD4gA=="

// unpack gives pieces of a file to what unpacks it.
func unpack(t *testing.T, format string, pieces ...string) string {
	t.Helper()
	s := new(sink)
	c, f := Unpack(format, budget.NewAccount(nil), s)
	for _, p := range pieces {
		if f = c.Write([]byte(p)); f.Code != "" {
			return string(s.out) + "; " + f.Detail
		}
	}
	if f = c.Close(true); f.Code != "" {
		return string(s.out) + "; " + f.Detail
	}
	return string(s.out)
}

func TestUnpack(t *testing.T) {
	plain, err := base64.StdEncoding.DecodeString(bzipped)
	if err != nil {
		t.Fatal(err)
	}
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	const text = "hello bzip2\n"
	for format, packed := range map[string]string{"bzip2": string(plain), "gzip": zipped(text), "zstd": string(w.EncodeAll([]byte(text), nil))} {
		got, known := Packed([]byte(packed))
		if got != format || !known {
			t.Errorf("%s looks like %q, %t", format, got, known)
		}
		for n := range len(packed) {
			if got := unpack(t, format, packed[:n], packed[n:]); got != text {
				t.Errorf("%s cut at %d: got %q", format, n, got)
			}
			if got := unpack(t, format, packed[:n]); n > 0 && !strings.HasSuffix(got, "; "+format+": the data end too early") {
				t.Errorf("%s that ends at %d: got %q", format, n, got)
			}
		}
		if got := unpack(t, format, packed, packed); got != text+text {
			t.Errorf("%s twice: got %q", format, got)
		}
		if got := unpack(t, format, strings.Split(packed, "")...); got != text {
			t.Errorf("%s byte by byte: got %q", format, got)
		}
	}
	if got := unpack(t, "bzip2", string(plain)+"garbage"); got != text {
		t.Errorf("with something behind it: got %q", got)
	}
	if got := unpack(t, "bzip2", "BZh9garbage"); !strings.HasPrefix(got, "; bzip2: ") {
		t.Errorf("garbage: got %q", got)
	}
}

func TestPacked(t *testing.T) {
	for b, want := range map[string]string{"": "?", "B": "?", "BZ": "?", "BZi": "", "BZh9": "bzip2", "\x1f\x8b": "?", "\x1f\x8b\x08": "gzip", "\x1f\x8b\x09": "", "\x28\xb5\x2f": "?", "\x28\xb5\x2f\xfd": "zstd", "x": "", "\xfd7zXZ": "?", "\xfd7zXZ\x00": "xz", "\xfd7zXZ\x01": ""} {
		format, known := Packed([]byte(b))
		if !known {
			format += "?"
		}
		if format != want {
			t.Errorf("%q: got %q, want %q", b, format, want)
		}
	}
}
