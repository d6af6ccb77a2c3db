package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/socktrace/socktrace/flow"
)

// terminal returns a terminal, and what is ever shown on it.
func terminal(t *testing.T) (*os.File, *syncBuffer) {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 30, Cols: 123}); err != nil {
		t.Fatal(err)
	}
	shown := new(syncBuffer)
	go func() { _, _ = io.Copy(shown, screen) }() // ends with an error
	t.Cleanup(func() { tty.Close(); screen.Close() })
	return tty, shown
}

// TestOutputs is what is known of where the live output goes.
func TestOutputs(t *testing.T) {
	t.Parallel()
	tty, _ := terminal(t)
	_, piped := pipe(t)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	file := filepath.Join(t.TempDir(), "file")
	type known struct {
		name                             string
		owned, terminal, regular, steady bool
		width                            int
	}
	for _, c := range []struct {
		name  string
		deflt *os.File
		want  known
	}{
		{"", tty, known{"the terminal", false, true, false, false, 123}},
		{"-", piped, known{"the output", false, false, false, false, 0}},
		{"", null, known{"the output", false, false, false, true, 0}},
		{"", closedFile(t), known{"the output", false, false, false, false, 0}},
		{file, tty, known{"the output", true, false, true, true, 0}},
		{os.DevNull, tty, known{"the output", true, false, false, true, 0}},
	} {
		o, err := openOutput(context.Background(), c.name, c.deflt, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		check(t, c.name, known{o.name, o.owned, o.terminal, o.regular, o.steady(), o.width()}, c.want)
		o.share()
		check(t, c.name+": holds back", o.hold != nil, c.want.terminal)
		check(t, c.name+": held back", o.heldBack(), 0)
		check(t, c.name+": closes", o.Close(), nil)
		_, err = o.file.Stat()
		check(t, c.name+": is closed", err != nil, c.want.owned || c.deflt.Fd() == ^uintptr(0))
	}
	gone := &output{file: closedFile(t), terminal: true}
	check(t, "width of what is closed", gone.width(), 0)
	(*output)(nil).share() // with --quiet there is none
}

// TestHold keeps lines from a terminal that a program has made raw, and writes them
// when it is not any more.
func TestHold(t *testing.T) {
	t.Parallel()
	tty, shown := terminal(t)
	h := newHold(tty)
	write := func(text string) {
		t.Helper()
		n, err := h.Write([]byte(text))
		check(t, "written", fmt.Sprint(n, err), fmt.Sprint(len(text), nil))
	}
	write("at once\n")
	shown.await(t, "at once\r\n")
	check(t, "lines that were late", h.lines(), 0)
	was, err := term.MakeRaw(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	reused := []byte("late 1\nlate 2\n")
	if _, err := h.Write(reused); err != nil {
		t.Fatal(err)
	}
	copy(reused, "overwritten")
	write("late 3\n")
	check(t, "lines that were late", h.lines(), 3)
	h.mu.Lock()
	check(t, "held", len(h.held), 2)
	check(t, "size", h.size, 21)
	h.mu.Unlock()
	if err := term.Restore(int(tty.Fd()), was); err != nil {
		t.Fatal(err)
	}
	shown.await(t, "late 3\r\n")
	check(t, "shown", shown.String(), "at once\r\nlate 1\r\nlate 2\r\nlate 3\r\n")
	write("at once again\n")
	shown.await(t, "at once again\r\n")
	if _, err = term.MakeRaw(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	write("at the end\n")
	check(t, "close", h.Close(), nil)
	shown.await(t, "at the end\n")
	check(t, "lines that were late", h.lines(), 4)
	check(t, "size", h.size, 0)
}

// TestHoldNewest keeps the newest of what is held back for too long, and says how
// many lines it cost.
func TestHoldNewest(t *testing.T) {
	t.Parallel()
	tty, shown := terminal(t)
	was, err := term.MakeRaw(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	h := newHold(tty)
	line := func(b byte, size int) []byte { return append(bytes.Repeat([]byte{b}, size-1), '\n') }
	const part = maxHold / 4
	for _, b := range "abcd" { // as much as there is room for
		_, _ = h.Write(line(byte(b), part))
	}
	check(t, "lost", h.lost, 0)
	_, _ = h.Write([]byte("e\n")) // costs the first
	check(t, "lost", h.lost, 1)
	check(t, "size", h.size, 3*part+2)
	_, _ = h.Write(line('f', maxHold+1)) // costs all others, but is the newest
	check(t, "lost", h.lost, 5)
	check(t, "size", h.size, maxHold+1)
	_, _ = h.Write([]byte("g\nh\n"))
	check(t, "lost", h.lost, 6)
	check(t, "lines that were late", h.lines(), 8)
	if err := term.Restore(int(tty.Fd()), was); err != nil {
		t.Fatal(err)
	}
	check(t, "close", h.Close(), nil)
	shown.await(t, "h\r\n")
	check(t, "shown", shown.String(), "socktrace: 6 lines are missing here: the command had the terminal for too long\r\ng\r\nh\r\n")
}

// TestProgress tells on a terminal how far a file was read whose output is held, and
// leaves nothing there.
func TestProgress(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "long.pcap")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writeCapture(file, 8<<20, smallChats()); err != nil {
		t.Fatal(err)
	}
	file.Close()
	r, prepare := stdoutPipe(t)
	tty, shown := terminal(t)
	p := socktrace(t, func(c *exec.Cmd) { prepare(c); c.Stderr = tty }, "read", "-f", "jsonl", name)
	p.Stdout.(*os.File).Close() // ours; the program has its own
	shown.await(t, " left")
	shown.await(t, " left\r\x1b[K") // and again
	check(t, "begins", strings.HasPrefix(shown.String(), "\r\x1b[Ksocktrace: "+name+": "), true)
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Fatal(err)
	}
	check(t, "status", p.end().status, "exit status 0")
	shown.await(t, " packets\r\n")
	line := shown.String()[strings.LastIndex(shown.String(), " left"):]
	check(t, "leaves nothing", strings.HasPrefix(line, " left\r\x1b[Ksocktrace: "), true)
}

// TestProgressLine says how far it is.
func TestProgressLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		read, size int64
		elapsed    time.Duration
		want       string
	}{
		{"x", 0, 1000, time.Second, "socktrace: x: 0 B of 1000 B (0 %), 0 B/s, … left"},
		{"x", 500, 1000, 2 * time.Second, "socktrace: x: 500 B of 1000 B (50 %), 250 B/s, 2s left"},
		{"x", 100, 1000, 10 * time.Second, "socktrace: x: 100 B of 1000 B (10 %), 10 B/s, 1m30s left"},
		{"a\nb", 1000, 1000, time.Second, `socktrace: a\nb: 1000 B of 1000 B (100 %), 1000 B/s, 0s left`},
	} {
		p := &progress{name: c.name, size: c.size}
		p.read.Store(c.read)
		check(t, "line", p.line(c.elapsed), c.want)
	}
}

