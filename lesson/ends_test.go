package lesson

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestEnds: a connection has not ended because nothing more was asked on it: there is one story of
// a process that has a second one then.
func TestEnds(t *testing.T) {
	var out strings.Builder
	s := New(&out, Options{})
	agent := []wire.Field{{Name: "User-Agent", Value: "docker-sdk-python/7.1.0"}}
	process := wire.Peer{Process: &wire.Process{PID: 7, Name: "python3"}}
	var closes []wire.Event
	for id := 1; id <= 2; id++ {
		conn := &wire.Conn{ID: id, Start: began, Client: process}
		for n := 1; n <= 2; n++ {
			at := began.Add(time.Duration(10*id+n) * time.Second)
			m := wire.Meta{Conn: conn, Exchange: n, Start: at, End: at}
			x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m, Method: "GET", Target: "/containers/json", Fields: agent}}
			x.Request.Call.Operation = "ContainerList"
			for _, ev := range []wire.Event{x.Request, x} {
				_ = s.Event(ev, x)
			}
		}
		end := began.Add(time.Minute)
		closes = append(closes, &wire.Close{Meta: wire.Meta{Conn: conn, Start: end, End: end}})
	}
	for _, ev := range closes {
		_ = s.Event(ev, nil)
	}
	if err := s.Close(); err != nil || strings.Count(out.String(), "docker-py, containers.list: ") == 0 || strings.Contains(out.String(), "2 requests on 1 connection") {
		t.Errorf("%v: %.900s", err, out.String())
	}
}
