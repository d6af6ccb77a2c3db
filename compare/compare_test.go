package compare

import (
	"fmt"
	"math/rand"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

const (
	idA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	idB = "fedcba98765432100123456789abcdef0123456789abcdef0123456789abcdef"
	idC = "aaaabbbbccccdddd1111222233334444aaaabbbbccccdddd1111222233334444"
)

// told returns where differences are, with the values.
func told(all []Difference) string {
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintf(&b, "%s: %s → %s\n", d.Place, d.A, d.B)
	}
	return b.String()
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"hello", "hello", true},
		{"hello", "hallo", false},
		{"container " + idA + " is up", "container " + idB + " is up", true},
		{idA[:12] + "-init", idB[:12] + "-init", true},
		{idA + " " + idA[:12], idB + " " + idB[:12], true},
		{idA + " " + idA[:12], idB + " " + idC[:12], false},
		{idA + " " + idC, idB + " " + idB, false},
		{idA, idA[:12], true}, // in short it is the same
		{"2026-01-02T03:04:05.678Z x", "2027-11-12T13:14:15Z x", true},
		{"Up 2 seconds", "Up About a minute", true},
		{"Up 2 seconds", "Exited (0) 2 seconds ago", false},
		{"took 1.5s", "took 820ms", true},
		{"port 8080", "port 8081", false},
		{"token [masked 5 bytes #1f9a03bc]!", "token hunter2!", true},
		{"token hunter2", "token [masked 5 bytes]", true},
		{"token [masked 5 bytes]!", "token hunter2", false},
		{"550e8400-e29b-41d4-a716-446655440000", "00000000-e29b-41d4-a716-446655440000", true},
		{"n1s9p5jkwcdhf2xkezsa3hvyt", "z1s9p5jkwcdhf2xkezsa3hvyt", true},
		{"deadbeef", "deadbeee", false},
		{"123456789012345", "123456789012346", false},
	} {
		s := New()
		if got := s.Text(c.a, c.b); got != c.same {
			t.Errorf("Text(%q, %q) = %v", c.a, c.b, got)
		}
		if got := New().Text(c.b, c.a); got != c.same {
			t.Errorf("Text(%q, %q) = %v", c.b, c.a, got)
		}
		if !c.same && s.Mark() != 0 {
			t.Errorf("Text(%q, %q) has learned something", c.a, c.b)
		}
	}
}

// TestIDsAreHeld checks that an id stands for one other from its first use on.
func TestIDsAreHeld(t *testing.T) {
	s := New()
	if !s.Text(idA, idB) || s.Text(idA, idC) || s.Text(idC, idB) || !s.Text(idA[:12], idB[:12]) {
		t.Error("ids do not stand for each other")
	}
	if got := string(s.ToB([]byte("x " + idA + " " + idA[:12] + " " + idC))); got != "x "+idB+" "+idB[:12]+" "+idC {
		t.Errorf("ToB: %s", got)
	}
	mark := s.Mark()
	s.Text(idC, idA)
	s.Undo(mark)
	if !s.Text(idC, idC) {
		t.Error("what was undone is known")
	}
	s.Same("web", "front")
	if !s.Text("web is up. It was web.", "front is up. It was front.") || s.Text("the db is up", "the front is up") {
		t.Error("names that were said to be the same are not")
	}
	if d := s.Answers([]byte(`{"Containers":{"`+idA+`":{"Name":"web"}}}`), []byte(`{"Containers":{"`+idB+`":{"Name":"front"}}}`)); len(d) > 0 {
		t.Errorf("ids as names of members do not: %s", told(d))
	}
	s.Same(idC, idB)
	if got := string(s.ToB([]byte(idA + " " + idC))); got != idA+" "+idB {
		t.Errorf("ToB with what was forgotten: %s", got)
	}
	if s.Learned() != 2 {
		t.Errorf("%d ids were learned", s.Learned())
	}
}

