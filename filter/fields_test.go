package filter_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/wire"
)

// holds are expressions that hold of the exchange of created, and the event with
// which it is shown. Each field is in one of them.
var holds = []struct {
	text string
	at   int
}{
	{`method == "POST"`, asRequest},
	{`path == "/v1.41/containers/create"`, asRequest},
	{`target == "/v1.41/containers/create?name=web&name=x&all=1"`, asRequest},
	{`query.name == "web" and query["all"] == "1" and query.missing == ""`, asRequest},
	{`"name" in query and "x" not in query`, asRequest},
	{`version == "1.41"`, asRequest},
	{`operation startsWith "Container"`, asRequest},
	{`subject.type == "container"`, asRequest},
	{`subject.name == "web"`, atTheEnd},
	{`subject.container == ""`, asRequest},
	{`subject.id startsWith "970524f9"`, atTheEnd},
	{`status >= 400 and status < 500`, asAnswer},
	{`state == "aborted"`, atTheEnd},
	{`error contains "image"`, atTheEnd},
	{`exit == 3 and exit > 2 and exit != nil`, atTheEnd},
	{`left`, atTheEnd},
	{`duration == "1.5s"`, atTheEnd},
	{`"1s" < duration and duration < duration("2s")`, atTheEnd},
	{`duration != "1s" and duration >= "1.5s" and "1.5s" <= duration and ttfb < "1s"`, atTheEnd},
	{`duration_ms == 1500`, atTheEnd},
	{`ttfb > "10ms" and ttfb <= "20ms"`, asAnswer},
	{`ttfb_ms == 20`, asAnswer},
	{`duration > ttfb * 2`, atTheEnd},
	{`request.headers["Content-Type"] == "application/json"`, asRequest},
	{`request.headers.host == "" and request.headers["X-MANY"] == "one"`, asRequest},
	{`"CONTENT-Type" in request.headers and not ("Host" in request.headers)`, asRequest},
	{`request.headers["X-" + "Many"] == "one"`, asRequest},
	{`request.body contains "busybox"`, atTheEnd},
	{`request.json.Image == "busybox"`, atTheEnd},
	{`request.json.HostConfig.Binds[1] == "/c:/d" and request.json.HostConfig.Memory == 1024`, atTheEnd},
	{`request.json["HostConfig"]?.Binds[-1] endsWith "d"`, atTheEnd},
	{`request.json.HostConfig.Binds[0] == "/a:/b" and request.json.HostConfig.Binds[2] == nil`, atTheEnd},
	{`any(request.json.HostConfig.Binds, # startsWith "/c")`, atTheEnd},
	{`"/a:/b" in request.json.HostConfig.Binds`, atTheEnd},
	{`request.json.A.B[3].C == nil and request.json.Image.B == nil and request.json.HostConfig[0] == nil`, atTheEnd},
	{`not request.json.Tty`, atTheEnd},
	{`request.bytes == 86`, atTheEnd},
	{`request.wire_bytes == 100`, atTheEnd},
	{`response.headers["api-version"] == "1.41"`, asAnswer},
	{`response.body startsWith "{"`, atTheEnd},
	{`response.json.Id == "970524f9aaaa" && len(response.json.Warnings) == 0`, atTheEnd},
	{`response.bytes == 35`, atTheEnd},
	{`response.wire_bytes == 50`, atTheEnd},
	{`stdout == "output"`, atTheEnd},
	{`stderr == "err"`, atTheEnd},
	{`text == "outerrput"`, atTheEnd},
	{`any(frames, # contains "rr") and len(frames) == 3`, atTheEnd},
	{`"odd" in anomalies and len(anomalies) == 1`, atTheEnd},
	{`upgrade == "tcp"`, atTheEnd},
	{`conn == 7`, asRequest},
	{`client.pid == 4711`, asRequest},
	{`client.uid == 1000`, asRequest},
	{`client.name == "docker"`, asRequest},
}

// TestFields plays the exchange through a book, which shows it when an expression
// holds, and never when it does not.
func TestFields(t *testing.T) {
	s := created()
	used := ""
	for _, h := range holds {
		s.checkShown(t, h.text, compiled(t, h.text), h.at)
		s.checkShown(t, "not "+h.text, compiled(t, "not ("+h.text+")"), never)
		used += h.text + "\n"
	}
	for text := range overTLS {
		used += text + "\n"
	}
	for _, name := range filter.Names() {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(used) {
			t.Errorf("%s is not tested", name)
		}
	}
}

// overTLS are expressions that hold where both sides speak TLS, and if only the daemon does.
var overTLS = map[string][2]bool{
	`tls.version == "TLS 1.3" and tls.cipher startsWith "TLS_AES"`: {true, false},
	`tls.version == "TLS 1.2"`:                                     {false, true},
	`tls.server_name == "socktrace" and tls.alpn == "http/1.1"`:    {true, false},
	`tls.client == "CN=alice"`:                                     {true, false},
	`tls.client == ""`:                                             {false, true},
	`tls.server == "CN=dockerd"`:                                   {true, true},
}

