package subject

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestBound: no more ids are known than that, and those that came first are
// forgotten first, with their names.
func TestBound(t *testing.T) {
	n := daemon{names: new(names)}
	id := func(i int) string { return fmt.Sprintf("%012x", i*7919) }
	const maxNames, maxID = 4096, 128
	for i := range 2*maxNames + 3 {
		n.put("container", id(i), fmt.Sprint("c", i), "")
	}
	indexed := 0
	for b, ids := range n.begin {
		if indexed += len(ids); len(ids) == 0 {
			t.Errorf("%q has no ids", b)
		}
	}
	if len(n.known) != maxNames || indexed != maxNames || len(n.byName) != maxNames || len(n.order) != maxNames {
		t.Fatalf("%d known, %d by their beginning, %d by name, %d in order", len(n.known), indexed, len(n.byName), len(n.order))
	}
	for i, want := range map[int]string{0: "", maxNames + 2: "", maxNames + 3: fmt.Sprint("c", maxNames+3), 2*maxNames + 2: fmt.Sprint("c", 2*maxNames+2)} {
		if got := n.about("container", id(i)); got.Name != want || got.ID != id(i) {
			t.Errorf("%d is %+v, want the name %q", i, got, want)
		}
		if got := n.about("container", fmt.Sprint("c", i)); (got.ID != "") != (want != "") {
			t.Errorf("c%d is %+v", i, got)
		}
	}
	n.put("container", strings.Repeat("a", maxID+1), "long", "")
	n.put("container", strings.Repeat("b", maxID), "fits", "")
	n.put("container", "", "none", "")
	for name, want := range map[string]int{"long": 0, "fits": maxID, "none": 0} {
		if got := n.about("container", name); len(got.ID) != want {
			t.Errorf("%s is %+v", name, got)
		}
	}
}

// TestBeginnings: the beginning of an id is as good as the id, if there is one only.
func TestBeginnings(t *testing.T) {
	n := daemon{names: new(names)}
	n.put("container", "aaaa1111bbbb", "one", "")
	n.put("container", "aaaa2222bbbb", "two", "")
	n.put("image", "sha256:aaaa1111cccc", "img", "")
	n.put("exec", "eeee11112222", "", "aaaa1111bbbb")
	n.put("exec", "eeee33332222", "", "cccc")
	for called, want := range map[string]wire.Subject{
		"container aaaa1":               {Type: "container", ID: "aaaa1111bbbb", Name: "one"},
		"container aaaa":                {Type: "container", Name: "aaaa"},
		"container aaaa1111bbbbb":       {Type: "container", ID: "aaaa1111bbbbb"},
		"container two":                 {Type: "container", ID: "aaaa2222bbbb", Name: "two"},
		"container TWO":                 {Type: "container", Name: "TWO"},
		"container 0123456789ab":        {Type: "container", ID: "0123456789ab"},
		"container 0123456789a":         {Type: "container", Name: "0123456789a"},
		"container 0123456789aB":        {Type: "container", Name: "0123456789aB"},
		"image aaaa1111cccc":            {Type: "image", ID: "sha256:aaaa1111cccc", Name: "img"},
		"image aaaa1":                   {Type: "image", ID: "sha256:aaaa1111cccc", Name: "img"},
		"image sha256:aaaa1":            {Type: "image", Name: "sha256:aaaa1"},
		"image sha256:aaaa1111dddd":     {Type: "image", ID: "sha256:aaaa1111dddd"},
		"image img":                     {Type: "image", ID: "sha256:aaaa1111cccc", Name: "img"},
		"network aaaa1111bbbb":          {Type: "network", ID: "aaaa1111bbbb"},
		"exec eeee11112222":             {Type: "exec", ID: "eeee11112222", Container: "one"},
		"exec eeee33332222":             {Type: "exec", ID: "eeee33332222", Container: "cccc"},
		"exec x":                        {Type: "exec", ID: "x"},
		"container aaaa1111cccc":        {Type: "container", ID: "aaaa1111cccc"},
		"container sha256:aaaa1111cccc": {Type: "container", ID: "sha256:aaaa1111cccc"},
	} {
		typ, c, _ := strings.Cut(called, " ")
		if got := n.about(typ, c); got != want {
			t.Errorf("%s is %+v, want %+v", called, got, want)
		}
	}
	n.put("container", "aaaa2222bbbb", "", "")
	for _, called := range []string{"two", "aaaa2222bbbb"} {
		if got := n.about("container", called); got.Name != "two" || got.ID != "aaaa2222bbbb" {
			t.Errorf("an empty name took the place of one: %s is %+v", called, got)
		}
	}
	n.put("container", "aaaa1111bbbb", "two", "") // of a container that has taken the name
	n.put("container", "aaaa2222bbbb", "old", "")
	if got := n.about("container", "two"); got.ID != "aaaa1111bbbb" {
		t.Errorf("two is %+v", got)
	}
	if got := n.Title("nobody"); got != "nobody" {
		t.Errorf("nobody is %s", got)
	}
}

