package serve

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// runText is docker run: attached before it is started, output 50 ms behind the start.
var runText = fmt.Sprintf(`
conn +0s
> "POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"Image\":\"bb\"} "
< +1ms "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 73\r\n\r\n{\"Id\":\"%[1]s\"}"
> +9ms "POST /v1.41/containers/%[1]s/wait?condition=next-exit HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
< +200ms "11\r\n{\"StatusCode\":3}\n\r\n0\r\n\r\n"
close
conn +4ms
> "POST /v1.41/containers/%[1]s/attach?stderr=1&stdout=1&stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
< +1ms "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
< +50ms %[2]q
< +50ms %[3]q
< +50ms eof
> eof
close
conn +20ms
> "POST /v1.41/containers/%[1]s/start HTTP/1.1\r\nHost: d\r\n\r\n"
< +2ms "HTTP/1.1 204 No Content\r\n\r\n"
close
`, idA, frame(1, "hi\n"), frame(2, "oops\n"))

const upgraded = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"

func attachTo(id string, upgrade bool) string {
	offer := ""
	if upgrade {
		offer = "Connection: Upgrade\r\nUpgrade: tcp\r\n"
	}
	return "POST /v1.41/containers/" + id + "/attach?stderr=1&stdout=1&stream=1 HTTP/1.1\r\nHost: d\r\n" + offer + "\r\n"
}

// TestRun: what a container prints waits until it is started, in any speed; a client that
// does not offer an upgrade gets the stream as 200.
func TestRun(t *testing.T) {
	s := scripted(t, runText)
	for _, upgrade := range []bool{true, false} {
		d := serving(t, s, Options{Speed: Max})
		d.check(`POST /containers/create {"Image":"bb"}`, `201 {"Id":"`+idA+`"}`)
		out := d.dial(attachTo(idA, upgrade))
		head := upgraded
		if !upgrade {
			head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
		}
		if got := out.head(); got != head {
			t.Fatalf("head %q, want %q", got, head)
		}
		exit := d.dial("POST /v1.41/containers/" + idA + "/wait?condition=next-exit HTTP/1.1\r\nHost: d\r\n\r\n")
		exit.head()
		if waits, _ := d.waiting(t, "ContainerAttach"); !waits {
			t.Error("the output does not wait for the start")
		}
		d.check("POST /containers/"+idA+"/start", "204")
		out.hears(frame(1, "hi\n") + frame(2, "oops\n"))
		out.ends()
		exit.hears("11\r\n{\"StatusCode\":3}\n\r\n0\r\n\r\n")
	}
}

// waiting reports whether the output of an operation waits for a request: its time is not
// known.
func (d *daemon) waiting(t *testing.T, op string) (bool, time.Duration) {
	t.Helper()
	for _, e := range d.script.exchanges {
		if e.op != op {
			continue
		}
		ctx, stop := context.WithCancel(context.Background())
		stop()
		p := newPace(d.state, Max, e, d.now())
		return p.until(ctx, e.answer.pieces[0].at) != nil && p.last == e.asked, p.last
	}
	t.Fatalf("no %s", op)
	return false, 0
}

// TestTimes: each part comes as long after the request that it waited for as it was recorded,
// times the speed.
func TestTimes(t *testing.T) {
	s := scripted(t, runText)
	var attach, start *exchange
	for _, e := range s.exchanges {
		switch e.op {
		case "ContainerAttach":
			attach = e
		case "ContainerStart":
			start = e
		}
	}
	at := func(p *pace, when time.Duration) time.Duration {
		return p.speed.of(when-p.last) + p.made.Sub(time.Unix(0, 0))
	}
	for _, speed := range []Speed{1, 2, 0.5, Max} {
		st := newState(s, false, nil, func() time.Time { return time.Unix(100, 0) })
		p := newPace(st, speed, attach, time.Unix(0, 0))
		st.plays[start.number-1].at = time.Unix(50, 0)
		close(st.plays[start.number-1].made)
		for i, behind := range []time.Duration{35 * time.Millisecond, 85 * time.Millisecond, 135 * time.Millisecond} {
			piece := attach.answer.last
			if i < 2 {
				piece = attach.answer.pieces[i]
			}
			if err := p.until(context.Background(), piece.at); err != nil { // which is long ago
				t.Fatal(err)
			}
			if got, want := at(p, piece.at), 50*time.Second+speed.of(behind); got != want {
				t.Errorf("speed %v, part %d: at %v, want %v", speed, i, got, want)
			}
		}
	}
}

