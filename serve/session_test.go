package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/internal/protowire"
)

const (
	diffCopy = "/moby.filesync.v1.FileSync/DiffCopy"
	packet   = "fsutil.types.Packet"
)

// sends is a client's side of a transfer of one file: it answers as fsutil does.
func sends(w http.ResponseWriter, r *http.Request) { sending(w, r, func(string) {}) }

func sending(w http.ResponseWriter, r *http.Request, heard func(string)) {
	w.Header().Set("Content-Type", "application/grpc")
	w.WriteHeader(http.StatusOK)
	say := func(docs ...string) {
		for _, doc := range docs {
			_, _ = w.Write(message(packet, doc))
		}
		_ = http.NewResponseController(w).Flush()
	}
	heard("dir " + r.Header.Get("Dir-Name"))
	say(`{"stat":{"path":"a"}}`, `{}`)
	for {
		doc, err := nextIn(r.Body, packet)
		if err != nil {
			break
		}
		heard(doc)
		switch {
		case strings.Contains(doc, "REQ"):
			say(`{"type":"PACKET_DATA","data":"hello"}`, `{"type":"PACKET_DATA"}`)
		case strings.Contains(doc, "FIN"):
			say(`{"type":"PACKET_FIN"}`)
		}
	}
	heard("end")
	w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
}

// offer opens a session, in which calls have a handler, and returns what ends it.
func offer(t testing.TB, dial dialer, handler http.HandlerFunc) (end func()) {
	t.Helper()
	return offerAs(t, dial, "", handler)
}

// offerAs does so with a name for the session.
func offerAs(t testing.TB, dial dialer, name string, handler http.HandlerFunc) (end func()) {
	t.Helper()
	conn := dial()
	path := "/session"
	if name != "" {
		path += " HTTP/1.1\r\n" + sessionField + ": " + name + "\r\nX-Other:" // what upgradeTo says behind it is the value
	}
	l := newOnly(context.Background(), upgradeTo(t, conn, path))
	srv := &http.Server{Handler: handler, Protocols: protocols()}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = srv.Serve(l)
	}()
	return sync.OnceFunc(func() {
		srv.Close()
		conn.Close()
		<-over
	})
}

// openSession opens the session that r asks for, gives it to take, and waits for its end.
func openSession(t *testing.T, w http.ResponseWriter, r *http.Request, take func(*http.ClientConn)) {
	ctx, stop := context.WithCancel(r.Context())
	conn, err := upgrade(w, switching(), stop)
	if err != nil {
		t.Error(err)
		return
	}
	client, err := clientOf(ctx, conn)
	if err != nil {
		t.Error(err)
		return
	}
	take(client)
	<-ctx.Done()
}

// sharing is a daemon that, to solve, makes calls in the session that was opened before.
func sharing(t *testing.T, calls func(*http.ClientConn)) http.HandlerFunc {
	opened := make(chan *http.ClientConn, 1)
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/session":
			openSession(t, w, r, func(client *http.ClientConn) { opened <- client })
		case solve.path:
			doc, _ := nextIn(r.Body, solve.asks)
			calls(<-opened)
			r.Body = io.NopCloser(bytes.NewReader(message(solve.asks, doc)))
			fallthrough
		default:
			buildkit(w, r)
		}
	}
}

// shared is the script of a build for which the daemon fetches a file.
func shared(t *testing.T) *Script {
	t.Helper()
	daemon := sharing(t, func(client *http.ClientConn) { fetch(t, client) })
	return overhear(t, ReadOptions{}, daemon, func(dial dialer) {
		end := offer(t, dial, sends)
		client := calling(t, dial)
		solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
		client.Close()
		end()
	})
}

