package recording

import (
	"os"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// TestStrace opens what strace has printed, compressed and not, and whatever it begins
// with if that is said.
func TestStrace(t *testing.T) {
	text, err := os.ReadFile("../intercept/strace/testdata/run.txt")
	if err != nil {
		t.Fatal(err)
	}
	for what, file := range map[string][]byte{"plain": text, "gzip": zipped(text), "after another": append([]byte("hello\n"), text...)} {
		r, err := Open(t.Context(), write(t, file), nil, Options{Recognize: decode.Recognize, Strace: what == "after another"})
		if err != nil {
			t.Fatal(what, err)
		}
		n := 0
		s, err := r.Read(t.Context(), func(*wire.Conn) wire.Tap { n++; return wire.Taps{} }, nil)
		if err != nil || n != 3 || r.Format() != Strace || !r.Format().HasBytes() || (len(s.Repairs) > 0) != (what == "after another") {
			t.Errorf("%s: %v, %d connections, %s, %q", what, err, n, r.Format(), s.Repairs)
		}
		r.Close()
	}
}