// TestWatch shows progress only on a terminal that has nothing else on it, and of what
// has a size.
func TestWatch(t *testing.T) {
	t.Parallel()
	tty, _ := terminal(t)
	_, piped := pipe(t)
	dir := t.TempDir()
	putFile(t, filepath.Join(dir, "some"), "some")
	putFile(t, filepath.Join(dir, "empty"), "")
	some, _ := os.Stat(filepath.Join(dir, "some"))
	empty, _ := os.Stat(filepath.Join(dir, "empty"))
	pipes, _ := piped.Stat()
	for _, c := range []struct {
		what           string
		info           os.FileInfo
		out            *output
		stderr         *os.File
		regular, shows bool
	}{
		{"a file", some, &output{}, tty, true, true},
		{"quiet", some, nil, tty, true, true},
		{"on the same terminal", some, &output{terminal: true}, tty, true, false},
		{"no terminal", some, nil, piped, true, false},
		{"no size", empty, nil, tty, true, false},
		{"a pipe", pipes, nil, tty, false, false},
		{"unknown", nil, nil, tty, false, false},
	} {
		flushed := 0
		tr, _ := quietTrace(t)
		tr.out, tr.stderr = c.out, c.stderr
		if c.out != nil {
			tr.live = new(flow.Outlet)
		}
		p := tr.watch("x", strings.NewReader("text"), c.info)
		p.flush = func() { flushed++ }
		b, err := io.ReadAll(p)
		check(t, c.what, fmt.Sprint(string(b), err, p.read.Load()), "text<nil> 4")
		check(t, c.what+": regular", p.regular, c.regular)
		check(t, c.what+": waits", flushed > 0, !c.regular)
		check(t, c.what+": shows", p.stop != nil, c.shows)
		if c.shows {
			check(t, "size", p.size, 4)
		}
		p.Close()
	}
	(*progress)(nil).Close() // of what was not opened

	var shown bytes.Buffer // of what ends before progress is shown
	(&progress{out: &shown, stop: closed(), done: make(chan struct{})}).show()
	check(t, "shown", shown.String(), "")
}

// TestTerminalRefused writes no bytes to a screen.
func TestTerminalRefused(t *testing.T) {
	t.Parallel()
	s := onScreen(t, testedProgram(t), "demo", "-q", "--pcapng", "-")
	got := s.end()
	check(t, "status", got.status, "exit status 1")
	check(t, "screen", got.out, "socktrace: pcapng: standard output is a terminal\r\n")
}

// TestTerminalKeys has a terminal send its keys' signals to both, and the command gets
// them once; and one that has the terminal to itself is not disturbed.
func TestTerminalKeys(t *testing.T) {
	t.Parallel()
	heed(t, os.Interrupt)
	daemon := fakeDaemon(t, pong)
	up := []string{"run", "--color", "never", "--upstream", "unix://" + daemon, "--", "sh", "-c"}
	s := onScreen(t, testedProgram(t), append(up, "trap 'n=$((n+1))' INT; echo read''y; until [ $n ]; do sleep 0.1; done; sleep 0.3; echo got $n; exit 9")...)
	s.types("ready\r\n", "\x03")
	got := s.end()
	check(t, "status", got.status, "exit status 9")
	check(t, "once", strings.Contains(got.out, "got 1\r\n"), true)

	s = onScreen(t, testedProgram(t), append(up, `stty raw -echo; echo "at <$DOCKER_HOST>"; dd bs=1 count=1 2>&1 >/dev/null | cat >/dev/null; echo "end""ing"; stty sane`)...)
	s.out.await(t, ">\n")
	_, path, _ := strings.Cut(s.out.String(), "at <unix://")
	path, _, _ = strings.Cut(path, ">")
	c := dialUnix(t, path)
	ping(t, c)
	c.Close()
	s.types(">\n", "x")
	got = s.end()
	check(t, "status", got.status, "exit status 0")
	during, after, _ := strings.Cut(got.out, "ending")
	check(t, "the screen meanwhile", strings.Contains(during, "GET"), false)
	for _, want := range []string{"GET /_ping", "socktrace: 1 connection, 1 exchange, ", " lines were held back while the command had the terminal (-o FILE shows them live)\r\n"} {
		if !strings.Contains(after, want) {
			t.Errorf("no %q behind it: %q", want, tail(after))
		}
	}
}