// fetch is the daemon's side of sends.
func fetch(t testing.TB, client *http.ClientConn) {
	body, out := io.Pipe()
	r, err := http.NewRequest("POST", "http://localhost"+diffCopy, body)
	if err != nil {
		t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("Dir-Name", "context")
	got, err := client.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer got.Body.Close()
	for {
		doc, err := nextIn(got.Body, packet)
		switch {
		case err != nil:
			return
		case doc == `{}`:
			_, _ = out.Write(message(packet, `{"type":"PACKET_REQ"}`))
		case doc == `{"type":"PACKET_DATA"}`:
			_, _ = out.Write(message(packet, `{"type":"PACKET_FIN"}`))
		case strings.Contains(doc, "FIN"):
			out.Close()
		}
	}
}

// TestSession makes the calls of the daemon again, each message behind those that it answered.
func TestSession(t *testing.T) {
	for _, speed := range []Speed{1, Max} {
		s := shared(t)
		if s.Exchanges() != 2 || s.Skipped() != (Skipped{}) {
			t.Fatalf("%d exchanges, %+v", s.Exchanges(), s.Skipped())
		}
		d := serving(t, s, Options{Speed: speed})
		all := make(chan string, 100)
		end := offer(t, d.dialer(), func(w http.ResponseWriter, r *http.Request) {
			sending(w, r, func(doc string) { all <- doc })
		})
		client := calling(t, d.dialer())
		solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
		var got []string
		within(t, "the transfer", func() {
			for len(got) < 4 {
				got = append(got, <-all)
			}
		})
		if want := []string{"dir context", `{"type":"PACKET_REQ"}`, `{"type":"PACKET_FIN"}`, "end"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		end()
		d.leaves(client)
		if r := d.Report(); r.Missed != 0 {
			t.Errorf("%+v", r)
		}
	}
}

// exported is the script of a build that sends its client a file, and then does not wait for its end.
func exported(t *testing.T, o ReadOptions, file []byte) *Script {
	t.Helper()
	daemon := sharing(t, func(client *http.ClientConn) { send(t, client, file) })
	return overhear(t, o, daemon, func(dial dialer) {
		left := make(chan struct{})
		end := offer(t, dial, func(w http.ResponseWriter, r *http.Request) {
			defer close(left)
			receive(w, r)
		})
		client := calling(t, dial)
		solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
		within(t, "the client's end", func() { <-left })
		client.Close()
		end()
	})
}

// send sends a file as fsutil does, and cancels the call when the client has it.
func send(t testing.TB, client *http.ClientConn, file []byte) {
	body, out := io.Pipe()
	r, err := http.NewRequest("POST", "http://localhost"+fileSend, body)
	if err != nil {
		t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/grpc")
	go func() { _, _ = out.Write(packetOf(file)) }()
	got, err := client.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer got.Body.Close()
	if doc, err := nextIn(got.Body, packet); err != nil || !strings.Contains(doc, "FIN") {
		t.Errorf("%s %v", doc, err)
	}
	out.CloseWithError(errCut)
}

const fileSend = "/moby.filesync.v1.FileSend/DiffCopy"

// packetOf returns a packet with a piece of a file.
func packetOf(file []byte) []byte {
	return withPrefix(protowire.AppendBytes([]byte("\x08\x02"), 4, file))
}

// receive takes a packet, and returns it and how the call ended.
func receive(w http.ResponseWriter, r *http.Request) (got []byte, err error) {
	w.Header().Set("Content-Type", "application/grpc")
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush()
	size, _, err := hear(r.Body)
	if err != nil {
		return nil, err
	}
	got = make([]byte, size)
	if _, err := io.ReadFull(r.Body, got); err != nil {
		return nil, err
	}
	_, _ = w.Write(message(packet, `{"type":"PACKET_FIN"}`))
	_ = http.NewResponseController(w).Flush()
	_, _, err = hear(r.Body)
	return withPrefix(got), err
}

// TestSessionExport has a file that is no text, of which a capture has all: it comes again, if secrets
// may be shown, and the daemon does not wait for the end of the call again.
func TestSessionExport(t *testing.T) {
	file := bytes.Repeat([]byte("\x00\xff{}"), 5000)
	d := serving(t, exported(t, ReadOptions{ShowSecrets: true}, file), Options{Speed: Max})
	type received struct {
		msg []byte
		err error
	}
	got := make(chan received, 1)
	end := offer(t, d.dialer(), func(w http.ResponseWriter, r *http.Request) {
		msg, err := receive(w, r)
		got <- received{msg, err}
	})
	client := calling(t, d.dialer())
	solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
	within(t, "the file", func() {
		if r := <-got; !bytes.Equal(r.msg, packetOf(file)) || r.err == nil || r.err == io.EOF {
			t.Errorf("%d bytes, %v", len(r.msg), r.err)
		}
	})
	end()
	d.leaves(client)
	if r := d.Report(); r.Missed > 0 {
		t.Errorf("%+v", r)
	}
}

// TestSessionLacks has that file where it is masked: the call is not made, and that is told.
func TestSessionLacks(t *testing.T) {
	d := serving(t, exported(t, ReadOptions{}, []byte("a file")), Options{Speed: Max})
	end := offer(t, d.dialer(), func(http.ResponseWriter, *http.Request) { t.Error("it is sent") })
	client := calling(t, d.dialer())
	if got := solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client); !strings.HasSuffix(got, " 0") {
		t.Error(got)
	}
	end()
	d.leaves(client)
	if r, want := d.Report(), "POST "+fileSend+": "+isMasked; len(r.Misses) != 1 || r.Misses[0].String() != want {
		t.Errorf("%+v, want %s", r.Misses, want)
	}
}

// TestSessionAlone has a session that was opened behind a build which nobody asks for here: the client
// gets the head, and can leave.
func TestSessionAlone(t *testing.T) {
	came, asked := make(chan struct{}), make(chan struct{})
	daemon := sharing(t, func(*http.ClientConn) {})
	s := overhear(t, ReadOptions{}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/session":
			close(came)
			<-asked
		case solve.path:
			doc, _ := nextIn(r.Body, solve.asks)
			r.Body = io.NopCloser(bytes.NewReader(message(solve.asks, doc)))
			close(asked)
		}
		daemon(w, r)
	}, func(dial dialer) {
		client := calling(t, dial)
		opened := make(chan func(), 1)
		go func() { opened <- offer(t, dial, sends) }()
		<-came
		solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
		(<-opened)()
		client.Close()
	})
	d := serving(t, s, Options{})
	within(t, "the session", func() { offer(t, d.dialer(), sends)() })
	d.left()
}

