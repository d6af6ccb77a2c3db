package render

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestCompactWidths shares out the columns of a terminal: spare parts are left out
// first, but what is longer than its line goes on below, where operations stand.
func TestCompactWidths(t *testing.T) {
	pull := exchanging("ImageCreate", 404, naming("image", "", "registry.example.com/app:1.2.3"), detailed("platform", "linux/arm64"), failing("pull access denied for registry.example.com/app"))
	attach := exchanging("ContainerAttach", 101, naming("container", id, "nc1"), streaming(wire.KindStdout, 4_000), streaming(wire.KindStderr, 20), exiting(1))
	unknown := exchanging("", 404, failing("page not found"), answering(1, wire.KindJSON, 29))
	create := exchanging("ContainerCreate", 201, naming("container", id, "web"), detailed("image", "busybox"))
	const under = "\n                                   "
	for _, c := range []struct {
		x      *wire.Exchange
		widths map[int]string
	}{
		{pull, map[int]string{
			0:   "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  platform=linux/arm64  ! pull access denied for registry.example.com/app  c[7]",
			160: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  platform=linux/arm64  ! pull access denied for registry.example.com/app",
			159: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  platform=linux/arm…  ! pull access denied for registry.example.com/app",
			152: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  platform=li…  ! pull access denied for registry.example.com/app",
			151: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  ! pull access denied for registry.example.com/app",
			138: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  ! pull access denied for registry.example.com/app",
			137: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3  platform=linux/arm64" + under + "! pull access denied for registry.example.com/app",
			100: "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3" + under + "! pull access denied for registry.example.com/app",
			87:  "404  5.00 ms  ImageCreate           registry.example.com/app:1.2.3" + under + "! pull access denied for registry.example.com/app",
			86:  "404  5.00 ms  ImageCreate          registry.example.com/app:1.2.3" + under + "! pull access denied for registry.example.com/app",
			78:  "404  5.00 ms  ImageCreate  registry.example.com/app:1.2.3" + under + "! pull access denied for " + under + "↳ registry.example.com/app",
			77:  "404  5.00 ms  ImageCreate           platform=linux/arm64" + under + "registry.example.com/app:1.2.3" + under + "! pull access denied for " + under + "↳ registry.example.com/app",
		}},
		{attach, map[int]string{
			96: "101  5.00 ms  ContainerAttach       nc1  exit 1, stdout 4000 B, stderr 20 B",
			95: "101  5.00 ms  ContainerAttach       nc1  exit 1, stdout 4000 B",
			83: "101  5.00 ms  ContainerAttach       nc1  exit 1, stdout 4000 B",
			80: "101  5.00 ms  ContainerAttach       nc1  exit 1",
		}},
		{create, map[int]string{
			86: "201  5.00 ms  ContainerCreate       web (289e7257)  image=busybox",
			85: "201  5.00 ms  ContainerCreate       web  image=busybox",
			74: "201  5.00 ms  ContainerCreate       web  image=busyb…",
			73: "201  5.00 ms  ContainerCreate       web (289e7257)",
			70: "201  5.00 ms  ContainerCreate       web",
		}},
		{unknown, map[int]string{
			100: "404  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  ! page not found  ↓ 29 B",
			90:  "404  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  ! page not found",
			80:  "404  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  ↓ 29 B" + under + "! page not found",
		}},
	} {
		for width, want := range c.widths {
			got := compactOf(t, width, c.x)
			if got = strings.TrimPrefix(got, "19:21:10.062  1.2    "); got != want+"\n" {
				t.Errorf("%d columns: got\n%swant\n%s", width, got, want)
			}
		}
	}
}

// TestCompactBelow: what has a line of its own goes on in others, in a narrow terminal
// further left.
func TestCompactBelow(t *testing.T) {
	x := exchanging("ImageCreate", 500, failing("a b c d e f g h i j k l m n o p q r"))
	for width, want := range map[int]string{
		62: "\n                                   ! a b c d e f g h i j k l \n                                   ↳ m n o p q r\n",
		55: "\n                                   ! a b c d e f g h i \n                                   ↳ j k l m n o p q r\n",
		54: "\n  ! a b c d e f g h i j k l m n o p q r\n",
	} {
		if got := compactOf(t, width, x); !strings.HasSuffix(got, "ImageCreate"+want) {
			t.Errorf("%d columns: got\n%s", width, got)
		}
	}
	long := exchanging("ImageCreate", 200, naming("image", "", strings.Repeat("x", 40)))
	if got := compactOf(t, 80, long, exchanging("SystemInfo", 200)); !strings.Contains(got, "ImageCreate\n                                   "+strings.Repeat("x", 40)+"\n19:") {
		t.Errorf("got\n%s", got)
	}
}

