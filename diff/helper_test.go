package diff

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// read returns the session of a HAR text, which may be none.
func read(name string, text []byte) (*Session, error) {
	s := NewSink(name, 0, 64<<10)
	book := tracetest.Booked(func(ev wire.Event) { s.Event(ev, nil) })
	_, err := har.Read(bytes.NewReader(text), book)
	return s.Session(), err
}

// session returns the session of a HAR text.
func session(t testing.TB, name string, text []byte) *Session {
	t.Helper()
	s, err := read(name, text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// recorded returns a recording of testdata: `docker run`, `exec`, `logs -f`, `inspect`, `ps`, `rm`
// and `build`, of docker 20.10 and of 28 with the same daemon.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// object is one of JSON, as it is read.
type object = map[string]any

// entries returns the entries of a HAR text, and the text that they are in again, in whatever they
// were changed to.
func entries(t testing.TB, text []byte) (all []object, again func([]object) []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var file object
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	log := file["log"].(object)
	for _, e := range log["entries"].([]any) {
		all = append(all, e.(object))
	}
	return all, func(entries []object) []byte {
		log["entries"] = entries
		out, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// listing returns a result in short: a line for each item and each change.
func listing(r *Result) string {
	var b strings.Builder
	change := func(c *Change) {
		b.WriteString("  " + c.Place)
		for _, l := range c.Lines {
			if l.Sign != ' ' && l.Sign != '…' {
				b.WriteString(" " + string(l.Sign) + l.Text)
			}
		}
		if len(c.Lines) == 0 {
			x, y := c.Values()
			b.WriteString(": " + x + " → " + y)
		}
		b.WriteString("\n")
	}
	for i := range r.Common {
		b.WriteString("in all\n")
		change(&r.Common[i].Change)
	}
	for i := range r.Items {
		item := &r.Items[i]
		operation, _ := item.Title()
		b.WriteString(item.Kind.String() + " " + operation + " " + item.Where() + "\n")
		for k := range item.Changes {
			change(&item.Changes[k])
		}
	}
	return b.String()
}