// TestSessionOther has a client that answers otherwise than the recorded one: that is told, and
// nothing waits for it.
func TestSessionOther(t *testing.T) {
	d := serving(t, shared(t), Options{Speed: Max})
	end := offer(t, d.dialer(), func(w http.ResponseWriter, _ *http.Request) { answerCall(w, "12") })
	client := calling(t, d.dialer())
	if got := solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client); !strings.HasSuffix(got, " 0") {
		t.Error(got)
	}
	end()
	d.leaves(client)
	want := fmt.Sprintf(`POST %s: the client's grpc-status is "12", in the recording "0"`, diffCopy)
	if r := d.Report(); len(r.Misses) != 1 || r.Misses[0].String() != want {
		t.Errorf("%+v, want %s", r.Misses, want)
	}
}

// TestSessionCut has a client that leaves wherever that is: nothing is left of it, and the next one
// is served.
func TestSessionCut(t *testing.T) {
	s := shared(t)
	for n := range 12 {
		d := serving(t, s, Options{Speed: Max})
		said := 0
		left := make(chan struct{})
		end := offer(t, d.dialer(), func(w http.ResponseWriter, r *http.Request) {
			sending(w, r, func(string) {
				if said++; said > n {
					panic(http.ErrAbortHandler)
				}
			})
		})
		client := calling(t, d.dialer())
		go func() {
			defer close(left)
			solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client)
		}()
		if n%2 == 0 {
			end()
			client.Close()
		}
		within(t, "the call", func() { <-left })
		end()
		client.Close()
		d.close()
	}
}

// TestHTTP2Close closes a Server that is asked, in a session that goes on, and in calls.
func TestHTTP2Close(t *testing.T) {
	d := serving(t, shared(t), Options{Speed: Max})
	begun := make(chan struct{})
	end := offer(t, d.dialer(), func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
	})
	defer end()
	client := calling(t, d.dialer())
	answered := make(chan string, 1)
	go func() { answered <- solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client) }()
	within(t, "the daemon's call", func() { <-begun })
	d.close()
	within(t, "the call", func() { <-answered })
}