// TestSpeed: nonsense is refused.
func TestSpeed(t *testing.T) {
	for text, want := range map[string]Speed{"1": 1, "2": 2, "0.5": 0.5, "max": Max} {
		if got, err := ParseSpeed(text); err != nil || got != want || got.String() != text {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "NaN", "inf", "Inf", "1e300", "fast", "1x", "0.0000001", "MAX"} {
		if got, err := ParseSpeed(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestClientsThatLeave frees what waits for a request that never comes: a client that has
// half-closed before, one that has not, and one of a plain answer.
func TestClientsThatLeave(t *testing.T) {
	d := serving(t, scripted(t, runText), Options{})
	d.check(`POST /containers/create {"Image":"bb"}`, `201 {"Id":"`+idA+`"}`)
	exit := d.dial("POST /v1.41/containers/" + idA + "/wait?condition=next-exit HTTP/1.1\r\nHost: d\r\n\r\n")
	exit.head()
	exit.Close()
	out := d.dial(attachTo(idA, true))
	out.head()
	out.halfClose()
	out.Close()
	d.left()
	for _, stream := range []string{"ContainerAttach", "ContainerWait"} {
		if w := d.Report().Waits; len(w) != 2 || w[Wait{stream, "ContainerStart"}] != 1 {
			t.Errorf("%s: %v", stream, w)
		}
	}
}

// logsText is docker logs -f, while something else is done: asked for by target, and answered so.
func logsText(target, answer string) string {
	return fmt.Sprintf(`
conn +0s
> "GET /containers/%[1]s/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"
< +100ms "3\r\ntwo\r\n0\r\n\r\n"
close
conn +50ms
> %[2]q
< +1ms %[3]q
close
`, idA, "POST "+target+" HTTP/1.1\r\nHost: d\r\n\r\n", asAnswer(answer))
}

// TestNotAboutIt: a stream of a container does not wait for what is done to other things, nor for
// what has failed.
func TestNotAboutIt(t *testing.T) {
	for target, answer := range map[string]string{
		"/volumes/prune": "200 {}", "/images/prune": "200 {}", "/networks/prune": "200 {}", "/build/prune": "200 {}", "/build?t=x": "200 {}",
		"/containers/create": `404 {"message":"No such image: x"}`, "/containers/" + idB + "/start": "204", "/auth": "200 {}",
	} {
		d := serving(t, scripted(t, logsText(target, answer)), Options{Speed: Max})
		within(t, "the log without "+target, func() { d.check("GET /containers/"+idA+"/logs?follow=1&stdout=1", "200 onetwo") })
	}
	for target, answer := range map[string]string{"/containers/prune": "200 {}", "/containers/" + idA + "/stop": "204", "/swarm/leave": "200 "} {
		d := serving(t, scripted(t, logsText(target, answer)), Options{Speed: Max})
		c := d.dial("GET /containers/" + idA + "/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: d\r\n\r\n")
		c.head()
		c.hears("3\r\none\r\n")
		c.Close()
		d.left()
		if w := d.Report().Waits; len(w) != 1 {
			t.Errorf("%s: %v", target, w)
		}
	}
}

// slowText is an answer that takes its time.
const slowText = `
conn
> "GET /info HTTP/1.1\r\nHost: d\r\n\r\n"
< +5ms "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
close
`

// TestSaysNoMore answers a client that has half-closed its connection behind the request, and
// ends that then.
func TestSaysNoMore(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a half-close cannot be told from a close here")
	}
	d := serving(t, scripted(t, slowText), Options{})
	for range 20 {
		c := d.dial("GET /info HTTP/1.1\r\nHost: d\r\n\r\n")
		c.halfClose()
		if got := c.head(); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
			t.Fatalf("got %q", got)
		}
		c.hears("{}")
		c.ends()
	}
}

// TestSaysNoMoreAndLeaves frees what an answer that is far away has, when its client has left
// altogether.
func TestSaysNoMoreAndLeaves(t *testing.T) {
	d := serving(t, scripted(t, strings.Replace(slowText, "5ms", "50000s", 1)), Options{})
	c := d.dial("GET /info HTTP/1.1\r\nHost: d\r\n\r\n")
	c.halfClose()
	within(t, "the request", func() {
		for d.Report().Answered == 0 {
			runtime.Gosched()
		}
	})
	c.Close()
	d.left()
}

// TestClose ends what waits.
func TestClose(t *testing.T) {
	d := serving(t, scripted(t, runText), Options{})
	out := d.dial(attachTo(idA, true))
	out.head()
	d.close()
	out.ends()
}

// inputText is docker exec -i cat, twice: "early" is answered, then the end of the input.
var inputText = fmt.Sprintf(`
conn
> "POST /v1.41/exec/%[1]s/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
< +1ms "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
> +1ms "early\n"
< +1ms %[2]q
> +1ms "late\n"
> +1ms eof
< +1ms %[3]q
< +1ms eof
close
`, idA, frame(1, "early\n"), frame(1, "late\n"))

const execStart = "POST /v1.41/exec/" + idA + "/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

// TestInput: what came behind some input waits for as much of it, and for its end. That it is
// another is told.
func TestInput(t *testing.T) {
	for _, showSecrets := range []bool{true, false} {
		s, err := scriptOf(inputText, ReadOptions{ShowSecrets: showSecrets})
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{"early\nlate\n", "EARLY\nlate\n"} {
			d := serving(t, s, Options{Speed: Max})
			c := d.dial(execStart)
			c.head()
			c.say(typed[:3])
			c.say(typed[3:6])
			c.hears(frame(1, "early\n"))
			c.say(typed[6:])
			c.halfClose()
			c.hears(frame(1, "late\n"))
			c.ends()
			c.Close()
			d.close()
			want := int64(0)
			if showSecrets && typed[0] == 'E' {
				want = 1
			}
			if r := d.Report(); r.Missed != want {
				t.Errorf("%q: %+v", typed, r)
			}
		}
	}
}

// TestShortInput: a client that ends its input early is not waited for.
func TestShortInput(t *testing.T) {
	d := serving(t, scripted(t, inputText), Options{Speed: Max})
	c := d.dial(execStart)
	c.head()
	c.halfClose()
	c.hears(frame(1, "early\n") + frame(1, "late\n"))
	c.ends()
}

// TestLeft: what the recorded client has left stays until this one leaves.
func TestLeft(t *testing.T) {
	s := scripted(t, `
conn
> "GET /v1.41/events HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
< +5ms "e\r\n{\"Type\":\"one\"}\r\n"
> +5ms eof
close
`)
	if e := s.exchanges[0]; e.answer.ends != stays {
		t.Fatalf("its ending is %d, want %d", e.answer.ends, stays)
	}
	d := serving(t, s, Options{Speed: Max})
	c := d.dial("GET /v1.41/events HTTP/1.1\r\nHost: d\r\n\r\n")
	c.head()
	c.hears("e\r\n{\"Type\":\"one\"}\r\n")
	c.Close()
	d.left()
}

// TestCut: an answer that was cut is cut.
func TestCut(t *testing.T) {
	d := serving(t, scripted(t, `
conn
> "GET /v1.41/containers/x/logs HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nonly this"
< +5ms eof
close "connection reset by peer"
`), Options{Speed: Max})
	got, err := d.client.Get("http://d/containers/x/logs")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	b := make([]byte, 100)
	n, err := readAll(got, b)
	if err == nil || string(b[:n]) != "only this" || got.ContentLength != 100 {
		t.Errorf("%q, %v, length %d", b[:n], err, got.ContentLength)
	}
}

func readAll(r *http.Response, b []byte) (n int, err error) {
	for err == nil && n < len(b) {
		var m int
		m, err = r.Body.Read(b[n:])
		n += m
	}
	return n, err
}

// TestMiddleware: what is put around the handler may answer itself.
func TestMiddleware(t *testing.T) {
	d := serving(t, scripted(t, exchangeText("GET /info", "200 {}")), Options{Speed: Max, Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/fault" {
				w.WriteHeader(500)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	d.check("GET /fault", "500")
	d.check("GET /info", "200 {}")
}
