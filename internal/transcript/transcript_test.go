package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

const example = `# docker exec, stdin sent before the 101
> "POST /exec/1/start HTTP/1.1\r\n"
> "Connection: Upgrade\r\n\r\n{}"
> +1ms  "early"
> +0s   "er"
< +12ms "HTTP/1.1 101 UPGRADED\r\n"

< "\r\n"
< lost 512
< lost ?
< "\x01\xff"
< eof
> +3ms eof
close +2µs "connection reset by peer"
`

func TestParse(t *testing.T) {
	s, err := Parse("x", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	want := []Chunk{
		{At: 0, Dir: wire.ToServer, Data: []byte("POST /exec/1/start HTTP/1.1\r\nConnection: Upgrade\r\n\r\n{}")},
		{At: time.Millisecond, Dir: wire.ToServer, Data: []byte("early")},
		{At: time.Millisecond, Dir: wire.ToServer, Data: []byte("er")},
		{At: 13 * time.Millisecond, Dir: wire.ToClient, Data: []byte("HTTP/1.1 101 UPGRADED\r\n\r\n")},
		{At: 13 * time.Millisecond, Dir: wire.ToClient, Lost: 512},
		{At: 13 * time.Millisecond, Dir: wire.ToClient, Lost: -1, Data: []byte("\x01\xff"), EOF: true},
		{At: 16 * time.Millisecond, Dir: wire.ToServer, EOF: true},
	}
	if len(s.Conns) != 1 {
		t.Fatalf("%d connections", len(s.Conns))
	}
	c := s.Conns[0]
	if !reflect.DeepEqual(c.Chunks, want) {
		t.Errorf("got  %+v\nwant %+v", c.Chunks, want)
	}
	if want := (Close{At: 16*time.Millisecond + 2*time.Microsecond, Reason: "connection reset by peer"}); *c.Close != want {
		t.Errorf("close %+v, want %+v", *c.Close, want)
	}
	if got := string(c.Bytes(wire.ToClient)); got != "HTTP/1.1 101 UPGRADED\r\n\r\n\x01\xff" {
		t.Errorf("bytes to the client: %q", got)
	}
}

func TestParseConns(t *testing.T) {
	s, err := Parse("x", []byte(`
conn client="unix:///c d" process="a b[4711]" uid=0 server=unix:///s
> "a"
conn +250ms process="docker[1]"
< "b"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []*Conn{
		{
			Client: wire.Peer{Addr: "unix:///c d", Process: &wire.Process{Name: "a b", PID: 4711}},
			Server: wire.Peer{Addr: "unix:///s"},
			Chunks: []Chunk{{Dir: wire.ToServer, Data: []byte("a")}},
		},
		{
			Start:  250 * time.Millisecond,
			Client: wire.Peer{Process: &wire.Process{Name: "docker", PID: 1, UID: -1}},
			Chunks: []Chunk{{Dir: wire.ToClient, Data: []byte("b")}},
		},
	}
	if !reflect.DeepEqual(s.Conns, want) {
		t.Errorf("got  %s\nwant %s", s.Format(), (&Session{want}).Format())
	}
}

func TestParseErrors(t *testing.T) {
	const (
		lines   = ", want conn, >, < or close"
		quotes  = ", want a string in double quotes"
		numbers = ", want a positive number or ?"
		words   = ", want client, process, uid or server"
	)
	for _, tt := range []struct{ in, want string }{
		{"# c\n\nhello", `x:3: unknown line "hello"` + lines},
		{`>"a"`, `x:1: unknown line ">\"a\""` + lines},
		{"conns", `x:1: unknown line "conns"` + lines},
		{`> hello`, `x:1: bad line "hello"` + quotes},
		{">", `x:1: bad line ""` + quotes},
		{"> 'a'", `x:1: bad line "'a'"` + quotes},
		{"> `a`", "x:1: bad line \"`a`\"" + quotes},
		{"close `a`", "x:1: bad line \"`a`\"" + quotes},
		{"> eof eof", `x:1: bad line "eof eof"` + quotes},
		{"> lost", `x:1: bad line "lost"` + quotes},
		{`> "hello`, `x:1: bad string "hello: invalid syntax`},
		{`> "a" "b"`, `x:1: bad string "a" "b": invalid syntax`},
		{`close "hello`, `x:1: bad string "hello: invalid syntax`},
		{`> ""`, `x:1: empty data`},
		{`> +5 "a"`, `x:1: bad duration "+5"`},
		{"> +-5s\t\"a\"", `x:1: bad duration "+-5s"`},
		{"conn +-1ns", `x:1: bad duration "+-1ns"`},
		{"close +", `x:1: bad duration "+"`},
		{`> + "a"`, `x:1: bad duration "+"`},
		{`> +1s~ "a"`, `x:1: bad duration "+1s~"`},
		{`> +1s ~"a"`, `x:1: bad line "~\"a\""` + quotes},
		{`> ~"a"`, `x:1: bad line "~\"a\""` + quotes},
		{`>~ "a"`, `x:1: unknown line ">~"` + lines},
		{`~ "a"`, `x:1: unknown line "~"` + lines},
		{`> lost ~7`, `x:1: bad number of lost bytes "~7"` + numbers},
		{`conn server="a"~client=b`, `x:1: unknown word "~client"` + words},
		{`conn server=a ~client=b`, `x:1: unknown word "~client"` + words},
		{`conn =a`, `x:1: unknown word ""` + words},
		{`< lost 0`, `x:1: bad number of lost bytes "0"` + numbers},
		{`< lost -1`, `x:1: bad number of lost bytes "-1"` + numbers},
		{`< lost  ??`, `x:1: bad number of lost bytes "??"` + numbers},
		{"< eof\n> \"a\"\n< \"b\"", `x:3: line after eof of its direction`},
		{"> eof\n< eof\n> lost 1", `x:3: line after eof of its direction`},
		{"> eof\n> eof", `x:2: line after eof of its direction`},
		{"close\n> \"a\"", `x:2: ">" after close`},
		{"close\nclose", `x:2: "close" after close`},
		{"conn +1s x=1", `x:1: unknown word "x"` + words},
		{"conn +1s x", `x:1: bad word "x", want key=value`},
		{`conn uid=1 "client"`, `x:1: bad word "\"client\"", want key=value`},
		{`conn process="docker"`, `x:1: bad process "docker", want name[pid]`},
		{`conn process=docker[1`, `x:1: bad process "docker[1", want name[pid]`},
		{`conn process=1]`, `x:1: bad process "1]", want name[pid]`},
		{`conn process=a[b]`, `x:1: bad process "a[b]", want name[pid]`},
		{`conn process=a[-1]`, `x:1: bad process "a[-1]", want name[pid]`},
		{`conn process=a[]`, `x:1: bad process "a[]", want name[pid]`},
		{`conn uid=-1`, `x:1: bad uid "-1"`},
		{`conn uid=a`, `x:1: bad uid "a"`},
		{`conn uid=1`, `x:1: uid without process`},
		{`conn uid=0`, `x:1: uid without process`},
		{"> +2000000h eof\n< +2000000h eof", `x:2: time overflows`},
		{"> +9223372036854775807ns eof\n< +1ns eof", `x:2: time overflows`},
	} {
		_, err := Parse("x", []byte(tt.in))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.in, err, tt.want)
		}
	}
}

// TestSpelling: one connection, however its lines are written by hand.
func TestSpelling(t *testing.T) {
	for in, want := range map[string]string{
		" \t\r\n \t# x\n\t>\t+1ms\t\"a\"\r\n> \t \"b\" \n":       "> +1ms       \"ab\"\n",
		"> lost \t 7\n> \"a\"\n> +0s \"b\"":                      ">            lost 7\n>            \"a\"\n> +0s        \"b\"\n",
		"> lost 1\n> lost ?\n< lost 2":                           ">            lost 1\n>            lost ?\n<            lost 2\n",
		"> +0s \"a\"\n> +0ms \"b\"\n< +0s eof\n> +0s eof":        ">            \"a\"\n> +0s        \"b\"\n<            eof\n>            eof\n",
		"> \"a\"\n> eof\nclose\t+1s\t\"x\"":                      ">            \"a\"\n>            eof\nclose +1s \"x\"\n",
		"> +9223372036854775806ns eof\n< +1ns eof":               "> +2562047h47m16.854775806s eof\n< +1ns       eof\n",
		"conn\t+1ms \t uid=0 \tprocess=[0]\tserver=\"\"client=a": "conn +1ms client=\"a\" process=\"[0]\" uid=0\n",
		"conn process=a[b[1]\nclose":                             "conn process=\"a[b[1]\"\nclose\n",
		"conn process=a[1] uid=7":                                "conn process=\"a[1]\" uid=7\n",
		"conn server='a client='b":                               "conn client=\"'b\" server=\"'a\"\n",
		"conn server='a' client=`b`":                             "conn client=\"`b`\" server=\"'a'\"\n",
		"conn server=\"a b\"client=\"\" ":                        "conn server=\"a b\"\n",
		"conn\n< eof\nclose\nconn\n< +1s eof":                    "conn\n<            eof\nclose\n\nconn\n< +1s        eof\n",
		"conn server=a~b client=~":                               "conn client=\"~\" server=\"a~b\"\n",
		"conn\nconn +1s\n":                                       "conn\n\nconn +1s\n",
		"conn +1s\n> \"a\"":                                      "conn +1s\n>            \"a\"\n",
		"conn\n> \"a\"":                                          ">            \"a\"\n",
		"conn\nclose":                                            "close\n",
		"conn":                                                   "conn\n",
		"":                                                       "",
	} {
		s, err := Parse("x", []byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := string(s.Format()); got != want {
			t.Errorf("%q: got\n%q, want\n%q", in, got, want)
		}
	}
}

func TestFormat(t *testing.T) {
	s, err := Parse("x", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	want := `>            "POST /exec/1/start HTTP/1.1\r\n"
>            "Connection: Upgrade\r\n"
>            "\r\n"
>            "{}"
> +1ms       "early"
> +0s        "er"
< +12ms      "HTTP/1.1 101 UPGRADED\r\n"
<            "\r\n"
<            lost 512
<            lost ?
<            "\x01\xff"
<            eof
> +3ms       eof
close +2µs "connection reset by peer"
`
	if got := string(s.Format()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestFormatLines: how much of the data is in each line.
func TestFormatLines(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) }
	for data, want := range map[string][]int{
		a(240): {240}, a(241): {240, 1}, a(239) + "\n": {240}, a(240) + "\n": {240, 1}, a(481): {240, 240, 1}, "\n\na\nb": {1, 1, 2, 1},
		strings.Repeat("\x00", 61): {60, 1}, strings.Repeat("\xff", 61): {60, 1}, strings.Repeat("\x1f", 61): {60, 1}, strings.Repeat(" ", 241): {240, 1},
		strings.Repeat("\ufffd", 61): {180, 3}, strings.Repeat("é", 241): {480, 2}, a(239) + "\x00a": {240, 1}, a(236) + "\x00a": {237, 1},
	} {
		s := &Session{[]*Conn{{Chunks: []Chunk{{Data: []byte(data)}}}}}
		var got []int
		for line := range strings.Lines(string(s.Format())) {
			v, err := strconv.Unquote(strings.TrimLeft(strings.TrimSpace(line), "> "))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, len(v))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%.3q and more: got %d, want %d", data, got, want)
		}
	}
}

// TestFormatHolds: chunks that hold nothing are left out, and do not part others.
func TestFormatHolds(t *testing.T) {
	ms := time.Millisecond
	c := &Conn{Chunks: []Chunk{
		{At: ms}, {At: ms, Data: []byte("a")}, {At: 2 * ms, Dir: wire.ToClient}, {At: 2 * ms, Data: []byte("b")}, {At: 2 * ms, Data: []byte("c")},
		{At: 2 * ms, Lost: 1}, {At: 2 * ms, Lost: -1, EOF: true}, {At: 2 * ms, Dir: wire.ToClient, Lost: 2, Data: []byte("d"), EOF: true}, {At: 9 * ms},
	}, Close: &Close{At: 3 * ms}}
	const want = `> +1ms       "a"
> +1ms       "b"
> +0s        "c"
>            lost 1
>            lost ?
>            eof
<            lost 2
<            "d"
<            eof
close +1ms
`
	if got := string((&Session{[]*Conn{c}}).Format()); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestHeads: a connection that is alone has a head if it is more than its lines say.
func TestHeads(t *testing.T) {
	chunks := []Chunk{{EOF: true}}
	for want, c := range map[string]*Conn{
		"conn +1ns\n>            eof\n":             {Start: 1, Chunks: chunks},
		"conn client=\"a\"\n>            eof\n":     {Client: wire.Peer{Addr: "a"}, Chunks: chunks},
		"conn server=\"a\"\n>            eof\n":     {Server: wire.Peer{Addr: "a"}, Chunks: chunks},
		"conn process=\"a[1]\" uid=0\n":             {Client: wire.Peer{Process: &wire.Process{Name: "a", PID: 1}}},
		"conn process=\"a[0]\"\n>            eof\n": {Client: wire.Peer{Process: &wire.Process{Name: "a", UID: -1}}, Chunks: chunks},
		"conn\n":             {},
		">            eof\n": {Chunks: chunks},
		"close\n":            {Close: &Close{}},
		"close +1s \"x\"\n":  {Close: &Close{At: time.Second, Reason: "x"}},
	} {
		if got := string((&Session{[]*Conn{c}}).Format()); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// TestDuration: a connection lasts until its end, or until what was last seen of it.
func TestDuration(t *testing.T) {
	chunks := []Chunk{{At: 1}, {At: 2, EOF: true}}
	for want, c := range map[time.Duration]*Conn{0: {}, 2: {Chunks: chunks}, 3: {Chunks: chunks, Close: &Close{At: 3}}, 4: {Close: &Close{At: 4}}} {
		if got := c.Duration(); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// TestRecorder: what connections did that have ended, with times that count from their
// start, and bytes that are the recorder's.
func TestRecorder(t *testing.T) {
	t0 := time.Unix(100, 0)
	r := NewRecorder(t0)
	conns := [3]*wire.Conn{
		{Start: t0.Add(time.Second), Client: wire.Peer{Addr: "c"}, Server: wire.Peer{Addr: "s"}}, {Start: t0}, {Start: t0.Add(2 * time.Second)},
	}
	var taps [3]wire.Tap
	for i, c := range conns {
		taps[i] = r.Tap(c)
	}
	data := []byte("abc")
	taps[0].Chunk(wire.Chunk{Time: t0.Add(3 * time.Second), Dir: wire.ToClient, Data: data, Lost: 7, EOF: true})
	copy(data, "!!!")
	taps[1].Chunk(wire.Chunk{Time: t0, Data: data}) // it has not ended
	taps[0].End(t0.Add(4*time.Second), errors.New("reset"))
	taps[2].End(t0.Add(4*time.Second), nil)
	const want = `conn +1s client="c" server="s"
< +2s        lost 7
<            "abc"
<            eof
close +1s "reset"

conn +2s
close +2s
`
	for range 2 {
		if got := string(r.Session().Format()); got != want {
			t.Errorf("got\n%s", got)
		}
	}
}

func TestFormatBreaksLongLines(t *testing.T) {
	data := []byte(strings.Repeat("é", 1000) + strings.Repeat("\x00", 1000))
	s := &Session{[]*Conn{{Chunks: []Chunk{{Data: data}}}}}
	text := s.Format()
	for _, line := range strings.Split(string(text), "\n") {
		if len(line) > 3*lineWidth || strings.Contains(line, `\xc3`) {
			t.Errorf("bad line %s", line)
		}
	}
	back, err := Parse("x", text)
	if err != nil || !bytes.Equal(back.Conns[0].Bytes(wire.ToServer), data) {
		t.Errorf("data changed (%v)", err)
	}
}

// recorder writes down what a tap sees, and keeps the slices it may not keep.
type recorder struct {
	log  []string
	kept [][]byte
}

func (r *recorder) Chunk(c wire.Chunk) {
	r.log = append(r.log, fmt.Sprintf("%s %s %q %d %t", c.Time.Format("05.000"), c.Dir, c.Data, c.Lost, c.EOF))
	r.kept = append(r.kept, c.Data)
}

func (r *recorder) End(t time.Time, err error) {
	r.log = append(r.log, fmt.Sprintf("%s end %v", t.Format("05.000"), err))
}

func TestPlay(t *testing.T) {
	s, err := Parse("x", []byte("conn +1s\n> +2s \"abc\"\n< lost 3\n< \"d\"\n< eof\nclose +3s \"reset\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := s.Conns[0]
	c.Client.Addr, c.Server.Addr = "c", "s"
	conn := c.Wire(7, time.Unix(0, 0).UTC())
	var r recorder
	c.Play(conn, &r)
	want := []string{`03.000 to_server "abc" 0 false`, `03.000 to_client "d" 3 true`, `06.000 end reset`}
	if conn.ID != 7 || conn.Client != c.Client || conn.Server != c.Server || !reflect.DeepEqual(r.log, want) {
		t.Errorf("got  %q\nwant %q", r.log, want)
	}
	if got := string(r.kept[0]); got != "!!!" && got != "!bc" {
		t.Errorf("kept data reads %q", got)
	}
	if !bytes.Equal(c.Chunks[0].Data, []byte("abc")) {
		t.Errorf("the transcript itself was overwritten")
	}
}

func TestPlayWithoutClose(t *testing.T) {
	var r recorder
	c := &Conn{Chunks: []Chunk{{At: time.Second, EOF: true}}}
	c.Play(c.Wire(1, time.Unix(0, 0).UTC()), &r)
	c.Close = &Close{At: time.Second}
	c.Play(c.Wire(1, time.Unix(0, 0).UTC()), &r)
	want := []string{`01.000 to_server "" 0 true`, "01.000 end <nil>"}
	if !reflect.DeepEqual(r.log, append(want, want...)) {
		t.Errorf("got %q", r.log)
	}
}

func FuzzTranscript(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("conn +250ms client=x process=\"a[1]\" uid=3 server=\"y\"\nclose\nconn\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse("x", b)
		if err != nil {
			return
		}
		checkRoundTrip(t, s)
	})
}

// checkRoundTrip fails unless Parse undoes Format.
func checkRoundTrip(t *testing.T, s *Session) {
	t.Helper()
	text := s.Format()
	back, err := Parse("formatted", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !reflect.DeepEqual(back, s) {
		t.Fatalf("changed by formatting:\n%s\nthen:\n%s", text, back.Format())
	}
}
