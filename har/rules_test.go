package har_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestImporterRules checks every recording against what one importer or another
// refuses.
func TestImporterRules(t *testing.T) {
	for _, keep := range []int64{1 << 20, 70} {
		for _, s := range sessions(t, keep) {
			t.Run(s.name, func(t *testing.T) {
				checkRules(t, record(t, s.events, har.Options{Version: "1.0"}))
			})
		}
	}
}

// checkRules checks a whole document.
func checkRules(t testing.TB, doc []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in:\n%s", err, clip(doc))
	}
	noNull(t, "", v)
	r := rules{t, "log", v.(map[string]any)["log"].(map[string]any)}
	r.strings("version")
	r.object("creator").strings("name", "version")
	pages := make(map[string]bool)
	for _, p := range r.list("pages") {
		p.time("startedDateTime")
		p.strings("id", "title")
		p.object("pageTimings").numbers("onContentLoad", "onLoad")
		pages[p.v["id"].(string)] = true
	}
	for _, e := range r.list("entries") {
		checkEntry(e, pages)
	}
}

func checkEntry(e rules, pages map[string]bool) {
	e.time("startedDateTime")
	e.object("cache")
	e.strings("_resourceType", "connection", "_connectionId")
	if !pages[fmt.Sprint(e.v["pageref"])] {
		e.t.Errorf("%s: page %v does not exist", e.at, e.v["pageref"])
	}
	if ip, ok := e.v["serverIPAddress"]; ok {
		if _, err := netip.ParseAddr(ip.(string)); err != nil {
			e.t.Errorf("%s: serverIPAddress: %v", e.at, err)
		}
		e.integers("_serverPort")
	}
	timings := e.object("timings")
	sum := 0.0
	for _, name := range []string{"blocked", "dns", "connect", "send", "wait", "receive"} {
		sum += max(timings.number(name), 0)
	}
	for _, name := range []string{"send", "wait", "receive"} {
		if timings.number(name) < 0 {
			e.t.Errorf("%s: %s is negative", e.at, name)
		}
	}
	timings.numbers("ssl")
	if total := e.number("time"); math.Abs(total-sum) > 1e-5 {
		e.t.Errorf("%s: time %v is not the sum of timings, %v", e.at, total, sum)
	}
	q := e.object("request")
	q.head()
	q.strings("method", "url")
	if u, err := url.ParseRequestURI(q.v["url"].(string)); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" {
		e.t.Errorf("%s: url %v: %v", e.at, q.v["url"], err)
	}
	q.pairs("queryString")
	if _, ok := q.v["postData"]; ok {
		p := q.object("postData")
		p.strings("mimeType", "text")
		if p.v["mimeType"] == "" {
			e.t.Errorf("%s: postData without a type", e.at)
		}
	}
	p := e.object("response")
	p.head()
	p.strings("statusText", "redirectURL")
	p.integers("status", "_transferSize")
	c := p.object("content")
	c.strings("mimeType")
	c.integers("size")
	if enc, ok := c.v["encoding"]; ok && enc != "base64" {
		e.t.Errorf("%s: encoding %v", e.at, enc)
	}
}

// rules is an object of the document.
type rules struct {
	t  testing.TB
	at string
	v  map[string]any
}

func (r rules) object(name string) rules {
	r.t.Helper()
	v, ok := r.v[name].(map[string]any)
	if !ok {
		r.t.Fatalf("%s.%s is no object: %v", r.at, name, r.v[name])
	}
	return rules{r.t, r.at + "." + name, v}
}

func (r rules) list(name string) []rules {
	r.t.Helper()
	list, ok := r.v[name].([]any)
	if !ok {
		r.t.Fatalf("%s.%s is no list: %v", r.at, name, r.v[name])
	}
	var all []rules
	for i, v := range list {
		all = append(all, rules{r.t, fmt.Sprintf("%s.%s[%d]", r.at, name, i), v.(map[string]any)})
	}
	return all
}

func (r rules) strings(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if _, ok := r.v[name].(string); !ok {
			r.t.Errorf("%s.%s is no string: %v", r.at, name, r.v[name])
		}
	}
}

func (r rules) number(name string) float64 {
	r.t.Helper()
	n, ok := r.v[name].(json.Number)
	f, err := n.Float64()
	if !ok || err != nil {
		r.t.Errorf("%s.%s is no number: %v", r.at, name, r.v[name])
	}
	return f
}

func (r rules) numbers(names ...string) {
	for _, name := range names {
		r.number(name)
	}
}

func (r rules) integers(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if f := r.number(name); f != math.Trunc(f) {
			r.t.Errorf("%s.%s is no integer: %v", r.at, name, r.v[name])
		}
	}
}

func (r rules) time(name string) {
	r.t.Helper()
	at, _ := r.v[name].(string)
	if _, err := time.Parse(microLayout, at); err != nil {
		r.t.Errorf("%s.%s: %v", r.at, name, err)
	}
}

const microLayout = "2006-01-02T15:04:05.000000Z"

func (r rules) pairs(name string) {
	for _, p := range r.list(name) {
		p.strings("name", "value")
	}
}

