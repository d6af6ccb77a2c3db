package filter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/wire"
)

// TestErrorsShown has what failed be shown, and no client that left.
func TestErrorsShown(t *testing.T) {
	type end struct {
		status int
		state  wire.State
		error  string
		left   bool
	}
	for e, at := range map[end]int{
		{200, wire.StateDone, "", false}:         never,
		{399, wire.StateDone, "", false}:         never,
		{101, wire.StateDone, "", false}:         never,
		{400, wire.StateDone, "", false}:         asAnswer,
		{500, wire.StateAborted, "", true}:       asAnswer,
		{200, wire.StateDone, "denied", false}:   atTheEnd,
		{200, wire.StateAborted, "", false}:      atTheEnd,
		{200, wire.StateAborted, "", true}:       never,
		{200, wire.StateAborted, "denied", true}: atTheEnd,
		{200, wire.StatePartial, "", false}:      never,
		{200, wire.StateOpen, "", false}:         never,
		{0, wire.StatePartial, "", false}:        never,
		{0, wire.StateDone, "", false}:           atTheEnd - 1,
		{0, wire.StateAborted, "", true}:         never,
		{0, wire.StateOpen, "", false}:           never,
	} {
		s := created()
		s.learn = func(_ wire.Event, x *wire.Exchange) { x.Outcome = wire.Outcome{Error: e.error, Left: e.left} }
		s.events[3].(*wire.Response).Status = e.status
		s.events[len(s.events)-2].(*wire.End).State = e.state
		if e.status == 0 {
			s = s.without(func(ev wire.Event) bool { _, is := ev.(*wire.Response); return is })
		}
		s.checkShown(t, fmt.Sprintf("%+v", e), filter.Errors(), at)
	}
}

// TestSlower shows what takes longer than 1.5 s, and not what takes as long, nor what
// only waits, which it counts if all else shows it.
func TestSlower(t *testing.T) {
	const took = 1500 * time.Millisecond
	waits := created()
	s := waits.without(func(ev wire.Event) bool { _, is := ev.(*wire.Upgrade); return is })
	less := filter.Slower(took - time.Nanosecond)
	s.checkShown(t, "less", less, atTheEnd-1)
	s.checkShown(t, "as long", filter.Slower(took), never)
	s.checkShown(t, "nothing", filter.Slower(0), atTheEnd-1)
	if n := less.Waited(); n != 0 {
		t.Errorf("%d waited", n)
	}
	waits.checkShown(t, "a stream", less, never)
	shorter := filter.Slower(took)
	waits.checkShown(t, "a short stream", shorter, never)
	s.events[1].(*wire.Request).Call.Waits = true
	both := filter.All(filter.Grep("busybox"), less)
	s.checkShown(t, "a call that waits", both, never)
	s.checkShown(t, "another one", filter.All(filter.Grep("nothing such"), less), never)
	if a, b, c := less.Waited(), both.Waited(), shorter.Waited(); a != 2 || b != 2 || c != 0 {
		t.Errorf("%d, %d and %d waited; want 2, 2, 0", a, b, c)
	}
}