func TestRequests(t *testing.T) {
	create := func(target, body string) *Request {
		return &Request{Method: "POST", Target: target, Body: []byte(body)}
	}
	get := func(target string) *Request { return &Request{Method: "GET", Target: target} }
	for _, c := range []struct {
		name string
		a, b *Request
		want string
	}{
		{"version of the path", get("/v1.41/containers/json?all=1"), get("/v1.48/containers/json?all=true"), ""},
		{"no version", get("/v1.41/info"), get("/info"), ""},
		{"query", get("/v1.41/containers/json?all=1"), get("/v1.41/containers/json"), "query all: 1 → \n"},
		{"query left at its default", get("/v1.41/containers/json?all=0&limit=-1"), get("/v1.41/containers/json"), ""},
		{"old filters", get(`/v1.41/containers/json?filters={"label":{"b":true,"a":true}}`), get(`/v1.41/containers/json?filters=%7B%22label%22%3A%5B%22a%22%2C%22b%22%5D%7D`), ""},
		{"filters", get(`/v1.41/containers/json?filters={"label":["a"]}`), get(`/v1.41/containers/json?filters={"label":["b"]}`),
			"query filters: {\"label\":[\"a\"]} → {\"label\":[\"b\"]}\n"},
		{"path", get("/v1.41/containers/web/json"), get("/v1.41/containers/db/json"), "path: /containers/web/json → /containers/db/json\n"},
		{"ids", get("/v1.41/containers/" + idA + "/json"), get("/v1.41/containers/" + idB + "/json"), ""},
		{"image", get("/v1.41/images/busybox/json"), get("/v1.41/images/docker.io/library/busybox:latest/json"), ""},
		{"names that clients give", create("/v1.41/containers/create?name=web_server", "{}"), create("/v1.41/containers/create?name=data_base", "{}"), "query name: web_server → data_base\n"},
		{"names that clients give in documents", create("/v1.41/networks/create", `{"Name":"web_server"}`), create("/v1.41/networks/create", `{"Name":"data_base"}`), "body Name: \"web_server\" → \"data_base\"\n"},
		{"pings", &Request{Method: "HEAD", Target: "/_ping"}, get("/_ping"), ""},
		{"method", &Request{Method: "POST", Target: "/x"}, get("/x"), "method: POST → GET\n"},
		{"version of what is changed", create("/v1.41/services/s/update?version=15", "{}"), create("/v1.41/services/s/update?version=14", "{}"), ""},
		{"version of a build", create("/v1.41/build?version=2", ""), create("/v1.41/build", ""), "query version: 2 → \n"},
		{"kill", create("/v1.41/containers/a/kill?signal=KILL", ""), create("/v1.41/containers/a/kill", ""), ""},
		{"members in any order", create("/v1.41/containers/create", `{"Image":"a","Cmd":["x"]}`), create("/v1.41/containers/create", `{ "cmd":["x"],"Image":"a"}`), ""},
		{"defaults", create("/v1.41/containers/create", `{"Image":"a","HostConfig":{"Memory":0}}`), create("/v1.41/containers/create", `{"Image":"a"}`), ""},
		{"a field", create("/v1.41/containers/create", `{"HostConfig":{"Memory":0,"Binds":["a:b"]}}`), create("/v1.41/containers/create", `{"HostConfig":{"Memory":512,"Binds":["a:c"]}}`),
			"body HostConfig.Memory: 0 → 512\nbody HostConfig.Binds[0]: \"a:b\" → \"a:c\"\n"},
		{"order of words", create("/v1.41/containers/create", `{"Cmd":["a","b"]}`), create("/v1.41/containers/create", `{"Cmd":["b","a"]}`),
			"body Cmd[0]: \"a\" → \nbody Cmd[1]:  → \"a\"\n"},
		{"environment in any order", create("/v1.41/containers/create", `{"Env":["A=1","B=2"]}`), create("/v1.41/containers/create", `{"Env":["B=3","A=1"]}`), "body Env[B]: \"B=2\" → \"B=3\"\n"},
		{"masked", create("/v1.41/containers/create", `{"Env":["TOKEN=[masked 3 bytes #00000000]"]}`), create("/v1.41/containers/create", `{"Env":["TOKEN=abc"]}`), ""},
		{"null", create("/v1.41/commit?container=a", `null`), create("/v1.41/commit?container=a", ``), ""},
		{"numbers", create("/v1.41/containers/create", `{"X":1.0,"Y":9007199254740993}`), create("/v1.41/containers/create", `{"X":1e0,"Y":9007199254740992}`),
			"body Y: 9007199254740993 → 9007199254740992\n"},
		{"pinned image", create("/v1.41/containers/create", `{"Image":"x@sha256:`+idA+`"}`), create("/v1.41/containers/create", `{"Image":"x@sha256:`+idB+`"}`),
			"body Image: \"x@sha256:" + idA + "\" → \"x@sha256:" + idB + "\"\n"},
		{"image by its id", create("/v1.41/containers/create", `{"Image":"sha256:`+idA+`"}`), create("/v1.41/containers/create", `{"Image":"sha256:`+idB+`"}`), ""},
		{"pinned image of a path", get("/images/x@sha256:" + idA + "/json"), get("/images/x@sha256:" + idB + "/json"), "path: /images/x@sha256:" + idA + "/json → /images/x@sha256:" + idB + "/json\n"},
		{"image of a container", create("/v1.41/containers/create", `{"Image":"busybox"}`), create("/v1.41/containers/create", `{"Image":"busybox:latest"}`), ""},
	} {
		if got := told(New().Requests(c.a, c.b)); got != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, got, c.want)
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ name, a, b, want string }{
		{"counters", `{"NFd":1,"Name":"h"}`, `{"NFd":2,"Name":"h"}`, ""},
		{"lists by key", `[{"Id":"` + idA + `","State":"up"},{"Id":"` + idC + `","State":"up"}]`,
			`[{"Id":"` + idC + `","State":"up"},{"Id":"` + idA + `","State":"down"}]`,
			"answer [" + idA + "].State: \"up\" → \"down\"\n"},
		{"list with new ids", `[{"Id":"` + idA + `","State":"up"}]`, `[{"Id":"` + idB + `","State":"up"}]`, ""},
		{"list with new ids in another order", `[{"Id":"` + idA + `","Name":"none"},{"Id":"` + idC + `","Name":"host"}]`,
			`[{"Name":"host","Id":"` + idB + `"},{"Name":"none","Id":"` + strings.Repeat("1f", 32) + `"}]`, ""},
		{"list with new ids and names", `[{"Id":"` + idA + `","Names":["/a"]},{"Id":"` + idC + `","Names":["/c"]}]`,
			`[{"Id":"` + strings.Repeat("1f", 32) + `","Names":["/b"]},{"Id":"` + idB + `","Names":["/a"]}]`,
			"answer [" + idC + "].Names[0]: \"/c\" → \"/b\"\n"},
		{"names of the daemon", `{"Name":"/vibrant_hopper"}`, `{"Name":"/brave_turing2"}`, ""},
		{"names of people", `{"Name":"/web"}`, `{"Name":"/db"}`, "answer Name: \"/web\" → \"/db\"\n"},
		{"how long it ran", `{"Actor":{"Attributes":{"execDuration":"6","exitCode":"0"}}}`, `{"Actor":{"Attributes":{"execDuration":"7","exitCode":"0"}}}`, ""},
		{"times", `{"Created":1700000000,"State":{"StartedAt":"2026-01-01T00:00:00Z"}}`, `{"Created":1700000009,"State":{"StartedAt":"0001-01-01T00:00:00Z"}}`, ""},
		{"times of gRPC", `{"stat":{"modTime":"1795906835184066174"}}`, `{"stat":{"modTime":"1795907546222815342"}}`, ""},
		{"containers of a network", `{"Containers":{"` + idA + `":{"Name":"web"}}}`, `{"Containers":{}}`, "answer Containers." + idA + ": {\"Name\":\"web\"} → \n"},
		{"twice, the last counts", `{"A":1,"A":2}`, `{"A":3,"A":2}`, ""},
		{"where daemons keep their files", `{"LogPath":"/var/lib/docker/containers/` + idA + `/` + idA + `-json.log","Mounts":[{"Source":"/var/lib/docker/volumes/v/_data"}],"GraphDriver":{"Data":{"MergedDir":"/a/overlay2/x/merged"}}}`,
			`{"LogPath":"/data/containers/` + idB + `/` + idB + `-json.log","Mounts":[{"Source":"/data/volumes/v/_data"}],"GraphDriver":{"Data":{"MergedDir":"/b/overlay2/y/merged"}}}`, ""},
		{"tokens of a swarm", `{"JoinTokens":{"Worker":"SWMTKN-1-a-b"}}`, `{"JoinTokens":{"Worker":"SWMTKN-1-c-d"}}`, ""},
		{"what they keep there", `{"LogPath":"/a/b-json.log","Mountpoint":"/a/_data"}`, `{"LogPath":"/a/b-text.log","Mountpoint":""}`,
			"answer LogPath: \"/a/b-json.log\" → \"/a/b-text.log\"\nanswer Mountpoint: \"/a/_data\" → \"\"\n"},
		{"folders of people", `{"Mounts":[{"Source":"/home/a/data"}]}`, `{"Mounts":[{"Source":"/home/b/data"}]}`,
			"answer Mounts[0].Source: \"/home/a/data\" → \"/home/b/data\"\n"},
		{"the daemon itself", `{"ID":"USWE:EX3D:ECPC:TUOL:LVJ4:YSDG:HD4G:6JQZ:WUR4:27Y2:BL3J:QZBM"}`, `{"ID":"3030497f-6d53-4ce9-8a0c-4f494dc5a6f1"}`, ""},
		{"who is no daemon", `{"ID":"USWE:EX3D"}`, `{"ID":"3030497f-6d53-4ce9-8a0c-4f494dc5a6f1"}`, "answer ID: \"USWE:EX3D\" → \"3030497f-6d53-4ce9-8a0c-4f494dc5a6f1\"\n"},
		{"versions of a swarm's things", `[{"ID":"` + idA + `","Version":{"Index":15},"Index":1}]`, `[{"ID":"` + idA + `","Version":{"Index":14},"Index":2}]`,
			"answer [" + idA + "].Index: 1 → 2\n"},
		{"an element more", `{"A":["a","c"]}`, `{"A":["a","b","c"]}`, "answer A[1]:  → \"b\"\n"},
	} {
		if got := told(New().Answers([]byte(c.a), []byte(c.b))); got != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, got, c.want)
		}
		s := New()
		if got := s.Alike([]byte(c.a), []byte(c.b)); got != (c.want == "") || !got && s.Mark() != 0 {
			t.Errorf("%s: alike: %v, %d ids are learned", c.name, got, s.Mark())
		}
	}
}

