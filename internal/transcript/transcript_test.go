package transcript

import (
	"bytes"
	"fmt"
	"reflect"
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
	for _, tt := range []struct{ in, want string }{
		{"# c\n\nhello", `x:3: unknown line "hello"`},
		{`> hello`, `x:1: bad line "hello", want a string in double quotes`},
		{`> "hello`, `x:1: bad string "hello: invalid syntax`},
		{`> ""`, `x:1: empty data`},
		{`> +5 "a"`, `x:1: bad duration "+5"`},
		{`> +-5s "a"`, `x:1: bad duration "+-5s"`},
		{`< lost 0`, `x:1: bad number of lost bytes "0"`},
		{"< eof\n> \"a\"\n< \"b\"", `x:3: line after eof of its direction`},
		{"close\n> \"a\"", `x:2: ">" after close`},
		{"conn +1s x=1", `x:1: unknown word "x"`},
		{"conn +1s x", `x:1: bad word "x"`},
		{`conn process="docker"`, `x:1: bad process "docker"`},
		{`conn uid=-1`, `x:1: bad uid "-1"`},
		{`conn uid=1`, `x:1: uid without process`},
		{"> +2000000h eof\n< +2000000h eof", `x:2: time overflows`},
	} {
		_, err := Parse("x", []byte(tt.in))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s…", tt.in, err, tt.want)
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
	conn := c.Wire(7, time.Unix(0, 0).UTC())
	var r recorder
	c.Play(conn, &r)
	want := []string{`03.000 to_server "abc" 0 false`, `03.000 to_client "d" 3 true`, `06.000 end reset`}
	if conn.ID != 7 || !reflect.DeepEqual(r.log, want) {
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
	if got := r.log[len(r.log)-1]; got != "01.000 end <nil>" {
		t.Errorf("got %s", got)
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
