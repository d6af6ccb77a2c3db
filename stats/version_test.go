package stats

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// versioned sets the version that is asked for.
func versioned(v string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Request.Call.Version = v }
}

// told sets what the daemon says of itself.
func told(server, newest string) func(*wire.Exchange) {
	return func(x *wire.Exchange) {
		x.Response.Fields = []wire.Field{{Name: "Server", Value: server}, {Name: "api-version", Value: newest}}
	}
}

// TestOffered: a client that asks the daemon for its version, and then asks for that, has
// it from there. One that knew it before, or asks for another, has not.
func TestOffered(t *testing.T) {
	const server = "Docker/20.10.24 (linux)"
	for name, c := range map[string]struct {
		events []wire.Event
		want   []Version
	}{
		"ping":       {[]wire.Event{call("SystemPingHead", 0, 1, versioned(""), told(server, "1.41")), call("A", 1, 2)}, []Version{{Name: "1.41", Count: 1, Offered: true}}},
		"version":    {[]wire.Event{call("SystemVersion", 0, 1, versioned(""), told(server, "1.41")), call("A", 1, 2)}, []Version{{Name: "1.41", Count: 1, Offered: true}}},
		"afterwards": {[]wire.Event{call("A", 1, 2, told(server, "1.41")), call("SystemPing", 2, 3, versioned(""), told(server, "1.41"))}, []Version{{Name: "1.41", Count: 1}}},
		"otherwise":  {[]wire.Event{call("SystemInfo", 0, 1, versioned(""), told(server, "1.41")), call("A", 1, 2)}, []Version{{Name: "1.41", Count: 1}}},
		"within one": {[]wire.Event{call("SystemPing", 0, 1, told(server, "1.41")), call("A", 1, 2)}, []Version{{Name: "1.41", Count: 2}}},
		"another":    {[]wire.Event{call("SystemPing", 0, 1, versioned(""), told(server, "1.51")), call("A", 1, 2)}, []Version{{Name: "1.41", Count: 1}}},
	} {
		if got := gathered(t, c.events...).Report().Clients[0].Versions; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
	others := gathered(t, call("SystemPing", 0, 1, versioned(""), told(server, "1.41"), agent("a")), call("A", 1, 2, agent("b"))).Report()
	for _, c := range others.Clients {
		if len(c.Versions) > 0 && c.Versions[0].Offered {
			t.Errorf("%s was told nothing", c.Agent)
		}
	}
}

// TestRefused: those are counted that the daemon refused for their version, and no others.
func TestRefused(t *testing.T) {
	says := func(s string) func(*wire.Exchange) {
		return func(x *wire.Exchange) { x.Outcome.Error = s }
	}
	r := gathered(t,
		call("A", 0, 1, status(400, "Bad Request"), says("client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version")),
		call("A", 1, 2, status(400, "Bad Request"), says("no such thing")),
		call("A", 2, 3, status(404, "Not Found"), says("client version x")),
		call("A", 3, 4, says("client version 1.41")),
	).Report()
	if v := r.Clients[0].Versions[0]; v.Refused != 1 || v.Count != 4 {
		t.Errorf("got %+v", v)
	}
}

// TestDaemons: each that has answered is there once, and no more than there is room for.
func TestDaemons(t *testing.T) {
	var events []wire.Event
	for i := range 2 * maxDaemons {
		for range 2 {
			events = append(events, call("SystemPing", i, i+1, versioned(""), told(fmt.Sprintf("Docker/%d", i), fmt.Sprintf("1.%d", i))))
		}
	}
	got := gathered(t, events...).Report().Clients[0].Daemons
	if len(got) != maxDaemons || got[0] != (Daemon{"Docker/0", "1.0"}) || got[maxDaemons-1] != (Daemon{"Docker/3", "1.3"}) {
		t.Errorf("got %+v", got)
	}
	if one := gathered(t, call("A", 0, 1, told("x", "1.41")), call("A", 1, 2, told("y", "1.42")), call("SystemPing", 2, 3, versioned(""))).Report().Clients[0].Daemons; len(one) != 1 {
		t.Errorf("got %+v", one) // what does not ask for it is looked at once
	}
}