// version is what HTTP Toolkit accepts.
var version = regexp.MustCompile(`(?i)^(HTTP/)?[\d.]+$`)

// head checks what requests and responses have in common.
func (r rules) head() {
	r.strings("httpVersion")
	if !version.MatchString(r.v["httpVersion"].(string)) {
		r.t.Errorf("%s: httpVersion %v", r.at, r.v["httpVersion"])
	}
	if len(r.list("cookies")) > 0 {
		r.t.Errorf("%s: importers add cookies to the headers", r.at)
	}
	r.pairs("headers")
	r.integers("headersSize", "bodySize")
}

// noNull checks that nothing is null, and that names which are not HAR's own
// say so.
func noNull(t testing.TB, at string, v any) {
	switch v := v.(type) {
	case nil:
		t.Errorf("%s is null", at)
	case []any:
		for i, x := range v {
			noNull(t, fmt.Sprintf("%s[%d]", at, i), x)
		}
	case map[string]any:
		for name, x := range v {
			noNull(t, at+"."+name, x)
			if !strings.Contains(at, "._") && name[0] != '_' && !standard[name] {
				t.Errorf("%s.%s is not in HAR 1.2", at, name)
			}
		}
	}
}

// standard are the members of HAR 1.2 that a Writer makes.
var standard = func() map[string]bool {
	all := make(map[string]bool)
	for name := range strings.FieldsSeq(`log version creator name pages entries startedDateTime id title pageTimings
		onContentLoad onLoad pageref time request response cache timings serverIPAddress connection comment method url
		httpVersion cookies headers queryString postData headersSize bodySize status statusText content redirectURL
		value mimeType params text size compression encoding blocked dns connect send wait receive ssl`) {
		all[name] = true
	}
	return all
}()

// TestURL checks URLs of all forms of targets, and what importers refuse.
func TestURL(t *testing.T) {
	for _, c := range []struct{ method, host, target, url string }{
		{"GET", "docker", "/info", "http://docker/info"},
		{"GET", "api.moby.localhost", "/v1.41/containers/json?all=1", "http://api.moby.localhost/v1.41/containers/json?all=1"},
		{"GET", "", "/info", "http://localhost/info"},
		{"GET", "%2Fvar%2Frun%2Fdocker.sock", "/info", "http://localhost/info"},
		{"GET", "/var/run/docker.sock", "/info", "http://localhost/info"},
		{"GET", "127.0.0.1:2375", "/", "http://127.0.0.1:2375/"},
		{"GET", "[::1]:2375", "/", "http://[::1]:2375/"},
		{"GET", "[::1]", "/", "http://[::1]/"},
		{"GET", "a b", "/", "http://localhost/"},
		{"GET", "x:", "/", "http://x/"},
		{"GET", "x:http", "/", "http://localhost/"},
		{"GET", "x:99999", "/", "http://localhost/"},
		{"GET", "a.1", "/", "http://localhost/"},
		{"GET", "a.0x1f", "/", "http://localhost/"},
		{"GET", "xn--a", "/", "http://localhost/"},
		{"GET", "10.0.0.256", "/", "http://localhost/"},
		{"GET", "10.0.0.1:2375", "/", "http://10.0.0.1:2375/"},
		{"GET", "1.example", "/", "http://1.example/"},
		{"GET", "user@x", "/", "http://localhost/"},
		{"GET", "x", "/a#frag?q", "http://x/a"},
		{"GET", "x", `/a b"<>|%zz%41é[]{}`, "http://x/a%20b%22%3C%3E%7C%25zz%41%C3%A9%5B%5D%7B%7D"},
		{"GET", "x", "/a%41", "http://x/a%41"},
		{"GET", "x", "/a%4", "http://x/a%254"},
		{"GET", "x", "/a%", "http://x/a%25"},
		{"GET", "x", "http://y:1/p?q#f", "http://y:1/p?q"},
		{"GET", "x", "HTTPS://y", "https://y/"},
		{"GET", "x", "http://y?q", "http://y/?q"},
		{"CONNECT", "x", "y:443", "http://y:443/"},
		{"CONNECT", "x", "no host", "http://localhost/"},
		{"OPTIONS", "x", "*", "http://x/*"},
	} {
		conn := dockerConn(1)
		q := &wire.Request{Meta: wire.Meta{Conn: conn, Exchange: 1, Start: t0, End: t0}, Method: c.method, Target: c.target, Version: "HTTP/1.1"}
		if c.host != "" {
			q.Fields = []wire.Field{{Name: "Host", Value: c.host, Line: "Host: " + c.host}}
		}
		doc := record(t, []wire.Event{q, &wire.Exchange{Meta: q.Meta}}, har.Options{})
		checkRules(t, doc)
		if got := parse(t, doc).Log.Entries[0].Request.URL; got != c.url {
			t.Errorf("%s %s, Host %q: %s, want %s", c.method, c.target, c.host, got, c.url)
		}
		if got := exchanges(read(t, doc))[0].Request.Target; got != c.target {
			t.Errorf("target %q was read as %q", c.target, got)
		}
	}
}
