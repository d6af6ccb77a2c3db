package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// soakWatch looks at what a program needs.
type soakWatch struct {
	t     testing.TB
	p     atomic.Pointer[process] // nil: there is none just now
	files int                     // descriptors that are open when nobody is connected
	sizes []int64                 // resident, in KiB, every second; of watch until it returns
}

// newSoakWatch returns one of a program whose clients have not come yet.
func newSoakWatch(t testing.TB, p *process) *soakWatch {
	w := &soakWatch{t: t, files: len(p.descriptors())}
	w.p.Store(p)
	return w
}

// descriptors returns those that the program has open.
func (p *process) descriptors() (open []string) {
	p.t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", p.Process.Pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range entries {
		to, _ := os.Readlink(filepath.Join(dir, e.Name()))
		open = append(open, e.Name()+" "+to)
	}
	return open
}

// watch looks at the memory until ctx ends.
func (w *soakWatch) watch(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, time.Second) {
		p := w.p.Load()
		if p == nil {
			continue
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.Process.Pid))
		if w.p.Load() != p {
			continue // it has ended meanwhile
		}
		if err != nil {
			w.t.Error(err)
			return
		}
		if pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64); err == nil {
			w.sizes = append(w.sizes, pages*int64(os.Getpagesize())>>10)
		}
	}
}

// suspend stops the program for a moment, again and again: nobody notices.
func (w *soakWatch) suspend(ctx context.Context) {
	for pause(ctx, 5*time.Second); ctx.Err() == nil; pause(ctx, 5*time.Second) {
		w.suspendOnce()
	}
}

func (w *soakWatch) suspendOnce() {
	p := w.p.Load().Process
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		w.t.Error(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := p.Signal(syscall.SIGCONT); err != nil {
		w.t.Error(err)
	}
}

// leftOpen is how many descriptors the program may have open, beside those that it had before the
// first client came, when all have left: the poller's, and two that tell the names of the last
// client and of the daemon.
const leftOpen = 3

// check fails the test if the program needs more than it did, when all clients have left.
func (w *soakWatch) check() {
	p := w.p.Load()
	await(w.t, "the descriptors of connections being closed", func() bool { return len(p.descriptors()) <= w.files+leftOpen })
	if n := len(w.sizes); n >= 8 {
		early, late := most(w.sizes[n/4:n/2]), most(w.sizes[3*n/4:])
		w.t.Logf("memory: at most %d MiB in the second quarter, %d in the last", early>>10, late>>10)
		if !underRace() && late > early+early/4+8<<10 {
			w.t.Errorf("memory grows: at most %d KiB in the second quarter, %d in the last", early, late)
		}
	}
}

func most(of []int64) int64 {
	n := of[0]
	for _, v := range of {
		n = max(n, v)
	}
	return n
}
