package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// hostileMemory is what the program may need in these tests, and hostileVolume how
// much traffic of a shape it gets at least, unless fewer bytes are enough.
const (
	hostileMemory = 64 << 20
	manyMemory    = 256 << 20 // where there are thousands of connections
	hostileVolume = 64 << 20
)

// talk is a connection as both ends make it: of a capture, or all that they say.
type talk struct {
	g    *capturer // nil: of none
	c    capturedConn
	said [2]strings.Builder
}

// says has a side, the client if it is 0, send text.
func (t *talk) says(side int, text string) {
	if t.g == nil {
		t.said[side].WriteString(text)
		return
	}
	const most = 60_000
	for len(text) > most {
		t.g.send(&t.c, side, psh|ack, []byte(text[:most]))
		text = text[most:]
	}
	t.g.send(&t.c, side, psh|ack, []byte(text))
}

func (t *talk) asks(text string)    { t.says(0, text) }
func (t *talk) answers(text string) { t.says(1, text) }

// memory returns what the program may need for h: each connection needs some.
func (h *hostile) memory() int64 {
	if h.conns > 2_000 {
		return manyMemory
	}
	return hostileMemory
}

// hostile is traffic that has the program hold as much as it can: so many
// connections, which stay open.
type hostile struct {
	name  string
	conns int
	talk  func(*talk)
}

// innocent is an exchange that is always told whole.
const innocent = "/v1.48/containers/innocent/json"

// write writes a capture of h, and of an innocent connection.
func (h *hostile) write(w io.Writer) error {
	g := &capturer{w: bufio.NewWriterSize(w, 256<<10), now: 1795288868e6}
	g.begin()
	for range h.conns {
		t := &talk{g: g}
		g.open(&t.c)
		h.talk(t)
	}
	t := &talk{g: g}
	g.open(&t.c)
	t.says(0, string(cliRequest("GET", innocent, "")))
	t.says(1, string(jsonAnswer(`{"Id":"abc"}`)))
	g.shut(&t.c)
	return g.w.Flush()
}

// TestMemoryOfHostile has the program read all shapes of hostile traffic, in each
// format, and looks how much memory it ever had.
func TestMemoryOfHostile(t *testing.T) {
	readShapes(t, hostiles(), 1, "-f text -o {dir}/out", "-f jsonl -o {dir}/out", "-q --har {dir}/out.har")
}

// TestMemoryOfHostileHTTP2 does so with HTTP/2 and what it carries: each shape in
// one output, or in all if there is time.
func TestMemoryOfHostileHTTP2(t *testing.T) {
	few := 6
	if os.Getenv("SOCKTRACE_LONG") != "" {
		few = 1
	}
	readShapes(t, hostileHTTP2(), few,
		"-f text -o {dir}/out", "-f text --bodies short -o {dir}/out", "-f compact -o {dir}/out", "-f jsonl -o {dir}/out", "-q --har {dir}/out.har", "-q --pcapng {dir}/out.pcapng")
}

// readShapes reads shapes in formats: one in few of all pairs, taking turns.
func readShapes(t *testing.T, shapes []hostile, few int, formats ...string) {
	if testing.Short() {
		few *= 8
	}
	for n := range shapes {
		for f, format := range formats {
			if (n+f)%few != 0 {
				continue
			}
			h := &shapes[n]
			t.Run(h.name+" "+strings.ReplaceAll(format, " {dir}/out", ""), func(t *testing.T) {
				t.Parallel()
				readHostile(t, h, format)
			})
		}
	}
}

// readHostile reads a shape, and looks whether the program says what it left out.
func readHostile(t *testing.T, h *hostile, format string) {
	var in io.WriteCloser
	dir := t.TempDir()
	args := strings.Fields(strings.ReplaceAll(format, "{dir}", dir))
	args = append([]string{"read", "-", "--max-memory", fmt.Sprint(h.memory())}, args...)
	p := socktrace(t, func(c *exec.Cmd) {
		var err error
		if in, err = c.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}, args...)
	peak := watchPeak(p)
	if err := h.write(in); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	got := p.end()
	check(t, "status", got.status, "exit status 0")
	most := <-peak
	t.Logf("peak of %.1f MiB, %v", float64(most)/(1<<20), p.ProcessState.UserTime())
	if most == 0 || most > h.memory() && !underRace() {
		t.Errorf("peak of %.1f MiB, want at most %d", float64(most)/(1<<20), h.memory()>>20)
	}
	if strings.Contains(got.err, "panic") {
		t.Error(got.err)
	}
	files, err := filepath.Glob(dir + "/*")
	if err != nil || len(files) != 1 {
		t.Fatalf("the outputs are %q, %v", files, err)
	}
	told := innocent
	if strings.Contains(format, "compact") {
		told = " ContainerInspect " // its name may be among what there is no memory for
	}
	if n := strings.Count(readFile(t, files[0]), told); n != 1 && n != 2 {
		t.Errorf("the innocent exchange is told %d times", n)
	}
}

// TestDescriptorsLost counts the messages that lost what was passed with them.
func TestDescriptorsLost(t *testing.T) {
	t.Parallel()
	l := listenWith(t, nil, fakeDaemon(t, pong), "-q")
	c := l.dial()
	rights := syscall.UnixRights(int(os.Stdout.Fd()))
	for range 2 {
		if _, _, err := c.WriteMsgUnix([]byte(pingRequest), rights, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, make([]byte, len(pingResponse))); err != nil {
			t.Fatal(err)
		}
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	check(t, "told", strings.Contains(got.err, "\nsocktrace: 2 messages came with descriptors of files, which were not passed on\n"), true)
}