// TestCompactClient: on a terminal clients are told in a column of their own, once
// there is more than one, if there is room for it on all lines.
func TestCompactClient(t *testing.T) {
	from := func(name string, more ...func(*wire.Exchange)) *wire.Exchange {
		x := exchanging("SystemInfo", 200, more...)
		x.Conn.Client = wire.Peer{Addr: name}
		return x
	}
	all := []wire.Event{from("a"), from("a"), from(""), from("bc"), from("a", failing("short")), from("a", failing(strings.Repeat("y", 43))), from(strings.Repeat("z", 30))}
	const one = "19:21:10.062  1.2    200  5.00 ms  SystemInfo\n"
	for width, want := range map[int]string{
		0: strings.Replace(one, "\n", "            a\n", 1) + strings.Replace(one, "\n", "            a\n", 1) + one + strings.Replace(one, "\n", "            bc\n", 1) +
			"19:21:10.062  1.2    200  5.00 ms  SystemInfo            ! short  a\n" + "19:21:10.062  1.2    200  5.00 ms  SystemInfo            ! " + strings.Repeat("y", 43) + "  a\n" +
			strings.Replace(one, "\n", "            "+strings.Repeat("z", 30)+"\n", 1),
		99: one + one + one + one + "19:21:10.062  1.2    200  5.00 ms  SystemInfo            ! short\n" +
			"19:21:10.062  1.2    200  5.00 ms  SystemInfo\n                                   ! " + strings.Repeat("y", 43) + "\n" + one,
		100: one + one + one + one[:len(one)-1] + strings.Repeat(" ", 53) + "bc\n" +
			"19:21:10.062  1.2    200  5.00 ms  SystemInfo            ! short" + strings.Repeat(" ", 35) + "a\n" +
			one[:len(one)-1] + strings.Repeat(" ", 54) + "a\n                                   ! " + strings.Repeat("y", 43) + "\n" +
			one[:len(one)-1] + strings.Repeat(" ", 31) + strings.Repeat("z", 23) + "…\n",
	} {
		if got := compactOf(t, width, all...); got != want {
			t.Errorf("%d columns: got\n%swant\n%s", width, got, want)
		}
	}
}

// TestPathFits: where paths are wanted, they are told if there is room for what says
// something.
func TestPathFits(t *testing.T) {
	x := exchanging("ContainerStart", 204, naming("container", "", "nc1"))
	for width, want := range map[int]string{
		0: "nc1  POST /v1.41/x/289e72570a23…?a=b  c[7]\n", 93: "nc1  POST /v1.41/x/289e72570a23…?a=b\n", 92: "nc1  POST /v1.41/x/289e72570a23…?a…\n",
		91: "nc1  POST /v1.41/x/289e72570a23…?…\n", 90: "nc1\n",
	} {
		o := Options{Paths: true, Width: func() int { return width }}
		got := showCompact(t, o, x)
		if got[strings.Index(got, "nc1"):] != want {
			t.Errorf("%d columns: got %s", width, got)
		}
	}
}

// TestPathCutsNothing: that a path is wanted costs no error its place.
func TestPathCutsNothing(t *testing.T) {
	x := exchanging("ContainerStart", 404, failing(strings.Repeat("x", 40)))
	o := Options{Paths: true, Width: func() int { return 33 + 22 + 2 + 42 }}
	if got := showCompact(t, o, x); !strings.HasSuffix(got, "ContainerStart        ! "+strings.Repeat("x", 40)+"\n") {
		t.Errorf("got %s", got)
	}
}

// TestAppendCut closes a colour that it cuts, and cuts no escape.
func TestAppendCut(t *testing.T) {
	const red = "\x1b[31m"
	for _, c := range []struct {
		in   string
		room int
		more string
		want string
	}{
		{"abcdef", 4, "…", "abc…"}, {"abcdef", 4, "...", "a..."}, {red + "abc" + sgrReset + "def", 3, "…", red + "ab…" + sgrReset}, {red + "ab" + sgrReset + "cdef", 4, "…", red + "ab" + sgrReset + "c…"},
		{`ab\x1bcd`, 6, "…", "ab…"}, {`ab\x1bcd`, 7, "…", `ab\x1b…`}, {"日本語", 4, "…", "日…"}, {"日本語", 5, "…", "日本…"},
	} {
		if got := string(appendCut(nil, []byte(c.in), c.room, c.more)); got != c.want {
			t.Errorf("%q in %d: got %q, want %q", c.in, c.room, got, c.want)
		}
	}
}

// BenchmarkCompact is the way of one exchange to its line. It takes less than 1 µs,
// and allocates nothing.
func BenchmarkCompact(b *testing.B) {
	events := []wire.Event{
		exchanging("ContainerCreate", 201, naming("container", id, "nc1"), detailed("image", "busybox"), answering(1, wire.KindJSON, 88)),
		exchanging("ContainerInspect", 404, naming("container", id, ""), failing("No such container: "+id)),
		exchanging("ContainerAttach", 101, naming("container", id, "nc1"), streaming(wire.KindStdout, 12_345), exiting(137)),
		exchanging("", 200, answering(1, wire.KindJSON, 1_234)),
	}
	s := NewCompact(discard{}, Options{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.Event(events[i%len(events)], nil); err != nil {
			b.Fatal(err)
		}
	}
}

// discard takes what is written; io.Discard does as well, but is no type of its own.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// TestCompactAllocates: a line is made in memory that is used again.
func TestCompactAllocates(t *testing.T) {
	for name, o := range map[string]Options{"plain": {}, "colours": {Color: true}, "a terminal": {Width: func() int { return 100 }}} {
		s := NewCompact(discard{}, o)
		for _, x := range []*wire.Exchange{
			exchanging("ContainerCreate", 201, naming("container", id, "nc1"), detailed("image", "busybox"), exiting(137), breaking(200)),
			exchanging("", 404, answering(1, wire.KindJSON, 12_345), failing("No such container: "+id)),
		} {
			if n := testing.AllocsPerRun(100, func() { _ = s.Event(x, x) }); n > 0 {
				t.Errorf("%s: %v allocations for a line", name, n)
			}
		}
	}
}
