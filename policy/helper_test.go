package policy

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// asks makes a sink see one request on a connection of a client.
func asks(t testing.TB, s *Sink, client, method, target string, docs ...string) {
	t.Helper()
	conn := &wire.Conn{ID: 1, Client: wire.Peer{Process: &wire.Process{PID: 7, UID: 1, Name: client}}}
	call, _ := dockerapi.Match(method, target)
	m := wire.Meta{Conn: conn, Exchange: 1}
	x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m, Method: method, Target: target, Call: call.Told()}}
	var events []wire.Event
	for _, doc := range docs {
		events = append(events, &wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte(doc), Size: int64(len(doc))})
	}
	for _, ev := range append(events, x) {
		if err := s.Event(ev, x); err != nil {
			t.Fatal(err)
		}
	}
}

// sees returns what was seen of requests, each "METHOD TARGET", of docker.
func sees(t testing.TB, requests ...string) *Seen {
	t.Helper()
	s := New(nil, Options{})
	for _, r := range requests {
		method, target, _ := strings.Cut(r, " ")
		asks(t, s, "docker", method, target)
	}
	return s.account.result()
}

// rulesOf writes rules, and reads them as a user has them.
func rulesOf(t testing.TB, s *Seen, p *Proxy, form string) *Read {
	t.Helper()
	text := s.Rules(p, form)
	given := p
	if p != linuxserver || form == Compose {
		given = nil // it can be found out
	}
	r, err := ReadRules("rules", []byte(text), given)
	if err != nil {
		t.Fatalf("%s as %s: %v:\n%s", p.Name, form, err, text)
	}
	if r.Proxy != p {
		t.Fatalf("%s as %s: read as those of %s:\n%s", p.Name, form, r.Proxy.Name, text)
	}
	return r
}

// older returns rules as the older releases of their proxy take them.
func older(r *Read) *Read {
	if h, ok := r.Rules.(*haproxy); ok {
		return &Read{Rules: h.inOlder(), Name: r.Name, Proxy: r.Proxy}
	}
	return r
}
