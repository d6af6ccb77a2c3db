package lesson

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestGolden shows what lessons look like.
func TestGolden(t *testing.T) {
	recorded, err := demo.Recorded()
	if err != nil {
		t.Fatal(err)
	}
	for _, html := range []bool{false, true} {
		end := map[bool]string{false: ".md", true: ".html"}[html]
		text, _ := taught(t, recorded.Session, Options{HTML: html})
		golden(t, "demo"+end, text)
		for _, c := range tracetest.Captures(t) {
			switch c.Name {
			case "run", "bkit", "dp_err", "runit":
				text, _ := taught(t, c.Session, Options{HTML: html})
				golden(t, c.Name+end, text)
			}
		}
	}
}

// TestRun tells the story of docker run.
func TestRun(t *testing.T) {
	for _, c := range tracetest.Captures(t) {
		if c.Name != "run" {
			continue
		}
		text, s := taught(t, c.Session, Options{})
		at := 0
		for _, says := range []string{
			"# What docker run asks the daemon", "docker run: ", "sequenceDiagram", "participant L2 as container", "ContainerCreate",
			". Create a container from an image", "\nPOST /v1.41/containers/create", "\nHTTP/1.1 201 Created", "\ncurl ",
			". Connect to the streams of a container", "stdout     ", ". Start a container",
		} {
			i := strings.Index(text[at:], says)
			if i < 0 {
				t.Fatalf("%q does not come behind byte %d", says, at)
			}
			at += i
		}
		if s.left != 0 || len(s.steps) < 5 {
			t.Errorf("%d steps, %d left", len(s.steps), s.left)
		}
	}
}

// TestCallsInside counts the calls of gRPC that a command makes.
func TestCallsInside(t *testing.T) {
	for _, c := range tracetest.Captures(t) {
		if c.Name != "bkit" {
			continue
		}
		for _, conn := range c.Session.Conns {
			conn.Client.Process = &wire.Process{Name: "docker", PID: 7}
		}
		text, _ := taught(t, c.Session, Options{})
		if !strings.Contains(text, "\n- docker build: 3 requests and 4 gRPC calls on 2 connections, ") {
			t.Errorf("%.600s", text)
		}
	}
}

// TestToldBefore: the stories that a recording tells are those of the lesson.
func TestToldBefore(t *testing.T) {
	var out strings.Builder
	s := New(&out, Options{})
	conn := &wire.Conn{ID: 1, Start: began}
	m := wire.Meta{Conn: conn, Exchange: 1, Start: began, End: began}
	x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m, Method: "POST", Target: "/containers/web/start"}}
	for _, ev := range []wire.Event{x.Request, x, &wire.Close{Meta: wire.Meta{Conn: conn}, Story: &wire.Story{Name: "docker start", Requests: 2, Conns: 1}}} {
		_ = s.Event(ev, x)
	}
	if err := s.Close(); err != nil || !strings.HasPrefix(out.String(), Mark+"# What docker start asks the daemon\n") || strings.Count(out.String(), "docker start: 2 requests") != 1 {
		t.Errorf("%v: %s", err, out.String())
	}
}

// TestTitle is that of the caller, or says what there is.
func TestTitle(t *testing.T) {
	if text, _ := taught(t, sessionOf(t, "conn +1ms\nclose\n"), Options{}); text != Mark+"# What was said to the daemon\n\nNo request was seen.\n" {
		t.Errorf("of nothing: %q", text)
	}
	text, _ := taught(t, sessionOf(t, "conn +1ms\n"+ping), Options{Title: "My <session>"})
	if !strings.HasPrefix(text, Mark+"# My \\<session\\>\n") {
		t.Errorf("%.80q", text)
	}
	text, _ = taught(t, sessionOf(t, "conn +1ms\n"+ping), Options{Title: "My <session>", HTML: true})
	if !strings.Contains(text, "<title>My &lt;session&gt;</title>") || !strings.Contains(text, "<h1>My &lt;session&gt;</h1>") {
		t.Errorf("%.900s", text)
	}
}

// ping is an exchange of a transcript.
const ping = `> +1ms "HEAD /_ping HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n"
`

// TestNarrow: what people look for first comes first, and that a diagram goes on is said.
func TestNarrow(t *testing.T) {
	text, _ := taught(t, sessionOf(t, "conn +1ms\n"+ping), Options{HTML: true})
	at := 0
	for _, part := range []string{"<h1>", "1 request on 1 connection", "<nav>", `<p class="hint">`, "<svg ", "<section "} {
		i := strings.Index(text[at:], part)
		if i < 0 {
			t.Fatalf("%s does not come behind byte %d", part, at)
		}
		at += i
	}
}

// TestFolds tells of what is asked for again and again once.
func TestFolds(t *testing.T) {
	const other = "> +1ms \"GET /v1.41/info HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}\"\n"
	text, _ := taught(t, sessionOf(t, "conn +1ms\n"+strings.Repeat(ping, 40)+other+ping), Options{})
	for _, says := range []string{
		"## 1 to 40. Ask whether", "It is asked for 40 times in a row", "## 41. ", "## 42. Ask whether",
		"The request and the answer are those of step 1.", "SystemPingHead #40;40 times#41;", "78 more messages are folded so",
	} {
		if strings.Count(text, says) != 1 {
			t.Errorf("%q is there %d times", says, strings.Count(text, says))
		}
	}
	if n := strings.Count(text, "HEAD /_ping"); n != 1 {
		t.Errorf("the request is shown %d times", n)
	}
}