func TestFields(t *testing.T) {
	a := []wire.Field{{Name: "User-Agent", Value: "Docker-Client/20.10"}, {Name: "Host", Value: "x"}, {Name: "X-Registry-Auth", Value: "[masked 9 bytes]"}}
	b := []wire.Field{{Name: "user-agent", Value: "Docker-Client/28"}, {Name: "Host", Value: "y"}, {Name: "x-registry-auth", Value: "abc"}, {Name: "Accept", Value: "*/*"}}
	if got, want := told(New().Fields(a, b)), "header User-Agent: Docker-Client/20.10 → Docker-Client/28\nheader Accept:  → */*\n"; got != want {
		t.Errorf("%swant\n%s", got, want)
	}
}

// TestDeep checks that what is nested deep, or long, ends.
func TestDeep(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	if got := New().Answers([]byte(deep), []byte(strings.Replace(deep, "1", "2", 1))); len(got) != 1 {
		t.Errorf("%d differences", len(got))
	}
	arrays := strings.Repeat(`[`, 5000) + "1" + strings.Repeat("]", 5000)
	if got := New().Answers([]byte(arrays), []byte(strings.Replace(arrays, "1", "2", 1))); len(got) != 1 {
		t.Errorf("%d differences", len(got))
	}
	var x, y []string
	for i := range 3000 {
		x, y = append(x, fmt.Sprint(i)), append(y, fmt.Sprint(i+7))
	}
	if got := New().Answers([]byte("["+strings.Join(x, ",")+"]"), []byte("["+strings.Join(y, ",")+"]")); len(got) == 0 {
		t.Error("no difference")
	}
}