// TestOperations goes by patterns, in whatever case, and refuses those that nothing
// fits.
func TestOperations(t *testing.T) {
	s := created()
	calls := func() []string {
		return []string{"moby.buildkit.v1.Control/Solve", "moby.buildkit.v1.Control/Status", "moby.buildkit.secrets.v1.Secrets/GetSecret", "a.B/Ping"}
	}
	for patterns, at := range map[string]int{
		"ContainerCreate": asRequest, "containercreate": asRequest, "Container*": asRequest, "*create": asRequest, "Container?reate": asRequest,
		"ImageList, Container*": asRequest, "ContainerList": never, "Image*": never, "*": asRequest,
	} {
		f, err := filter.Operations(calls, strings.Split(patterns, ",")...)
		if err != nil {
			t.Errorf("%s: %v", patterns, err)
			continue
		}
		s.checkShown(t, patterns, f, at)
	}
	solve := created()
	q := solve.events[1].(*wire.Request)
	q.Call.Operation, q.Target = "Control/Solve", "/moby.buildkit.v1.Control/Solve?x"
	for pattern, at := range map[string]int{"Control/Solve": asRequest, "control/*": asRequest, "*/solve": asRequest, "*": asRequest, "Control/Status": never, "Image*": never,
		"Solve": asRequest, "*Solve*": asRequest, "Contr*": asRequest, "s?lve": asRequest, "moby.buildkit.v1.Control/Solve": asRequest, "moby.*/solve": asRequest, "moby.buildkit.v1.*": asRequest,
		"other.v1.Control/Solve": never, "Status": never, "Secrets*": never, "GetSecret": never} {
		f, err := filter.Operations(calls, pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		solve.checkShown(t, pattern, f, at)
	}
	for _, bad := range []string{"a/[", "["} {
		if _, err := filter.Operations(nil, bad); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	if _, err := filter.Operations(nil, "MyMethod"); err != nil {
		t.Errorf("where any name may be a method: %v", err)
	}
	if _, err := filter.Operations(nil, ""); err == nil {
		t.Error("an empty name is taken")
	}
	all, _ := filter.Operations(calls, "*")
	s.events[1].(*wire.Request).Call.Operation = ""
	s.checkShown(t, "no operation", all, never)
	for pattern, want := range map[string]string{
		"ContainerLst":  `"ContainerLst": no operation is called so: did you mean ContainerList?`,
		"Contianer*":    `"Contianer*": no operation is called so: did you mean Container*?`,
		"ImagePull":     `"ImagePull": no operation is called so: did you mean ImageCreate (docker pull)?`,
		"networkRemove": `"networkRemove": no operation is called so: did you mean NetworkDelete?`,
		"ping":          `"ping": no operation is called so: did you mean SystemPing*, or */ping?`,
		"version":       `"version": no operation is called so: did you mean SystemVersion (docker version)?`,
		"GetSecrt":      `"GetSecrt": no operation is called so: did you mean GetSecret?`,
		"Containr":      `"Containr": no operation is called so: did you mean Container*?`,
		"image":         `"image": no operation is called so: did you mean Image*?`,
		"ContainerLis":  `"ContainerLis": no operation is called so: did you mean ContainerList?`,
		"xyzremove":     `"xyzremove": no operation is called so`,
		"xyz":           `"xyz": no operation is called so`,
		"":              `"": no operation is called so`,
		"xyzxyzxyz*":    `"xyzxyzxyz*": no operation is called so`,
		"[":             `"[": not a pattern such as Container*`,
	} {
		if _, err := filter.Operations(calls, "*", pattern); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", pattern, err, want)
		}
	}
}

// TestContainer finds a container wherever it is named.
func TestContainer(t *testing.T) {
	const id = "970524f9aaaa0000111122223333444455556666777788889999000011112222"
	type asked struct {
		method, target, subject, body string
		about                         wire.Subject
	}
	about := func(s wire.Subject) asked { return asked{method: "GET", target: "/x", about: s} }
	network := func(body string) asked { return asked{method: "POST", target: "/v1.41/networks/n/connect", body: body} }
	create := func(body string) asked {
		return asked{method: "POST", target: "/containers/create?name=other", body: body}
	}
	for _, c := range []struct {
		asked
		ref string
		at  int
	}{
		{about(wire.Subject{Type: "container", Name: "web"}), "web", asRequest},
		{about(wire.Subject{Type: "container", Name: "/web"}), "web", asRequest},
		{about(wire.Subject{Type: "container", Name: "web"}), "/web", asRequest},
		{about(wire.Subject{Type: "container", Name: "web2", ID: id}), "web", never},
		{about(wire.Subject{Type: "container", Name: "web", ID: id}), "9705", asRequest},
		{about(wire.Subject{Type: "container", Name: "web", ID: id}), id, asRequest},
		{about(wire.Subject{Type: "container", Name: "web", ID: id}), "70524f", never},
		{asked{method: "POST", target: "/containers/970524f9aaaa/stop", subject: "970524f9aaaa"}, id, asRequest},
		{asked{method: "POST", target: "/containers/9705/stop", subject: "9705"}, id, asRequest},
		{asked{method: "POST", target: "/containers/970/stop", subject: "970"}, id, never},
		{asked{method: "POST", target: "/containers/9706/stop", subject: "9706"}, id, never},
		{asked{method: "POST", target: "/containers/9705/stop", subject: "9705"}, id[:11], never},
		{asked{method: "POST", target: "/containers/webs/stop", subject: "webs"}, "webserver-of-mine", never},
		{asked{method: "POST", target: "/containers//stop"}, "/", never},
		{about(wire.Subject{Type: "container", ID: id}), "/", never},
		{about(wire.Subject{Type: "container", Name: "cafe"}), "ca", never},
		{about(wire.Subject{Type: "container", Name: "cafe-cafe-cafe"}), "ca", never},
		{about(wire.Subject{Type: "image", Name: "web"}), "web", never},
		{about(wire.Subject{Type: "exec", ID: id, Container: "web"}), "web", asRequest},
		{about(wire.Subject{Type: "exec", ID: id, Container: "web"}), "9705", never},
		{about(wire.Subject{Type: "container", ID: id, Container: "web"}), "web", never},
		{asked{method: "GET", target: "/v1.41/containers/web/json", subject: "web"}, "web", asRequest},
		{asked{method: "GET", target: "/v1.41/containers/" + id + "/json", subject: id}, "970524f9", asRequest},
		{asked{method: "GET", target: "/v1.41/images/web/json", subject: "web"}, "web", never},
		{asked{method: "POST", target: "/containers/create?name=web"}, "web", asRequest},
		{asked{method: "POST", target: "/volumes/create?name=web"}, "web", never},
		{asked{method: "POST", target: "/commit?container=web"}, "web", asRequest},
		{asked{method: "GET", target: "/events?filters=%7B%22container%22%3A%7B%22web%22%3Atrue%7D%7D"}, "web", asRequest},
		{asked{method: "GET", target: "/events?filters=%7B%22container%22%3A%5B%22db%22%2C%22web%22%5D%7D"}, "web", asRequest},
		{asked{method: "GET", target: "/containers/json?filters=%7B%22name%22%3A%5B%22%5E%2Fweb%24%22%5D%7D"}, "web", asRequest},
		{asked{method: "GET", target: "/v1.41/containers/json?filters=%7B%22name%22%3A%5B%22%5Eweb%24%22%5D%7D"}, "web", asRequest},
		{asked{method: "GET", target: "/v1.41/containers/json?filters=%7B%22id%22%3A%5B%22" + id + "%22%5D%7D"}, "9705", asRequest},
		{asked{method: "GET", target: "/images/json?filters=%7B%22name%22%3A%5B%22web%22%5D%7D"}, "web", never},
		{asked{method: "GET", target: "/events?filters=%7B%22container%22%3A%5B%22db%22%5D%7D"}, "web", never},
		{asked{method: "GET", target: "/events?filters=web"}, "web", never},
		{network(`{"Container":"web"}`), "web", atTheEnd},
		{network(`{"Container":"` + id + `","EndpointConfig":{}}`), "97", atTheEnd},
		{network(`{"Container":"db"}`), "web", never},
		{network(`["web"]`), "web", never},
		{create(`{"Image":"web","HostConfig":{}}`), "web", never},
		{create(`{"HostConfig":{"NetworkMode":"container:web"}}`), "web", atTheEnd},
		{create(`{"HostConfig":{"PidMode":"container:web"}}`), "web", atTheEnd},
		{create(`{"HostConfig":{"IpcMode":"container:web"}}`), "web", atTheEnd},
		{create(`{"HostConfig":{"NetworkMode":"web"}}`), "web", never},
		{create(`{"HostConfig":{"VolumesFrom":["db","web:ro"]}}`), "web", atTheEnd},
		{create(`{"HostConfig":{"Links":["/web:/alias"]}}`), "web", atTheEnd},
		{create(`{"HostConfig":{"Links":["db:web",7]}}`), "web", never},
		{asked{method: "POST", target: "/x", body: `{"Container":"web"}`}, "web", never},
	} {
		s := created()
		q := s.events[1].(*wire.Request)
		q.Method, q.Target, q.Call = c.method, c.target, wire.Call{Subject: c.subject}
		s.setRequestBody(c.body, false)
		s.learn = func(_ wire.Event, x *wire.Exchange) { x.Subject = c.about }
		s.checkShown(t, fmt.Sprintf("%s of %+v", c.ref, c.asked), filter.Container(c.ref), c.at)
	}
}

// TestContainerDecided hides what can touch no other container at once, and waits
// where more may come.
func TestContainerDecided(t *testing.T) {
	for target, want := range map[string]int{
		"/containers/json": asRequest, "/v1.41/containers/db/logs": asRequest, "/v1.41/containers/db/json": atTheEnd, "/networks/n/connect": atTheEnd, "/networks/n/disconnect": atTheEnd,
		"/containers/create?name=db": atTheEnd,
	} {
		s := created()
		q := s.events[1].(*wire.Request)
		call, _ := dockerapi.Match("GET", target)
		q.Target, q.Call, s.learn = target, call.Told(), nil
		if at, v := s.judged(filter.Container("web")); at != want || v != wire.Hidden {
			t.Errorf("%s: %d with event %d, want %d", target, v, at, want)
		}
	}
	s := created()
	s.events[1].(*wire.Request).Target = "/x"
	s.learn = func(ev wire.Event, x *wire.Exchange) {
		x.Subject = wire.Subject{Type: "container", ID: "970524f9aaaa"}
		if _, answered := ev.(*wire.Response); answered {
			x.Subject.Name = "web"
		}
	}
	s.checkShown(t, "a name that the response tells", filter.Container("web"), asAnswer)
}

// TestGrep finds a text wherever it is shown, also over the borders of pieces.
func TestGrep(t *testing.T) {
	for text, at := range map[string]int{
		"name=web": asRequest, "Content-Type: application/json": asRequest, "X-Many": asRequest, "x-many: two": asRequest, "X-MANY": never,
		"Api-Version: 1.41": asAnswer, "out": 4, "rr": 5, "outer": 5, "outerrput": 6, "tput": never, "errp": 6, "busybox": atTheEnd, `"Warnings":[]`: atTheEnd,
		"outerrputx": never, "o": asRequest, "zzz": never,
	} {
		s := created()
		s.checkShown(t, text, filter.Grep(text), at)
	}
	s := created()
	s.events[9].(*wire.Body).Trailer = []wire.Field{{Name: "Digest", Value: "abc"}}
	s.checkShown(t, "a trailer", filter.Grep("Digest: abc"), atTheEnd)
}

// TestGrepPieces finds a text however it is cut, and nothing that is in no one
// direction.
func TestGrepPieces(t *testing.T) {
	const text = "needle"
	s := "hay nee needle hay"
	for size := 1; size <= len(s); size++ {
		if !found(s, size, text) {
			t.Errorf("not in pieces of %d", size)
		}
		if found(strings.ReplaceAll(s, "needle", "nee-dle"), size, text) {
			t.Errorf("something is in pieces of %d", size)
		}
	}
	for _, pieces := range [][]string{{"nabcd", "eedle", "y"}, {"nabcd", "xxxxxxxeedle", "y"}, {"need", "l", "xe"}, {"", "eedle"}} {
		j := filter.Grep(text).Judge()
		for _, piece := range pieces {
			if v, _ := j.Judge(&wire.Message{Data: []byte(piece)}, &wire.Exchange{}, nil); v != wire.Undecided {
				t.Errorf("something is in %q", pieces)
			}
		}
	}
	j := filter.Grep(text).Judge()
	x := &wire.Exchange{}
	for _, m := range []*wire.Message{{Data: []byte("nee")}, {Meta: wire.Meta{Dir: wire.ToClient}, Data: []byte("dle")}} {
		if v, _ := j.Judge(m, x, nil); v != wire.Undecided {
			t.Error("found over two directions")
		}
	}
}

// found reports whether a text is found in pieces of some size of s.
func found(s string, size int, text string) bool {
	j := filter.Grep(text).Judge()
	x := &wire.Exchange{}
	for len(s) > 0 {
		n := min(size, len(s))
		if v, _ := j.Judge(&wire.Message{Data: []byte(s[:n])}, x, nil); v == wire.Shown {
			return true
		}
		s = s[n:]
	}
	return false
}

// TestContainerRenamed follows a container that had the name, and none that has never
// had it; a name that is given to another one is that one's too.
func TestContainerRenamed(t *testing.T) {
	const id, other = "970524f9aaaa0000111122223333444455556666777788889999000011112222", "111111111111000011112222333344445555666677778888999900001111222"
	f := filter.Container("web")
	for i, step := range []struct {
		about wire.Subject
		at    int
	}{
		{wire.Subject{Type: "container", Name: "old", ID: id}, never},
		{wire.Subject{Type: "exec", ID: other, Container: "old"}, never},
		{wire.Subject{Type: "container", Name: "web"}, asRequest}, // its id is not known
		{wire.Subject{Type: "container", Name: "web", ID: "970524f9"}, asRequest},
		{wire.Subject{Type: "container", Name: "old", ID: id}, never},
		{wire.Subject{Type: "container", Name: "web", ID: id}, asRequest},
		{wire.Subject{Type: "container", Name: "/old", ID: id[:12]}, asRequest},
		{wire.Subject{Type: "exec", ID: other, Container: "old"}, asRequest},
		{wire.Subject{Type: "exec", ID: id, Container: "none"}, never},
		{wire.Subject{Type: "image", Name: "old", ID: id}, never},
		{wire.Subject{Type: "container", Name: "none", ID: other}, never},
		{wire.Subject{Type: "container", Name: "web", ID: other}, asRequest},
	} {
		s := created()
		s.events[1].(*wire.Request).Method, s.events[1].(*wire.Request).Target = "GET", "/x"
		s.setRequestBody("", false)
		s.learn = func(_ wire.Event, x *wire.Exchange) { x.Subject = step.about }
		s.checkShown(t, fmt.Sprintf("%d: %+v", i, step.about), f, step.at)
	}
	for i := range 100 { // the oldest are forgotten
		s := created()
		s.learn = func(_ wire.Event, x *wire.Exchange) {
			x.Subject = wire.Subject{Type: "container", Name: "web", ID: fmt.Sprintf("%064d", i)}
		}
		s.checkShown(t, "one of many", f, asRequest)
	}
	s := created()
	s.events[1].(*wire.Request).Target = "/x"
	s.learn = func(_ wire.Event, x *wire.Exchange) { x.Subject = wire.Subject{Type: "container", Name: "old", ID: id} }
	s.checkShown(t, "forgotten", f, never)
}
