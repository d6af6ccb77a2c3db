package filter_test

import (
	"testing"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/wire"
)

// TestDecided has an exchange shown as soon as it can be: what holds of the one of
// created is shown with an event, and its opposite never.
func TestDecided(t *testing.T) {
	s := created()
	for _, c := range []struct {
		text string
		at   int
	}{
		{`true`, asRequest},
		{`false`, never},
		{`method == "POST" and status >= 400`, asAnswer},
		{`method == "GET" and status >= 400`, never},
		{`method == "POST" or status >= 400`, asRequest},
		{`status >= 400 or method == "POST"`, asRequest},
		{`method == "GET" or status >= 400`, asAnswer},
		{`method == "GET" or status < 400 or left`, atTheEnd},
		{`(method == "GET" or status >= 400) && duration > "1s"`, atTheEnd},
		{`not (method == "GET" and left)`, asRequest},
		{`!(method == "POST" && !left)`, atTheEnd},
		{`status >= 400 ? true : false`, asAnswer},
		{`let s = status; s >= 400`, asAnswer},
		{`any(["POST"], # == method) || left`, asRequest},
		{`subject.type == "container" and subject.container == ""`, asRequest},
		{`subject.name == "web" and subject.container == ""`, atTheEnd},
	} {
		s.checkShown(t, c.text, compiled(t, c.text), c.at)
	}
}

// judged returns with which event of a session a filter decides, and what.
func (s *session) judged(f *filter.Filter) (at int, v wire.Verdict) {
	j := f.Judge()
	x := &wire.Exchange{}
	for _, ev := range s.events {
		m := ev.EventMeta()
		if m.Exchange == 0 {
			continue
		}
		at++
		x.Meta = *m
		switch ev := ev.(type) {
		case *wire.Request:
			x.Request = ev
		case *wire.Response:
			x.Response = ev
		case *wire.End:
			s.learnFrom(x, x)
			v, _ = j.Judge(x, x, func(func(wire.Event) bool) {})
			return at, v
		}
		s.learnFrom(ev, x)
		if v, _ = j.Judge(ev, x, func(func(wire.Event) bool) {}); v != wire.Undecided {
			return at, v
		}
	}
	return at, v
}

func (s *session) learnFrom(ev wire.Event, x *wire.Exchange) {
	if s.learn != nil {
		s.learn(ev, x)
	}
}

// TestHidden has an exchange be hidden as soon as it can be, too.
func TestHidden(t *testing.T) {
	s := created()
	for _, c := range []struct {
		text string
		at   int
		v    wire.Verdict
	}{
		{`method == "GET" and status >= 400`, asRequest, wire.Hidden},
		{`left and path == ""`, asRequest, wire.Hidden},
		{`status < 400 and left`, asAnswer, wire.Hidden},
		{`not (operation == "ContainerCreate" or left)`, asRequest, wire.Hidden},
		{`subject.type == "image" and subject.name == "web"`, asRequest, wire.Hidden},
		{`subject.name == "db"`, atTheEnd, wire.Hidden},
		{`subject.id == "db"`, atTheEnd, wire.Hidden},
		{`client.uid == 0`, asRequest, wire.Hidden},
		{`client.uid == 1000`, asRequest, wire.Shown},
	} {
		if at, v := s.judged(compiled(t, c.text)); at != c.at || v != c.v {
			t.Errorf("%s: %d with event %d, want %d with %d", c.text, v, at, c.v, c.at)
		}
	}
}

