package audit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/wire"
)

// TestHostByID: a client that has asked for the host's network names it by its id then.
func TestHostByID(t *testing.T) {
	const swarm, local = "o0ai9t5qj1i2hsx2xwzp3avpi", "bb6787f4e411a97e2bb3ab360e1d2692dc79e755f4d41a213ed288d6130c1cc3"
	var out bytes.Buffer
	sink := audit.NewSink(&out, audit.Options{})
	s := connect(t, sink, nil)
	call := func(request, status, doc string) {
		s.say(wire.ToServer, request)
		s.say(wire.ToClient, answer(status, doc))
	}
	service := func(network string) {
		call(post("/v1.47/services/create", `{"TaskTemplate":{"Networks":[{"Target":"`+network+`"}]}}`), "201 Created", `{"ID":"s"}`)
	}
	service(swarm)
	call(get("/v1.47/networks/host?scope=swarm"), "200 OK", `{"Name":"host","Id":"`+swarm+`","Driver":"host"}`)
	service(swarm)
	service("abcdefghijklmnopqrstuvwxy")
	call(get("/v1.47/networks"), "200 OK", `[{"Name":"app","Id":"cc","Driver":"bridge"},{"Id":"`+local+`","Driver":"host"}]`)
	call(post("/v1.47/networks/"+local+"/connect", `{"Container":"x"}`), "200 OK", "")
	call(post("/v1.47/networks/cc/connect", `{"Container":"x"}`), "200 OK", "")
	s.end()
	s.stop()
	_ = sink.Close()
	checkSaid(t, out.Bytes(),
		"call ServiceCreate 201 done",
		"call ServiceCreate 201 done host-network",
		"call ServiceCreate 201 done",
		"call NetworkConnect 200 done host-network",
		"call NetworkConnect 200 done",
		"stop  0")
}

// TestManyHosts: how many networks are known is bounded.
func TestManyHosts(t *testing.T) {
	var out bytes.Buffer
	sink := audit.NewSink(&out, audit.Options{})
	s := connect(t, sink, nil)
	var list []string
	for i := range 200 {
		list = append(list, `{"Name":"host","Id":"`+strings.Repeat("a", i)+`"}`)
	}
	s.say(wire.ToServer, get("/v1.47/networks"))
	s.say(wire.ToClient, answer("200 OK", "["+strings.Join(list, ",")+"]"))
	s.end()
	s.stop()
	_ = sink.Close()
	if n := sink.Hosts(); n != 64 {
		t.Errorf("%d", n)
	}
}

// TestSockets: a container that gets a socket by which the daemon is reached has a mark for it.
func TestSockets(t *testing.T) {
	for path, want := range map[string]string{
		"/srv/trace/d.sock": "bind-socket", "/srv/trace": "bind-socket", "/srv/.engine.sock.socktrace": "bind-socket", "/srv/engine.sock": "bind-socket", "/srv": "bind-socket", "/opt/x": "",
	} {
		var out bytes.Buffer
		sink := audit.NewSink(&out, audit.Options{Sockets: []string{"/srv/trace/d.sock"}})
		s := connect(t, sink, &wire.Conn{ID: 1, Start: t0, Server: wire.Peer{Addr: "unix:///srv/.engine.sock.socktrace"}})
		s.say(wire.ToServer, post(create, `{"HostConfig":{"Binds":["`+path+`:/x"]}}`))
		s.say(wire.ToClient, answer("201 Created", `{}`))
		s.end()
		s.stop()
		_ = sink.Close()
		if got := lines(t, out.Bytes())[0].marks(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