// TestMany: of a head that has as many names as fit in it each is looked at once.
func TestMany(t *testing.T) {
	const n = 100000
	var fields []wire.Field
	var query strings.Builder
	for i := range n {
		name := strconv.Itoa(i)
		fields = append(fields, wire.Field{Name: name, Value: "x"})
		query.WriteString("&" + name + "=x")
	}
	a, b := &Request{Method: "GET", Target: "/x?" + query.String()}, &Request{Method: "GET", Target: "/x?" + query.String() + "&more=1"}
	if got, want := told(New().Requests(a, b)), "query more:  → 1\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := told(New().Fields(fields, append(fields, wire.Field{Name: "More", Value: "1"}))), "header More:  → 1\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAlign(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"abc", "abc", "abc"}, {"abc", "xbc", "bc"}, {"abcd", "acxd", "acd"}, {"", "a", ""}, {"ab", "ba", "b"}, {"xaby", "xy", "xy"},
	} {
		var got string
		for _, p := range Align(len(c.a), len(c.b), func(i, j int) bool { return c.a[i] == c.b[j] }) {
			if c.a[p.A] != c.b[p.B] {
				t.Errorf("%s, %s: unlike", c.a, c.b)
			}
			got += c.a[p.A : p.A+1]
		}
		if got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

// TestAlignKeys compares the alignment of keys with the best one, and looks at what it does where
// that would take too long.
func TestAlignKeys(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	letters := func(n, of int) (all []string) {
		for range n {
			all = append(all, strconv.Itoa(r.Intn(of)))
		}
		return all
	}
	for n := range 300 {
		a, b := letters(r.Intn(40), 1+n%20), letters(r.Intn(40), 1+n%20)
		best := Align(len(a), len(b), func(i, j int) bool { return a[i] == b[j] })
		for _, most := range []int{1 << 20, 100, 10, 0} {
			got := AlignKeys(a, b, most, nil)
			for i, p := range got {
				if a[p.A] != b[p.B] || i > 0 && (p.A <= got[i-1].A || p.B <= got[i-1].B) {
					t.Fatalf("%v, %v, %d: %v", a, b, most, got)
				}
			}
			if most == 1<<20 && len(got) != len(best) {
				t.Errorf("%v, %v: %d, the best has %d", a, b, len(got), len(best))
			}
		}
	}
	// A shuffled middle of which every tenth element is in its place, between lines that recur.
	const n = 20000
	var a, b []string
	for i := range n {
		a, b = append(a, "ping", fmt.Sprint("a", i)), append(b, "ping", fmt.Sprint("b", i))
		if i%10 == 0 {
			a, b = append(a, fmt.Sprint("both", i)), append(b, fmt.Sprint("both", i))
		}
	}
	if got := len(AlignKeys(a, b, maxAligned, nil)); got != n+n/10 {
		t.Errorf("%d of %d are aligned", got, n+n/10)
	}
}

// FuzzDocuments checks that a document is the same as itself, and that nothing makes the walk
// panic.
func FuzzDocuments(f *testing.F) {
	f.Add(`{"a":[1,{"Id":"`+idA+`"}]}`, `{"a":[{"Id":"`+idB+`"}]}`)
	f.Add(`{"Name":"[masked 4 bytes]"`, `[masked`)
	f.Fuzz(func(t *testing.T, a, b string) {
		s := New()
		s.Answers([]byte(a), []byte(b))
		s.Requests(&Request{Method: "GET", Target: a, Body: []byte(b)}, &Request{Method: "GET", Target: b, Body: []byte(a)})
		s.ToB([]byte(a))
		if isDocument([]byte(a)) {
			if d := New().Answers([]byte(a), []byte(a)); len(d) > 0 {
				t.Errorf("%q differs from itself: %v", a, d)
			}
			if !New().Alike([]byte(a), []byte(a)) {
				t.Errorf("%q is not as itself", a)
			}
		}
	})
}

// TestIDs: ids, digests and UUIDs stand for something, words do not.
func TestIDs(t *testing.T) {
	uuid := "550e8400-e29b-41d4-a716-446655440000"
	text := `{"Id":"` + idA + `","Image":"sha256:` + idB + `","Name":"web","Session":"` + uuid + `","At":"2026-01-02T03:04:05.678Z"}`
	var got []string
	for id := range IDs(text) {
		got = append(got, id)
	}
	if want := []string{idA, idB, uuid}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for id := range IDs("short text") {
		t.Errorf("%q is no id", id)
	}
}

// TestTerminals: how large a terminal is makes no difference, in requests.
func TestTerminals(t *testing.T) {
	a := &Request{Method: "POST", Target: "/containers/create", Body: []byte(`{"HostConfig":{"ConsoleSize":[24,80]}}`)}
	for _, body := range []string{`{"HostConfig":{"ConsoleSize":[50,132]}}`, `{"HostConfig":{}}`} {
		b := &Request{Method: "POST", Target: "/containers/create", Body: []byte(body)}
		if d := New().Requests(a, b); len(d) > 0 {
			t.Errorf("%s: %s", body, told(d))
		}
	}
}

// TestSpans: how long something is to last is what a request says; when something was, is not.
func TestSpans(t *testing.T) {
	ask := func(arg string) *Request {
		return &Request{Method: "POST", Target: "/containers/create", Body: []byte(`{"Cmd":["sleep","` + arg + `"]}`)}
	}
	if d := New().Requests(ask("1s"), ask("2s")); len(d) != 1 || d[0].Place != "body Cmd[1]" {
		t.Errorf("1s and 2s: %s", told(d))
	}
	if d := New().Requests(ask("at 2026-01-02T03:04:05Z"), ask("at 2027-01-02T03:04:05Z")); len(d) > 0 {
		t.Errorf("points in time: %s", told(d))
	}
	if !New().Text("took 1.5s", "took 820ms") {
		t.Error("spans in answers stand for any")
	}
}