// TestTLS has what was agreed on be known when the exchange begins.
func TestTLS(t *testing.T) {
	named := func(name string) []wire.Certificate { return []wire.Certificate{{Subject: "CN=" + name}} }
	for n := range 2 {
		s := created()
		far := &wire.TLS{Meta: s.meta(0, 0, 0), Peer: "server", Version: "TLS 1.2", Cipher: "TLS_RSA", Client: named("socktrace"), Server: named("dockerd")}
		near := &wire.TLS{Meta: s.meta(0, 0, 0), Peer: "client", Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ServerName: "socktrace", Protocol: "http/1.1", Client: named("alice"), Server: named("auto")}
		s.events = slices.Insert(s.events, 1, wire.Event(far))
		if n == 0 {
			s.events = slices.Insert(s.events, 1, wire.Event(near))
		}
		for text, want := range overTLS {
			at := never
			if want[n] {
				at = asRequest
			}
			s.checkShown(t, text, compiled(t, text), at)
		}
	}
	s := created()
	s.conn.Server = wire.Peer{}
	both := &wire.TLS{Meta: s.meta(0, 0, 0), Version: "TLS 1.3", Client: named("alice"), Server: named("dockerd")}
	s.events = slices.Insert(s.events, 1, wire.Event(both))
	const captured = `tls.client == "CN=alice" and tls.server == "CN=dockerd" and tls.version == "TLS 1.3"`
	s.checkShown(t, captured, compiled(t, captured), asRequest)
}

// TestNothing has fields of an exchange of which nothing was seen be empty.
func TestNothing(t *testing.T) {
	s := created()
	s.conn.Client.Process, s.learn = nil, nil
	s.events = slices.Clone(s.events[len(s.events)-2:]) // its end alone
	for _, text := range []string{
		`method + path + target + version + operation + error + request.body + response.body + stdout + stderr + text + upgrade + client.name == ""`,
		`tls.version + tls.cipher + tls.server_name + tls.alpn + tls.client + tls.server == ""`,
		`subject.type + subject.id + subject.name + subject.container == ""`,
		`status + request.bytes + response.bytes + request.wire_bytes + response.wire_bytes + client.pid == 0`,
		`ttfb == "0s" and ttfb_ms == 0 and exit == nil and not left and client.uid == -1`,
		`request.json == nil and response.json.Id == nil and len(query) + len(request.headers) + len(response.headers) == 0`,
		`len(frames) + len(anomalies) == 0`,
	} {
		s.checkShown(t, text, compiled(t, text), 1)
	}
}

// TestLoosely has what a document does not have, or has otherwise, not hold: that is
// nobody's fault.
func TestLoosely(t *testing.T) {
	s := created()
	for _, text := range []string{
		`request.json.Missing > 5`, `request.json.Image > 5`, `any(request.json.Missing, # == 1)`, `len(request.json.Missing) == 0`,
		`request.json.Image`, `request.json.Image.contains("x")`, `request.json.HostConfig.Binds["a"] == 1`, `exit startsWith "3"`,
	} {
		s.checkShown(t, text, compiled(t, text), never)
	}
}

// TestFailing has what cannot be evaluated not hold, and says so; what takes too much
// is shown.
func TestFailing(t *testing.T) {
	s := created()
	for _, c := range []struct {
		text string
		at   int
		want string
	}{
		{`frames[9] == "x" or status == 1`, never, `filtering: exchange 7.1: index out of range: 9 (array length is 3)`},
		{`len(1..2000000) > status`, atTheEnd, `filtering: exchange 7.1: it takes too long to decide`},
	} {
		at, failures := s.shown(compiled(t, c.text))
		if at != c.at || !slices.Equal(failures, []string{c.want}) {
			t.Errorf("%s: shown with event %d, %q", c.text, at, failures)
		}
	}
}

// TestDocuments has only what is whole, and not too long, be a document.
func TestDocuments(t *testing.T) {
	for _, c := range []struct {
		data string
		cut  bool
		is   bool
	}{
		{`{"A":1}`, false, true}, {`{"A":1}`, true, false}, {`{"A":1} {}`, false, false}, {`{"A":1`, false, false}, {"", false, false},
		{`{"A":1,"B":"` + strings.Repeat("b", 4<<20) + `"}`, false, false},
	} {
		s := created()
		s.setRequestBody(c.data, c.cut)
		at := never
		if c.is {
			at = atTheEnd
		}
		s.checkShown(t, c.data[:min(len(c.data), 20)], compiled(t, `request.json.A == 1`), at)
	}
}

// TestPage keeps docs/filter.md as complete as the environment, and its examples
// right.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../docs/filter.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	_, table, _ := strings.Cut(string(page), "## Fields")
	table, _, _ = strings.Cut(table, "## The language")
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(table, -1) {
		listed = append(listed, m[1])
	}
	if want := filter.Names(); !slices.Equal(listed, want) {
		t.Errorf("the page lists\n%q, the fields are\n%q", listed, want)
	}
	examples := 0
	for _, m := range regexp.MustCompile(`--filter '([^']+)'`).FindAllStringSubmatch(string(page), -1) {
		examples++
		compiled(t, m[1])
	}
	if examples < 5 {
		t.Errorf("%d examples", examples)
	}
}
