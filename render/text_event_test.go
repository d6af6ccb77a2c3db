package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// event returns an event of the daemon, with attributes as members of JSON.
func event(typ, action, actor, attributes string) string {
	return fmt.Sprintf(`{"status":%[2]q,"id":%[3]q,"from":"busybox","Type":%[1]q,"Action":%[2]q,"Actor":{"ID":%[3]q,"Attributes":{%[4]s}},"scope":"local","time":1,"timeNano":1000}`+"\n",
		typ, action, actor, attributes)
}

// records plays a stream of JSON records that answers an operation.
func records(operation string, list ...string) []wire.Event {
	s := &script{}
	s.open(1, 0)
	s.request(0, "GET", "/x", operation, "Host: x")
	s.response(1, 200, "OK", "Transfer-Encoding: chunked")
	for i, record := range list {
		s.message(2+float64(i), wire.ToClient, wire.KindJSON, record)
	}
	return s.events
}

// TestEvents: an event of the daemon is a line, which says what happened to what.
func TestEvents(t *testing.T) {
	evt := `"name":"evt","image":"busybox"`
	for _, c := range []struct{ record, want string }{
		{event("container", "create", id, evt), "event   +2.00 ms  container create evt      image=busybox"},
		{event("container", "start", id, evt), "event   +2.00 ms  container start evt"},
		{event("container", "die", id, `"exitCode":"137",`+evt), "event   +2.00 ms  container die evt         exitCode=137"},
		{event("container", "exec_create: sh -c x: y", id, `"execID":"`+id+`",`+evt), "event   +2.00 ms  container exec_create evt  sh -c x: y"},
		{event("container", "health_status: healthy", id, evt), "event   +2.00 ms  container health_status evt  healthy"},
		{event("container", "kill", id, `"signal":"9","maintainer":"x",`+evt), "event   +2.00 ms  container kill evt        signal=9"},
		{event("container", "rename", id, `"oldName":"/a",`+evt), "event   +2.00 ms  container rename evt      oldName=/a"},
		{event("container", "start", id, ``), "event   +2.00 ms  container start 289e72570a23…"},
		{event("network", "connect", id, `"container":"`+id+`","name":"none","type":"null"`), "event   +2.00 ms  network connect none      container=289e72570a23…"},
		{event("volume", "mount", "data", `"destination":"/d","driver":"local"`), "event   +2.00 ms  volume mount data         destination=/d"},
		{event("image", "tag", "sha256:"+id, `"name":"a:1"`), "event   +2.00 ms  image tag a:1"},
		{event("image", "pull", "busybox:latest", `"name":"busybox"`), "event   +2.00 ms  image pull busybox:latest"},
		{event("container", "a\n", id, `"name":"\u001b[2J"`), `event   +2.00 ms  container a\n \e[2J`},
		{`{"status":"create","id":"x"}`, "json    +2.00 ms  {\"status\": \"create\", \"id\": \"x\"}"},
		{`{"Type":"container"}`, "json    +2.00 ms  {\"Type\": \"container\"}"},
		{`[1]`, "json    +2.00 ms  [1]"},
	} {
		got := briefOf(t, Options{Bodies: BodiesShort, Width: func() int { return 120 }}, records("SystemEvents", c.record)...)
		if _, got, _ = strings.Cut(got, "OK · 1.00 ms\n< "); got != c.want+"\n" {
			t.Errorf("got  %swant %s", got, c.want)
		}
	}
	one := event("container", "create", id, evt)
	for name, events := range map[string][]wire.Event{"another operation": records("X", one), "libpod": records("SystemEventsLibpod", one)} {
		got := briefOf(t, Options{Bodies: BodiesShort}, events...)
		if is := strings.Contains(got, "< event"); is != (name == "libpod") {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if got := briefOf(t, Options{Bodies: BodiesFull}, records("SystemEvents", one)...); strings.Contains(got, "< event") || !strings.Contains(got, `"timeNano": 1000`) {
		t.Errorf("in full: got\n%s", got)
	}
}

// TestEventNames: what takes part in an event is called what it was called in others.
func TestEventNames(t *testing.T) {
	create, connect := event("container", "create", id, `"name":"evt"`), event("network", "connect", "n", `"name":"none","container":"`+id+`"`)
	got := briefOf(t, Options{Bodies: BodiesShort}, records("SystemEvents", create, connect)...)
	if !strings.HasSuffix(got, "< event   +3.00 ms  network connect none      container=evt\n") {
		t.Errorf("got\n%s", got)
	}
	s := &text{}
	for i := range 3 * maxActors {
		s.noteActor(&happening{typ: "container", id: fmt.Sprint(i), name: "x"})
		if len(s.actors) > maxActors {
			t.Fatal("more names are known than may be")
		}
	}
	for i, h := range []happening{{typ: "container", id: "a", name: strings.Repeat("x", maxActor)}, {typ: "network", id: "b", name: "x"}, {typ: "container", name: "x"}, {typ: "container", id: "c", name: "c"}} {
		if s.noteActor(&h); s.actors[h.id] != "" {
			t.Errorf("%d: it is noted", i)
		}
	}
}

// TestSaid: records that are nothing but text are shown as that.
func TestSaid(t *testing.T) {
	for _, c := range []struct{ operation, record, want string }{
		{"ImageBuild", `{"stream":"Step 1/4 : FROM busybox"}`, "< build   +2.00 ms  Step 1/4 : FROM busybox\n"},
		{"ImageBuild", `{"stream":" ---\u003e 5be3\n"}` + "\r\n", "< build   +2.00 ms   ---> 5be3\n"},
		{"ImageBuild", `{"stream":"a\n\nb\r\nc"}`, "< build   +2.00 ms  a\n< build             b\n< build             c\n"},
		{"ImageBuild", `{"stream":"\n"}`, ""},
		{"ImageBuild", `{"stream":""}`, ""},
		{"ImageBuild", `{"stream":"\u001b[2J"}`, "< build   +2.00 ms  \\e[2J\n"},
		{"ImageBuild", `{"stream":"\u001b[91moops\u001b[0m"}`, "< build   +2.00 ms  oops\n"},
		{"ImageBuild", `{"stream":"\u001b[0ma\u001b[1;2Hb\u001b[3"}`, "< build   +2.00 ms  a\\e[1;2Hb\\e[3\n"},
		{"ImageBuild", `{"stream":"\u001b[91m\u001b[0m"}`, ""},
		{"ImageLoad", `{"stream":"Loaded image: a"}`, "< text    +2.00 ms  Loaded image: a\n"},
		{"ImageBuild", `{"stream":1}`, "< json    +2.00 ms  {\"stream\": 1}\n"},
		{"ImageBuild", `{"stream":"a","id":"b"}`, "< json    +2.00 ms  {\"stream\": \"a\", \"id\": \"b\"}\n"},
		{"ImageBuild", `{"aux":{"ID":"b"}}`, "< json    +2.00 ms  {\"aux\": {\"ID\": \"b\"}}\n"},
		{"ImageBuild", `{}`, "< json    +2.00 ms  {}\n"},
	} {
		got := briefOf(t, Options{Bodies: BodiesShort}, records(c.operation, c.record)...)
		if _, got, _ = strings.Cut(got, "OK · 1.00 ms\n"); got != c.want {
			t.Errorf("got\n%swant\n%s", got, c.want)
		}
	}
	if got := briefOf(t, Options{Bodies: BodiesFull}, records("ImageBuild", `{"stream":"a"}`)...); !strings.HasSuffix(got, `{"stream": "a"}`+"\n") {
		t.Errorf("in full: got\n%s", got)
	}
}
