package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

const (
	refA, refB = "8i204jcf4basy6n5n4r0avv02", "kihnvvt2g0jd6v23maxgq7hyy"
	details    = "CAMSBGJhZCEaBQoDYS9i" // {"code":3,"message":"bad!","details":[{"@type":"a/b"}]}
)

// buildkit is a daemon that builds: what it says to calls and, in sessions, by calls of its own.
func buildkit(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/grpc":
		serveHTTP2(r.Context(), r.Context().Value(http.ServerContextKey).(*http.Server), w)
	case solve.path:
		doc, _ := nextIn(r.Body, solve.asks)
		if strings.Contains(doc, "broken") {
			w.Header().Set(http.TrailerPrefix+"Grpc-Message", "bad%21")
			w.Header().Set(http.TrailerPrefix+"Grpc-Status-Details-Bin", details)
			answerCall(w, "3")
			return
		}
		answerCall(w, "0", message(solve.answers, `{"ExporterResponse":{"digest":"sha256:1"}}`))
	case follow.path:
		_, _ = nextIn(r.Body, follow.asks)
		answerCall(w, "0", message(follow.answers, `{"logs":[{"msg":"one\n"}]}`), message(follow.answers, `{"logs":[{"msg":"two\u0000"}]}`))
	case list.path:
		_, _ = nextIn(r.Body, list.asks)
		answerCall(w, "0", message(list.answers, `{"record":[{"ID":"moby"}]}`))
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// built is the script of a build.
func built(t *testing.T) *Script {
	return overhear(t, ReadOptions{}, buildkit, func(dial dialer) {
		client := calling(t, dial)
		for _, c := range []rpc{list.with(`{}`), solve.with(`{"Ref":"` + refA + `","Frontend":"dockerfile.v0"}`), follow.with(`{"Ref":"` + refA + `"}`), solve.with(`{"Frontend":"broken"}`)} {
			c.do(t, client)
		}
		client.Close()
	})
}

// TestCalls answers calls of gRPC by their meaning, with their messages and their statuses.
func TestCalls(t *testing.T) {
	s := built(t)
	if s.Exchanges() != 4 || s.Skipped() != (Skipped{}) {
		t.Fatalf("%d exchanges, %+v", s.Exchanges(), s.Skipped())
	}
	d := serving(t, s, Options{Speed: Max})
	client := calling(t, d.dialer())
	const worker, solved = `{"record":[{"ID":"moby"}]} 0`, `{"ExporterResponse":{"digest":"sha256:1"}} 0`
	for _, c := range []struct {
		call rpc
		want string
	}{
		{list.with(`{}`), worker},
		{list.with(`{}`), worker}, // it only reads
		{follow.with(`{"Ref":"` + refB + `"}`), `{"logs":[{"msg":"one\n"}]} {"logs":[{"msg":{"size":4,"begins":"dHdvAA=="}}]} 0`},
		{solve.with(`{"Ref":"` + refB + `","Frontend":"dockerfile.v0"}`), solved},
		{solve.with(`{"Frontend":"broken"}`), "3 bad! " + details},
		{solve.with(`{"Ref":"` + refA + `","Frontend":"dockerfile.v0"}`), "12 socktrace serve: POST " + solve.path + ": recorded once, and asked for more often"},
		{solve.with(`{"Frontend":"gateway.v0"}`), `12 socktrace serve: POST ` + solve.path + `: not recorded: nearest is exchange 4: body Frontend is "gateway.v0", in the recording "broken"`},
		{rpc{path: "/moby.buildkit.v1.Control/Prune"}.with(`{}`), "12 socktrace serve: POST /moby.buildkit.v1.Control/Prune: not recorded: there is no Control/Prune"},
		{rpc{path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export"}.with(`{}`), "{} 0"},
	} {
		if got := c.call.do(t, client); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s %s:\n got %s\nwant %s", c.call.path, c.call.doc, got, c.want)
		}
	}
	if r := d.Report(); r.Missed != 3 || r.Answered != 7 {
		t.Errorf("%+v", r)
	}
}

// TestCallsNative has clients that speak HTTP/2 from the beginning, and a call that a recording has so.
func TestCallsNative(t *testing.T) {
	native := func(dial dialer) *http.ClientConn {
		client, err := clientOf(context.Background(), dial())
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	s := overhear(t, ReadOptions{}, buildkit, func(dial dialer) {
		client := native(dial)
		list.with(`{}`).do(t, client)
		r, _ := http.NewRequest("GET", "http://d/nothing?a=1", nil)
		if got, err := client.RoundTrip(r); err != nil || got.StatusCode != http.StatusNotFound {
			t.Fatalf("%v %v", got, err)
		}
		client.Close()
	})
	d := serving(t, s, Options{Speed: Max})
	client := native(d.dialer())
	defer client.Close()
	if got, want := list.with(`{}`).do(t, client), `{"record":[{"ID":"moby"}]} 0`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	d.check("GET /nothing?a=1", "404") // by HTTP/1.1
	r, _ := http.NewRequest("GET", "http://d/nothing?a=2", nil)
	got, err := client.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusNotImplemented || !strings.Contains(string(body), "query a is") {
		t.Errorf("%d %s %v", got.StatusCode, body, err)
	}
}

// TestCallsLarge has messages that are too long to be compared, compressed, or no message.
func TestCallsLarge(t *testing.T) {
	d := serving(t, built(t), Options{Speed: Max})
	client := calling(t, d.dialer())
	long := list.with(`{"filter":["` + strings.Repeat("x", maxCompared) + `"]}`)
	if got, want := long.do(t, client), `{"record":[{"ID":"moby"}]} 0`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, body := range []string{"", "\x00\x00", "\x00\xff\xff\xff\xffx", "\x01\x00\x00\x00\x02x"} {
		r, _ := http.NewRequest("POST", "http://d"+list.path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/grpc")
		got, err := client.RoundTrip(r)
		if err == nil {
			_, err = io.Copy(io.Discard, got.Body)
			got.Body.Close()
		}
		if err == nil {
			t.Errorf("%q is answered", body)
		}
	}
	d.leaves(client)
}

// TestCallsNested has a client that leaves HTTP/1 for HTTP/1, in which it asks for the same: once is enough.
func TestCallsNested(t *testing.T) {
	d := serving(t, built(t), Options{})
	conn := upgradeTo(t, d.dialer()(), "/grpc")
	defer conn.Close()
	fmt.Fprint(conn, "POST /grpc HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || got.StatusCode != http.StatusNotImplemented {
		t.Errorf("%+v %v", got, err)
	}
}

// leaves waits until no call is served any more.
func (d *daemon) leaves(client *http.ClientConn) {
	d.t.Helper()
	client.Close()
	d.left()
}

// TestCallsWait has a build whose end waits for what the daemon asked its client for.
func TestCallsWait(t *testing.T) {
	d := serving(t, shared(t), Options{Speed: Max})
	var over atomic.Bool
	session := offer(t, d.dialer(), func(w http.ResponseWriter, r *http.Request) {
		sends(w, r)
		over.Store(true)
	})
	client := calling(t, d.dialer())
	if got := solve.with(`{"Frontend":"dockerfile.v0"}`).do(t, client); !strings.HasSuffix(got, " 0") || !over.Load() {
		t.Errorf("%s, and the session %t", got, over.Load())
	}
	session()
	d.leaves(client)
}

// TestCallGreets: a client that says nothing until its call is answered, with a head or with a message, is
// not waited for.
func TestCallGreets(t *testing.T) {
	for _, first := range []string{"", `{"record":[{"ID":"hello"}]}`} {
		greets := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/grpc")
			w.WriteHeader(http.StatusOK)
			if first != "" {
				_, _ = w.Write(message(list.answers, first))
			}
			_ = http.NewResponseController(w).Flush()
			_, _ = nextIn(r.Body, list.asks)
			answerCall(w, "0", message(list.answers, `{"record":[{"ID":"bye"}]}`))
		}
		talk := func(dial dialer) (said string) {
			conn := dial()
			defer conn.Close()
			client, err := clientOf(context.Background(), conn)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			body, out := io.Pipe()
			r, err := http.NewRequest("POST", "http://d"+list.path, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/grpc")
			within(t, "a call that is answered first", func() {
				got, err := client.RoundTrip(r)
				if err != nil {
					t.Error(err)
					return
				}
				if first != "" {
					said, _ = nextIn(got.Body, list.answers)
				}
				_, _ = out.Write(message(list.asks, `{}`))
				out.Close()
				rest, _ := messagesIn(got.Body, list.answers)
				said += strings.Join(rest, "") + got.Trailer.Get("Grpc-Status")
			})
			return said
		}
		want := first + `{"record":[{"ID":"bye"}]}0`
		s := overhear(t, ReadOptions{}, greets, func(dial dialer) {
			if got := talk(dial); got != want {
				t.Errorf("recorded %s, want %s", got, want)
			}
		})
		d := serving(t, s, Options{Speed: Max})
		if got := talk(d.dialer()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
