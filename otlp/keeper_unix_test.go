//go:build unix

package otlp

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSpoolDiskHangs: a disk that never answers holds neither who adds nor the end; what is in
// memory counts as dropped.
func TestSpoolDiskHangs(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{}, nil)
	addKept(t, e, 0, 1)
	e.Close(long)
	o := Options{}
	var err error
	if o.Spool, err = OpenSpool(dir, 1<<30, func(error) {}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.gz"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(files[0], 0o600); err != nil { // whose reader waits for a writer
		t.Fatal(err)
	}
	e = exporterTo(t, "unix://"+path, o, nil)
	var hangs *os.File // which keeps the reader waiting
	until(t, "it is read", func() bool {
		f, err := os.OpenFile(files[0], os.O_WRONLY|syscall.O_NONBLOCK, 0) // fails unless there is a reader
		hangs = f
		return err == nil
	})
	const n = 3 * maxItems
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: n, Kept: 1})
	hangs.Close()
	<-e.lanes[Traces].ended
}
