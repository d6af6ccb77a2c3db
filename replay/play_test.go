package replay

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
)

// TestIDs: what the daemon has made now is what later requests are about, wherever they name it.
func TestIDs(t *testing.T) {
	var mu sync.Mutex
	var got []string
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got = append(got, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
		mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/create") {
			w.WriteHeader(201)
			fmt.Fprintf(w, `{"Id":%q,"Warnings":[]}`, idNow)
		}
	}))
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 2}, request: "POST /v1.41/containers/create?name=web", body: `{"Image":"busybox"}`, status: 201, answer: `{"Id":"` + idThen + `","Warnings":[]}`},
		call{conn: 2, times: [3]int{3, 4, 5}, request: "POST /v1.41/containers/" + idThen + "/start", status: 200},
		call{conn: 1, times: [3]int{6, 7, 8}, request: "POST /v1.41/networks/n/connect", body: `{"Container":"` + idThen[:12] + `"}`, status: 200},
		call{conn: 3, times: [3]int{9, 10, 11}, request: "GET /v1.41/events?filters=%7B%22container%22%3A%5B%22" + idThen + "%22%5D%7D&since=0", status: 200},
		call{conn: 3, times: [3]int{12, 13, 14}, request: "DELETE /v1.41/containers/web", status: 200},
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "requests", strings.Join(got, "\n"), strings.Join([]string{
		`POST /v1.41/containers/create?name=web {"Image":"busybox"}`,
		`POST /v1.41/containers/` + idNow + `/start`,
		`POST /v1.41/networks/n/connect {"Container":"` + idNow[:12] + `"}`,
		`GET /v1.41/events?filters=%7B%22container%22%3A%5B%22` + idNow + `%22%5D%7D&since=0`,
		`DELETE /v1.41/containers/web`,
	}, "\n"))
	for _, step := range s.Steps {
		check(t, step.Recorded.Title()+": why", step.Why, "")
		check(t, step.Recorded.Title()+": notes", strings.Join(step.Notes, "; "), "")
		check(t, step.Recorded.Title()+": was sent", step.Became.Conn > 0 && step.Became.Exchange > 0, true)
	}
}

// TestNoIDsOfLists: what happens to be there now is not what was there then.
func TestNoIDsOfLists(t *testing.T) {
	removed := make(chan string, 1)
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "DELETE" {
			removed <- r.URL.Path
			return
		}
		fmt.Fprintf(w, `[{"Id":%q,"Names":["/precious"]}]`, idOther)
	}))
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 2}, request: "GET /containers/json", status: 200, answer: `[{"Id":"` + idThen + `","Names":["/old"]}]`},
		call{conn: 1, times: [3]int{3, 4, 5}, request: "DELETE /containers/" + idThen, status: 204},
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "removed", <-removed, "/containers/"+idThen)
}

// TestOrder: what had ended before another began ends before it begins, and what was under way
// is under way: the wait for a container is answered when that was started, which is asked for
// on another connection after it.
func TestOrder(t *testing.T) {
	started := make(chan struct{})
	var mu sync.Mutex
	var got []string
	say := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, what)
	}
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/containers/c/wait":
			say("waits")
			w.(http.Flusher).Flush()
			<-started
			fmt.Fprint(w, `{"StatusCode":0}`)
		case "/containers/c/start":
			say("starts")
			close(started)
		default:
			say(r.Method)
		}
	}))
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 9}, request: "POST /containers/c/wait", status: 200, answer: `{"StatusCode":0}`},
		call{conn: 2, times: [3]int{2, 3, 4}, request: "POST /containers/c/start", status: 200},
		call{conn: 3, times: [3]int{20, 21, 22}, request: "DELETE /containers/c", status: 200},
		call{conn: 2, times: [3]int{30, 31, 32}, request: "HEAD /_ping", status: 200},
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "order", strings.Join(got, " "), "waits starts DELETE HEAD")
}

// TestInput: input is sent behind the upgrade, ids in it as they are now, and its end is one.
func TestInput(t *testing.T) {
	said := make(chan string, 1)
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		c, in, _ := w.(http.Hijacker).Hijack()
		defer c.Close()
		fmt.Fprint(c, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n$ ")
		all, _ := io.ReadAll(in)
		said <- string(all)
		fmt.Fprint(c, "bye")
	}))
	s := recorded(t, Options{}, call{conn: 1, times: [3]int{0, 1, 9}, request: "POST /exec/e/start", body: `{"Tty":true}`,
		status: 101, input: []string{"ls\n", "exit\n", ""}, output: "$ bye", fields: []wire.Field{field("Upgrade", "tcp"), field("Connection", "Upgrade")}})
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "input", <-said, "ls\nexit\n")
	check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), "")
}

// TestLeaves: where the client left a stream, it is left, when all that came before was done.
func TestLeaves(t *testing.T) {
	left, made := make(chan struct{}), make(chan struct{})
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/events" {
			close(made)
			return
		}
		w.(http.Flusher).Flush()
		<-made
		fmt.Fprintln(w, `{"Action":"create"}`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(left)
	}))
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 9}, request: "GET /events", status: 200, answer: `{"Action":"create"}`, left: true},
		call{conn: 2, times: [3]int{2, 3, 4}, request: "POST /volumes/create", status: 200},
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	<-left
	check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), "")
}

