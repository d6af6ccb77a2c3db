package har_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// manyEvents are the events of so many exchanges of one connection.
func manyEvents(n int) (evs []wire.Event) {
	c := dockerConn(1)
	for i := range n {
		evs = append(evs, exchangeEvents(c, i+1)...)
	}
	return evs
}

// inFolder returns the names of the files beside name.
func inFolder(t testing.TB, name string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		names = append(names, one.Name())
	}
	return names
}

// TestLate: what a file gets when it is complete is what others get at once, to the byte.
// Until then the older one is there.
func TestLate(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		want := record(t, s.events, har.Options{})
		for _, name := range []string{"x.har", "x.har.gz"} {
			w, file := createOver(t, name, har.Options{Late: true})
			send(t, w, s.events)
			if b := readFile(t, file); string(b) != "old" {
				t.Fatalf("%s: the older one is %q meanwhile", s.name, clip(b))
			}
			if err := w.Close(); err != nil {
				t.Fatal(s.name, err)
			}
			if got := content(t, file); !bytes.Equal(got, want) {
				t.Errorf("%s: %s is not what a stream gets:\n%s", s.name, name, clip(got))
			}
			if got := inFolder(t, file); !slices.Equal(got, []string{name}) {
				t.Errorf("%s: files %q", s.name, got)
			}
			if got := w.Files(); !slices.Equal(got, []string{file}) {
				t.Errorf("%s: Files %q", s.name, got)
			}
		}
	}
}

// createOver returns a Writer of a file that is there already.
func createOver(t testing.TB, name string, o har.Options) (*recorder, string) {
	t.Helper()
	name = tempName(t, name)
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := har.Create(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return behindBook(t, w), name
}

// TestLateFiles begins the same files as at once, each of which is there when the next is
// begun.
func TestLateFiles(t *testing.T) {
	evs := manyEvents(100)
	for name, most := range map[string]int64{"x.har": 32 << 10, "x.har.gz": 8 << 10} {
		var got [2][]string
		for i, late := range []bool{false, true} {
			w, file := create(t, name, har.Options{Late: late, MaxSize: most})
			send(t, w, evs)
			if late {
				if n, files := len(inFolder(t, file)), len(w.Files()); n != files {
					t.Errorf("%d files there, of %d", n, files)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			for _, file := range w.Files() {
				got[i] = append(got[i], filepath.Base(file)+string(content(t, file)))
				if info, err := os.Stat(file); err != nil || info.Size() > most {
					t.Errorf("%s: %d bytes, %v", file, info.Size(), err)
				}
			}
			if w.Entries() != 100 {
				t.Errorf("%d entries", w.Entries())
			}
		}
		if !slices.Equal(got[0], got[1]) || len(got[1]) < 2 {
			t.Errorf("%s: %d files at once, %d late, with other contents", name, len(got[0]), len(got[1]))
		}
	}
}

// TestAbandon leaves the older file, or ends the new one where that has taken its place.
func TestAbandon(t *testing.T) {
	for _, late := range []bool{true, false} {
		for _, name := range []string{"x.har", "x.har.gz"} {
			w, file := createOver(t, name, har.Options{Late: late})
			w.Abandon()
			if got := inFolder(t, file); !slices.Equal(got, []string{name}) {
				t.Errorf("files %q", got)
			}
			if !late {
				content(t, file)
			} else if b := readFile(t, file); string(b) != "old" || len(w.Files()) > 0 {
				t.Errorf("%s has %q; files %q", name, clip(b), w.Files())
			}
		}
	}
	var b bytes.Buffer
	w := har.NewWriter(&b, har.Options{Late: true})
	w.Abandon()
	if _, err := har.Read(&b, func(wire.Event) {}); err != nil {
		t.Errorf("a stream: %v", err)
	}
}

// TestSteady: to record one exchange more takes no memory.
func TestSteady(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return // pools lose things on purpose then
	}
	w, _ := create(t, "x.har", har.Options{Late: true})
	evs := exchangeEvents(dockerConn(1), 1)
	x := evs[len(evs)-1].(*wire.Exchange)
	n := testing.AllocsPerRun(1000, func() {
		for _, ev := range evs {
			if err := w.Event(ev, x); err != nil {
				t.Fatal(err)
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations an exchange; want 0", n)
	}
}
