package strace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// orders calls yield with all orders of some lines in which each is behind those that it is to be
// behind.
func orders(behind map[string][]string, yield func([]string)) {
	var lines []string
	for l := range behind {
		lines = append(lines, l)
	}
	slices.Sort(lines)
	var so []string
	var extend func()
	extend = func() {
		if len(so) == len(lines) {
			yield(so)
			return
		}
		for _, l := range lines {
			if slices.Contains(so, l) || slices.ContainsFunc(behind[l], func(b string) bool { return !slices.Contains(so, b) }) {
				continue
			}
			so = append(so, l)
			extend()
			so = so[:len(so)-1]
		}
	}
	extend()
}

// TestMakers: while a thread of a program makes another thread, a second one runs a program, and
// both speak before it is told who has made whom, in any order: each call is read, and each
// connection is told to be of its process. With processes that run, and of what has been.
func TestMakers(t *testing.T) {
	const (
		thread  = "2 %s clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0} <unfinished ...>"
		made    = "2 %s <... clone3 resumed>, 88) = 3"
		fork    = "1 %s clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK|SIGCHLD <unfinished ...>"
		forked  = "1 %s <... clone resumed>) = 4"
		speaks  = "3 %s close(9</x>) = 0"
		says    = `3 %s write(5<UNIX-STREAM:[15->16]>, ` + asked + ` <unfinished ...>`
		said    = "3 %s <... write resumed>) = 18"
		runs    = `4 %s execve("/usr/bin/docker", ["docker"], 0x7 /* 1 var */ <unfinished ...>`
		runsNow = `4 %s <... execve resumed>) = 0`
	)
	behind := map[string][]string{
		thread: nil, made: {thread}, fork: nil, forked: {fork}, speaks: {thread}, says: {speaks}, said: {says}, runs: {fork}, runsNow: {runs},
	}
	process := func(tid int) (int, string) {
		if tid == 4 {
			return 4, "socktrace" // as the name is before it runs the other
		}
		return 1, "socktrace"
	}
	n, failed := 0, 0
	orders(behind, func(so []string) {
		n++
		for _, live := range []bool{true, false} {
			var text strings.Builder
			line := func(format string, args ...any) {
				fmt.Fprintf(&text, strings.TrimSuffix(format, "\n")+"\n", args...)
			}
			line(`1 100000000.01 execve("/usr/bin/socktrace", ["socktrace"], 0x7 /* 1 var */) = 0`)
			line(`1 100000000.02 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 2`)
			line(`1 100000000.03 connect(5<UNIX-STREAM:[15]>, {sa_family=AF_UNIX, sun_path="/run/y.sock"}, 14) = 0`)
			for i, l := range so {
				line(l, fmt.Sprintf("100000000.%d", 10+i))
			}
			for _, l := range []string{dial, ask} { // docker's
				line("%s", strings.Replace(strings.Replace(l, "1 ", "4 ", 1), " 100000000.", " 100000001.", 1))
			}
			line(`3 100000002.1 connect(6<UNIX-STREAM:[25]>, {sa_family=AF_UNIX, sun_path="/run/z.sock"}, 14) = 0`)
			line(`1 100000002.2 write(6<UNIX-STREAM:[25->26]>, ` + asked + `) = 18`) // one table of descriptors
			o := Options{}
			if live {
				o.Process = process
			}
			got, stats, err := readAll(t, strings.NewReader(text.String()), o)
			want := []string{
				"1 open socktrace[1] > unix:///run/y.sock", asks,
				"2 open docker[4] > unix:///run/x.sock", `2 > "GET / HTTP/1.1\r\n\r\n"`,
				"3 open socktrace[1] > unix:///run/z.sock", `3 > "GET / HTTP/1.1\r\n\r\n"`,
				stopped, "2 end trace stopped", "3 end trace stopped",
			}
			if err != nil || stats.Missed > 0 || !slices.Equal(got.lines, want) {
				if failed++; failed < 4 {
					t.Errorf("live %v, %v: got\n%s\nof\n%s", live, err, strings.Join(got.lines, "\n"), text.String())
				}
			}
		}
	})
	if failed > 0 || n < 100 {
		t.Errorf("%d failures in %d orders", failed, n)
	}
}

// TestRanUnseen: the end of a call is lost that runs a program: a process that runs still has the
// name of that, one that does not may have failed to.
func TestRanUnseen(t *testing.T) {
	for _, tt := range []struct{ has, want string }{{"docker", "docker[1]"}, {"sh", "sh[1]"}} {
		text := `1 100000000.01 execve("/usr/bin/docker", ["docker"], 0x7 /* 1 var */ <unfinished ...>` + "\n" + dial + ask
		has := "sh" // at first
		got, stats, err := readAll(t, strings.NewReader(text), Options{Process: func(tid int) (int, string) {
			name := has
			has = tt.has
			return tid, name
		}})
		if err != nil || stats.Missed != 1 || got.lines[0] != "1 open "+tt.want+" > unix:///run/x.sock" {
			t.Errorf("got %q, %v", got.lines, err)
		}
	}
}