// TestSubject waits for what a response may tell of what a request is about, unless
// it tells nothing of that.
func TestSubject(t *testing.T) {
	none, named := wire.Subject{}, wire.Subject{Type: "container", Name: "a"}
	with := wire.Subject{Type: "container", ID: "a"}
	exec, in := wire.Subject{Type: "exec", ID: "a"}, wire.Subject{Type: "exec", Container: "a"}
	for _, c := range []struct {
		operation string
		subject   wire.Subject
		text      string
		at        int
	}{
		{"ContainerStop", none, `subject.type + subject.name + subject.id + subject.container == ""`, asRequest},
		{"", none, `subject.type + subject.name + subject.id + subject.container == ""`, asRequest},
		{"ContainerList", none, `subject.name == ""`, asRequest},
		{"NetworkConnect", none, `subject.type == ""`, atTheEnd},
		{"NetworkCreate", none, `subject.type == ""`, atTheEnd},
		{"ContainerInspect", none, `subject.type == ""`, atTheEnd},
		{"ContainerInspect", named, `subject.type == "container"`, asRequest},
		{"ContainerStop", named, `subject.name == "a"`, asRequest},
		{"ContainerLogs", named, `subject.name == "a"`, asRequest},
		{"ContainerWait", named, `subject.name == "a"`, asRequest},
		{"ImagePush", named, `subject.name == "a"`, asRequest},
		{"ContainerInspect", named, `subject.name == "a"`, atTheEnd},
		{"ContainerCreate", named, `subject.name == "a"`, atTheEnd},
		{"ContainerInspectLibpod", named, `subject.name == "a"`, atTheEnd},
		{"ContainerStop", named, `subject.id == ""`, atTheEnd},
		{"ContainerStop", with, `subject.id == "a"`, asRequest},
		{"ContainerStop", with, `subject.name == ""`, atTheEnd},
		{"ContainerInspect", with, `subject.id == "a"`, atTheEnd},
		{"ContainerStop", with, `subject.container == ""`, asRequest},
		{"ExecStart", exec, `subject.container == ""`, atTheEnd},
		{"ExecStart", in, `subject.container == "a"`, asRequest},
	} {
		s := created()
		s.events[1].(*wire.Request).Call.Operation = c.operation
		s.learn = func(_ wire.Event, x *wire.Exchange) { x.Subject = c.subject }
		if at, v := s.judged(compiled(t, c.text)); at != c.at || v != wire.Shown {
			t.Errorf("%s of %+v, %s: %d with event %d, want %d", c.operation, c.subject, c.text, v, at, c.at)
		}
		s.conn.Recalled = true
		if at, v := s.judged(compiled(t, c.text)); at != atTheEnd || v != wire.Shown {
			t.Errorf("%s of %+v, %s, of a recording: %d with event %d", c.operation, c.subject, c.text, v, at)
		}
	}
}

// TestSubjectReplaced decides by what a subject is in the end.
func TestSubjectReplaced(t *testing.T) {
	s := created()
	s.learn = func(ev wire.Event, x *wire.Exchange) {
		x.Subject = wire.Subject{Type: "container", ID: "aaaa", Name: "aaaa"}
		if _, last := ev.(*wire.Exchange); last {
			x.Subject.ID, x.Subject.Name = "aaaabbbb", "web"
		}
	}
	for text, at := range map[string]int{
		`subject.name == "web"`: atTheEnd, `subject.name != "web"`: never, `subject.id endsWith "bbbb"`: atTheEnd, `subject.name == "aaaa"`: never,
	} {
		s.checkShown(t, text, compiled(t, text), at)
	}
}

// TestResponseFirst waits for a request that comes behind its response.
func TestResponseFirst(t *testing.T) {
	s := created()
	request := s.events[1]
	s = s.without(func(ev wire.Event) bool { return ev == request })
	s.checkShown(t, "no request", compiled(t, `method == ""`), atTheEnd-1)
	s.checkShown(t, "no request", compiled(t, `status == 409`), asAnswer-1)
	for _, text := range []string{`conn == 7`, `client.pid == 4711`, `client.uid == 1000`, `client.name == "docker"`} {
		s.checkShown(t, text, compiled(t, text), asRequest)
	}
}

// TestReset has a judge forget an exchange.
func TestReset(t *testing.T) {
	for kind, f := range []*filter.Filter{compiled(t, `method == "POST"`), filter.Container("web"), filter.Grep("web")} {
		j := f.Judge()
		for i, want := range []wire.Verdict{wire.Shown, wire.Hidden, wire.Shown} {
			q := &wire.Request{Method: "GET", Target: "/"}
			if want == wire.Shown {
				q = &wire.Request{Method: "POST", Target: "/containers/x?container=web"}
			}
			x := &wire.Exchange{Request: q}
			v, err := j.Judge(q, x, nil)
			if v == wire.Undecided && kind == 2 { // the text may come yet
				v, err = j.Judge(x, x, nil)
			}
			if v != want || err != nil {
				t.Errorf("exchange %d: %d, %v", i, v, err)
			}
			j.Reset()
		}
	}
}

// TestDecidedOfCalls: what a call of gRPC is about is known with its first message, or
// at once where none may say it.
func TestDecidedOfCalls(t *testing.T) {
	for target, want := range map[string][3]wire.Verdict{
		"/moby.buildkit.secrets.v1.Secrets/GetSecret": {wire.Undecided, wire.Hidden, wire.Shown},
		"/moby.buildkit.v1.Control/Info":              {wire.Hidden, wire.Hidden, wire.Shown},
	} {
		for i, about := range []wire.Subject{{}, {}, {Type: "secret", Name: "tok"}} {
			j := compiled(t, `subject.name == "tok"`).Judge()
			q := &wire.Request{Stream: 1, Target: target, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}}}
			x := &wire.Exchange{Request: q, Subject: about}
			if i == 1 {
				x.Messages[wire.ToServer] = 1
			}
			if v, err := j.Judge(q, x, func(func(wire.Event) bool) {}); v != want[i] || err != nil {
				t.Errorf("%s, %d: got %v, %v, want %v", target, i, v, err, want[i])
			}
		}
	}
}