// TestSessionsOfOthers: builds may come in another order than in the recording, and each has the calls of
// its own in the session that it names, not those of the session that was opened at that time.
func TestSessionsOfOthers(t *testing.T) {
	var mu sync.Mutex
	opened := make(map[string]chan *http.ClientConn)
	called := func(name string) chan *http.ClientConn {
		mu.Lock()
		defer mu.Unlock()
		if opened[name] == nil {
			opened[name] = make(chan *http.ClientConn, 1)
		}
		return opened[name]
	}
	daemon := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/session" {
			openSession(t, w, r, func(client *http.ClientConn) { called(r.Header.Get(sessionField)) <- client })
			return
		}
		q := r.URL.Query()
		ask, err := http.NewRequest("POST", "http://localhost/of/"+q.Get("target"), nil)
		if err != nil {
			t.Error(err)
			return
		}
		ask.Header.Set("Content-Type", "application/grpc")
		if got, err := (<-called(q.Get("session"))).RoundTrip(ask); err == nil {
			_, _ = io.Copy(io.Discard, got.Body)
			got.Body.Close()
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"stream":"built"}`)
	}
	build := func(dial dialer, target, name string) (asked string) {
		all := make(chan string, 10)
		end := offerAs(t, dial, name, func(w http.ResponseWriter, r *http.Request) {
			all <- r.URL.Path
			answerCall(w, "0")
		})
		defer end()
		conn := dial()
		defer conn.Close()
		fmt.Fprintf(conn, "POST /v1.41/build?session=%s&target=%s HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", name, target)
		within(t, "the build", func() {
			if b, _ := io.ReadAll(conn); !bytes.Contains(b, []byte("built")) {
				t.Errorf("%s: %q", target, b)
			}
			asked = <-all
		})
		return asked
	}
	for _, o := range []ReadOptions{{}, {ShowSecrets: true}} {
		s := overhear(t, o, daemon, func(dial dialer) {
			build(dial, "a", "aaaaaaaaaaaaaaaaaaaaaaaa1")
			build(dial, "b", "bbbbbbbbbbbbbbbbbbbbbbbb1")
		})
		d := serving(t, s, Options{Speed: Max})
		for _, target := range []string{"b", "a"} {
			if got, want := build(d.dialer(), target, target+"ccccccccccccccccccccccc2"), "/of/"+target; got != want {
				t.Errorf("%s is asked for %s", target, got)
			}
		}
		d.close()
		if r := d.Report(); r.Missed != 0 {
			t.Errorf("%+v", r)
		}
	}
}

// TestBuildsOfOthers: who follows a build that comes in another order than in the recording is told of that
// one, also if it asks before the build is asked for.
func TestBuildsOfOthers(t *testing.T) {
	made := make(chan string, 2)
	daemon := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case solve.path:
			doc, _ := nextIn(r.Body, solve.asks)
			made <- doc
			answerCall(w, "0", message(solve.answers, `{}`))
		case follow.path:
			_, _ = nextIn(r.Body, follow.asks)
			log := `{"logs":[{"msg":"b"}]}`
			if strings.Contains(<-made, `"Frontend":"a"`) {
				log = `{"logs":[{"msg":"a"}]}`
			}
			answerCall(w, "0", message(follow.answers, log))
		default:
			buildkit(w, r)
		}
	}
	const refC, refD = "mk04y3pdcimf1y117mh6fmljo", "h5nuxdmprinbrrqvahgaa40sj"
	asks := func(what, ref string) rpc { return solve.with(`{"Ref":"` + ref + `","Frontend":"` + what + `"}`) }
	follows := func(ref string) rpc { return follow.with(`{"Ref":"` + ref + `"}`) }
	s := overhear(t, ReadOptions{}, daemon, func(dial dialer) {
		client := calling(t, dial)
		for _, c := range []rpc{asks("a", refA), follows(refA), asks("b", refB), follows(refB)} {
			c.do(t, client)
		}
		client.Close()
	})
	d := serving(t, s, Options{Speed: Max})
	client := calling(t, d.dialer())
	for _, build := range [][2]string{{"b", refC}, {"a", refD}} {
		told := make(chan string, 1)
		go func() { told <- follows(build[1]).do(t, client) }()
		within(t, "the request of who follows", func() {
			for d.builds.isUnknown(build[1]) {
				runtime.Gosched()
			}
		})
		asks(build[0], build[1]).do(t, client)
		if got, want := <-told, `{"logs":[{"msg":"`+build[0]+`"}]} 0`; got != want {
			t.Errorf("%s is told %s", build[0], got)
		}
	}
	d.leaves(client)
	if r := d.Report(); r.Missed != 0 {
		t.Errorf("%+v", r)
	}
}

// isUnknown reports whether nobody has asked for what is called so.
func (s *seats) isUnknown(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.by[name] == nil
}
