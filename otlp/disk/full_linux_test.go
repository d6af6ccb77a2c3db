package disk

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestDiskFull: a disk that is full keeps what it has, and nothing half; when there is room
// again, it goes on.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=40k,mode=0700"); err != nil {
		need.Skip(t, "mount", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	s, _ := warning(t, dir, 1<<20)
	var want []string
	var err error
	for i := range 100 {
		if err = s.Put("traces", s.Reserve(), 1, request(fmt.Sprint(i))); err != nil {
			break
		}
		want = append(want, fmt.Sprint(i))
	}
	if !errors.Is(err, syscall.ENOSPC) || len(want) == 0 {
		t.Fatalf("%d were kept, then: %v", len(want), err)
	}
	equal(t, "files", len(names(t, dir)), len(want))
	u, _, ok, err := s.Oldest("traces")
	if err != nil || !ok {
		t.Fatal("nothing is there", err)
	}
	s.Done(u)
	put(t, s, "traces", 1, "after")
	if got := all(t, s, "traces"); !slices.Equal(got, append(want[1:], "after")) {
		t.Errorf("got %q", got)
	}
	s.Close()
}
