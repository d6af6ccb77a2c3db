package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// peak returns the most memory that the process has ever had, in bytes.
func peak(t testing.TB, p *process) int64 {
	t.Helper()
	status := readFile(t, fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	_, rest, _ := strings.Cut(status, "VmHWM:")
	var kib int64
	if _, err := fmt.Sscanf(rest, "%d kB", &kib); err != nil {
		t.Fatalf("VmHWM in %q: %v", status, err)
	}
	return kib << 10
}

// checkPeak fails the test if the process ever had more memory than limit,
// in bytes. The race detector takes several times as much.
func checkPeak(t testing.TB, p *process, limit int64) {
	t.Helper()
	got := peak(t, p)
	t.Logf("peak of %.1f MiB", float64(got)/(1<<20))
	if got > limit && !underRace() {
		t.Errorf("peak of %.1f MiB, want at most %d", float64(got)/(1<<20), limit>>20)
	}
}

// processChildren returns the children of a process, of all its threads.
func processChildren(t testing.TB, pid int) []int {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, file := range files {
		for _, word := range strings.Fields(readFile(t, file)) {
			child, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, child)
		}
	}
	return pids
}

// watchPeak looks at the memory of p until it ends, and then sends the most that it
// ever had, in bytes.
func watchPeak(p *process) <-chan int64 {
	most := make(chan int64, 1)
	var kib int64
	look := func() {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
		if _, rest, ok := strings.Cut(string(status), "VmHWM:"); ok {
			_, _ = fmt.Sscanf(rest, "%d kB", &kib)
		}
	}
	look() // at least once: it may end soon
	go func() {
		for {
			select {
			case <-p.done:
				most <- kib << 10
				return
			case <-time.After(2 * time.Millisecond):
				look()
			}
		}
	}()
	return most
}