// TestGivesUp: what does not answer is given up, and what comes later is done.
func TestGivesUp(t *testing.T) {
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}
	}))
	p.Patience = 20 * time.Millisecond
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 2}, request: "POST /containers/c/stop", status: 204},
		call{conn: 1, times: [3]int{3, 10_000, 10_001}, request: "GET /info", status: 200}, // it may take long
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), "did not end within 20ms, and was given up")
	check(t, "notes of the next", strings.Join(s.Steps[1].Notes, "; "), "")
	check(t, "connection of the next", s.Steps[1].Became.Conn, 2)
}

// TestAgain: an answer that is not there yet is asked for again.
func TestAgain(t *testing.T) {
	asked := 0
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		fmt.Fprintf(w, `{"ID":"e","Running":%v}`, asked == 1)
	}))
	s := recorded(t, Options{}, call{conn: 1, times: [3]int{0, 1, 2}, request: "GET /exec/e/json", status: 200, answer: `{"ID":"e","Running":false}`})
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), "was asked 2 times: at first its answer was another")
	check(t, "before", fmt.Sprint(s.Steps[0].Before), "[{1 1}]")
	check(t, "exchange", s.Steps[0].Became.Exchange, 2)
}

// TestAgainInVain: an answer that stays another is asked for some times, and it is said so.
func TestAgainInVain(t *testing.T) {
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"ID":"e","Running":true}`) }))
	s := recorded(t, Options{}, call{conn: 1, times: [3]int{0, 1, 2}, request: "GET /exec/e/json", status: 200, answer: `{"ID":"e","Running":false}`})
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), "was asked 4 times: its answer stays another")
}

// TestHostileDaemon: whatever a daemon answers, all is done or said, and it ends.
func TestHostileDaemon(t *testing.T) {
	for _, c := range []struct{ name, answer, note string }{
		{"nothing", "", "no answer could be read: unexpected EOF"},
		{"no HTTP", "SSH-2.0-x\r\n\r\n", "no answer could be read: malformed HTTP response \"SSH-2.0-x\""},
		{"a head without end", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20), "no answer could be read: unexpected EOF"},
		{"only interim answers", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 3), "no answer could be read: unexpected EOF"},
		{"less than it says", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "the answer broke off: unexpected EOF"},
		{"no chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the answer broke off: invalid byte in chunk length"},
		{"no JSON", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{{{", ""},
		{"an upgrade", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nx", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "d.sock")
			l, err := net.Listen("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			testpeer.Serve(t, l, func(conn net.Conn) {
				_, _ = http.ReadRequest(bufio.NewReader(conn))
				_, _ = io.WriteString(conn, c.answer)
			})
			s := recorded(t, Options{}, call{conn: 1, times: [3]int{0, 1, 2}, request: "GET /info", status: 200, answer: `{"ID":"x"}`})
			if err := dialling(path).Play(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			check(t, "notes", strings.Join(s.Steps[0].Notes, "; "), c.note)
		})
	}
}

// TestNoDaemon: what cannot be sent for want of a daemon has failed.
func TestNoDaemon(t *testing.T) {
	s := recorded(t, Options{}, call{conn: 1, request: "GET /info", status: 200}, call{conn: 2, request: "GET /info", status: 200})
	if err := dialling(filepath.Join(t.TempDir(), "none")).Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, step := range s.Steps {
		check(t, "failed", step.Failed(), true)
		check(t, "why", strings.Contains(step.Why, "no such file"), true)
		check(t, "connection", step.Became.Conn, 0)
	}
}

// TestInterrupted: when it is to end, it does, whatever is open.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := daemon(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 1, 2}, request: "GET /info", status: 200},
		call{conn: 2, times: [3]int{3, 4, 5}, request: "GET /version", status: 200},
	)
	check(t, "error", p.Play(ctx, s), context.Canceled)
	check(t, "the first", strings.Join(s.Steps[0].Notes, "; "), "was interrupted")
	check(t, "the second", s.Steps[1].Why, "interrupted")
	check(t, "it failed", s.Steps[1].Failed(), true)
}

// TestLaterRequest: how long a request may take to be written is not how long its connection may be used.
func TestLaterRequest(t *testing.T) {
	p := daemon(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	p.Patience, p.Pause = time.Microsecond, 20*time.Millisecond
	s := recorded(t, Options{},
		call{conn: 1, times: [3]int{0, 10_000, 10_000}, request: "GET /info", status: 200},
		call{conn: 1, times: [3]int{20_000, 30_000, 30_000}, request: "GET /version", status: 200},
	)
	if err := p.Play(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, step := range s.Steps {
		check(t, step.Recorded.Title()+": notes", strings.Join(step.Notes, "; "), "")
		check(t, step.Recorded.Title()+": connection", step.Became.Conn, 1)
	}
}

// TestHeld: of an answer its beginning is kept, as far as there is room for it; what is left out is
// counted as received all the same.
func TestHeld(t *testing.T) {
	for _, c := range []struct {
		room int64
		most int
		want string
	}{{100, 100, "0123456789"}, {5, 100, "01234"}, {100, 3, "012"}, {0, 100, ""}, {100, 0, ""}} {
		e := &exchange{play: new(play)}
		e.held.Store(maxHeld - c.room)
		kept, err := e.drain(iotest.OneByteReader(strings.NewReader("0123456789")), c.most)
		check(t, "kept", string(kept), c.want)
		check(t, "error", err, nil)
		check(t, "counted", e.held.Load(), maxHeld-c.room+int64(len(c.want)))
		check(t, "received", e.received.n, 10)
	}
}