// TestTaken: a name leads to what was last called so, and to nothing else.
func TestTaken(t *testing.T) {
	const a, b = "aaaa1111bbbb", "bbbb1111aaaa"
	is := func(n *daemon, typ, called, want string) {
		t.Helper()
		if got := n.about(typ, called); got.ID != want {
			t.Errorf("%s %s is %+v, want %q", typ, called, got, want)
		}
	}
	n := daemon{names: new(names)}
	n.put("container", a, "web", "")
	n.put("container", b, "web", "")
	n.put("container", a, "web", "") // an event of the one that was called so before
	is(&n, "container", "web", b)
	n.free(wire.Subject{Type: "container", ID: a, Name: "web"})
	is(&n, "container", "web", b)
	n.drop(n.find("container", a))
	is(&n, "container", "web", b)
	n.free(wire.Subject{Type: "network", ID: b, Name: "web"})
	is(&n, "container", "web", b)
	n.free(wire.Subject{Type: "container", ID: b, Name: "web"})
	is(&n, "container", "web", "")
	is(&n, "container", b, b)

	n = daemon{names: new(names)}
	n.put("network", a, "x", "")
	n.put("volume", a, "", "")
	is(&n, "network", "x", "")
	is(&n, "volume", a, a)
	n.put("volume", a, "y", "")
	is(&n, "volume", "y", a)
	n.drop(n.find("volume", a))
	if len(n.byName) != 0 || len(n.known) != 0 || len(n.begin) != 0 {
		t.Errorf("%v, %v and %v are left", n.byName, n.known, n.begin)
	}

	n = daemon{names: new(names)}
	n.put("exec", a, "", "c")
	n.put("exec", a, "", "")
	if got := n.about("exec", a); got.Container != "c" {
		t.Errorf("an empty container took the place of one: %+v", got)
	}
	n.put("exec", a, "", "d")
	if got := n.about("exec", a); got.Container != "d" {
		t.Errorf("the exec instance is of %+v", got)
	}
	n.put("container", b, "", "")
	if got := n.Title(b); got != b {
		t.Errorf("without a name it is %q", got)
	}
}

// TestReferences: a few names lead to an image, and none to one that is forgotten.
func TestReferences(t *testing.T) {
	const a, b, most = "sha256:aaaa1111bbbb", "sha256:bbbb1111aaaa", 4
	n := daemon{names: new(names)}
	n.put("image", a, "r:0", "")
	for i := range most + 1 {
		n.tag(a, fmt.Sprint("r:", i))
	}
	for i := range most + 1 {
		if got := n.about("image", fmt.Sprint("r:", i)); (got.ID == a) != (i > 0) {
			t.Errorf("r:%d is %+v", i, got)
		}
	}
	n.tag(a, "r:4")
	n.tag(a, "")
	n.tag(b, "r:4")
	n.put("container", b, "c", "")
	n.tag(b, "r:4")
	if got := n.about("image", "r:4"); got.ID != a || len(n.find("image", a).called) != most {
		t.Errorf("r:4 is %+v, of %q", got, n.find("image", a).called)
	}
	n.untag("nothing")
	n.untag("r:3")
	if got := n.about("image", a); got.Name != "r:0" {
		t.Errorf("named %+v", got)
	}
	n.drop(n.find("image", a))
	n.drop(n.find("container", b))
	if len(n.byName)+len(n.known)+len(n.begin) != 0 {
		t.Errorf("%v, %v and %v are left", n.byName, n.known, n.begin)
	}
	for name, want := range map[string]string{"": "", "a": "a:latest", "a:1": "a:1", "r:5000/a": "r:5000/a:latest", "a@sha256:1": "a@sha256:1", "r/a:2": "r/a:2"} {
		if got := full("image", name); got != want || full("container", name) != name {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestIsID(t *testing.T) {
	for s, want := range map[string]bool{
		"0123456789ab": true, "cdef01234567": true, "0123456789a": false, "sha256:0123456789ab": true, "sha256:0123456789a": false, "sha512:0123456789ab": false,
		"0123456789a/": false, "0123456789a:": false, "0123456789a`": false, "0123456789ag": false, "0123456789aA": false, "0123456789aF": false, "": false, "sha256:": false,
	} {
		if got := isID(s); got != want {
			t.Errorf("%q: got %t", s, got)
		}
	}
}

// TestTogether: connections learn at the same time.
func TestTogether(t *testing.T) {
	r := NewReader()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 200 {
				play(r, fmt.Sprintf("POST /containers/create?name=c%d", j), "{}", 201, fmt.Sprintf(`{"Id":"%012x"}`, j))
				if x := play(r, fmt.Sprintf("GET /containers/%012x/json", j), "", 404); x.Subject.Name != fmt.Sprint("c", j) {
					t.Errorf("worker %d: got %+v", i, x.Subject)
				}
			}
		})
	}
	all.Wait()
}

// FuzzLearn: no document is too odd, and whatever is told is text of a bounded size.
func FuzzLearn(f *testing.F) {
	f.Add("POST /containers/create?name=web", `{"Image":"busybox"}`, `{"Id":"x"}`, 201)
	f.Add("GET /events", "", `{"Type":"container","Actor":{"ID":"a","Attributes":{"name":"n"}}}`, 200)
	f.Add("GET /containers/json", "", `[{"Id":"a","Names":["/n"]}]`, 200)
	f.Add("POST /containers/x/wait", "", `{"StatusCode":1,"Error":{"Message":"m"}}`, 200)
	f.Add("GET /images/json", "[", `[{"Id":"`, 500)
	f.Fuzz(func(t *testing.T, line, asked, told string, status int) {
		r := NewReader()
		play(r, line, asked, status, told)
		x := play(r, line, asked, status, told)
		s := x.Subject
		for _, text := range []string{s.ID, s.Name, s.Container, x.Outcome.Error} {
			if len(text) > maxText+len("…")+len("\ufffd") || strings.ToValidUTF8(text, "") != text {
				t.Errorf("got %q", text)
			}
		}
	})
}