// TestBounds keeps little of long sessions, and says so.
func TestBounds(t *testing.T) {
	line := strings.Repeat("x", 60<<10)
	big := "> +1ms \"GET /v1.41/info HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +1ms \"HTTP/1.1 200 OK\\r\\nContent-Length: 61442\\r\\nContent-Type: application/json\\r\\n\\r\\n\\\"" + line + "\\\"\"\n"
	text, s := taught(t, sessionOf(t, "conn +1ms\n"+strings.Repeat(big, 600)), Options{})
	if s.bytes > maxBytes || len(s.steps) > maxSteps || len(s.steps)+int(s.left) != 600 || s.left == 0 {
		t.Errorf("%d bytes, %d steps, %d left", s.bytes, len(s.steps), s.left)
	}
	if !strings.Contains(text, "more requests are not told") {
		t.Errorf("nothing says that something is missing:\n%.1200s", text)
	}
	var frames strings.Builder
	frames.WriteString("conn +1ms\n> +1ms \"POST /v1.41/containers/c/attach?stream=1&stdout=1 HTTP/1.1\\r\\nHost: d\\r\\nUpgrade: tcp\\r\\nConnection: Upgrade\\r\\n\\r\\n\"\n" +
		"< +1ms \"HTTP/1.1 101 UPGRADED\\r\\nContent-Type: application/vnd.docker.multiplexed-stream\\r\\nConnection: Upgrade\\r\\nUpgrade: tcp\\r\\n\\r\\n\"\n")
	for range 1000 {
		frames.WriteString("< +1ms \"\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x03hi\\n\"\n")
	}
	text, s = taught(t, sessionOf(t, frames.String()), Options{})
	if n := len(s.steps[0].said); n != maxMessages || s.steps[0].left[1][wire.KindStdout] != 1000-maxMessages {
		t.Errorf("%d messages, %v left", n, s.steps[0].left[1])
	}
	if !strings.Contains(text, "without 100 more lines and 800 more messages:") || !strings.Contains(text, "stdout#58; hi #40;200 times#41;") {
		t.Errorf("nothing says that something is missing:\n%.3000s", text)
	}
}

// TestSums: what is beyond the bounds is summed up all the same, as far as it is known, and
// there may be less room.
func TestSums(t *testing.T) {
	bad := "> +1s \"GET /v1.41/info HTTP/1.1\\r\\nHost: d\\r\\n\\r\\n\"\n< +0 \"HTTP/1.1 500 No\\r\\nContent-Length: 0\\r\\n\\r\\n\"\n"
	text, _ := taught(t, sessionOf(t, "conn +1ms\n"+strings.Repeat(bad, maxSteps+100)), Options{})
	for _, says := range []string{"600 requests on 1 connection in 9m59s; 600 failed.", "makes 500 requests of those that are told", "room for 500 requests, and for 33.6 MB"} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not there:\n%.1500s", says, text)
		}
	}
	text, s := taught(t, sessionOf(t, "conn +1ms\n"+strings.Repeat(bad, 100)), Options{Memory: 64 << 10})
	if s.bytes > 64<<10 || s.left == 0 {
		t.Errorf("%d bytes, %d left", s.bytes, s.left)
	}
	if !strings.Contains(text, "100 requests on 1 connection in 1m39s; 100 failed.") {
		t.Errorf("%.1500s", text)
	}
	a := newAccount(0)
	for range maxConns {
		a.saw(&wire.Conn{})
	}
	known := &wire.Conn{}
	if a.saw(known); len(a.conns) != maxConns || !a.more {
		t.Errorf("%d connections, more: %t", len(a.conns), a.more)
	}
}

// TestLeft: what is left out of a kind is told with what is shown of that kind.
func TestLeft(t *testing.T) {
	s := &step{x: &wire.Exchange{}}
	add := func(kind wire.Kind, index int, data string) {
		s.add(&wire.Message{Meta: wire.Meta{Dir: wire.ToClient}, Kind: kind, Index: index, Data: []byte(data), Size: int64(len(data))}, 1<<20)
	}
	add(wire.KindJSON, 0, `{"a":1}`)
	for i := range maxMessages + 10 {
		add(wire.KindStdout, i, "x\n")
	}
	tell := &teller{account: newAccount(0)}
	says := func(all []part) (text string) {
		for _, p := range all {
			text += p.words[0].Text + "\n"
		}
		return text
	}
	if got := says(tell.body(s, wire.ToClient)); got != "The body of the answer:\n" {
		t.Errorf("%q", got)
	}
	if got := says(tell.stream(s)); got != "What is written and read on the connection, without 99 more lines and 11 more messages:\n" {
		t.Errorf("%q", got)
	}
	if got := archive([]*message{{text: []byte(`{"name":"a"}`)}}, "It", 7).words[0].Text; got != "It is an archive of files, without 7 more files:" {
		t.Errorf("%q", got)
	}
}
