//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/filter"
)

// toldOf is what JSON lines tell of an exchange.
type toldOf struct {
	x        map[string]any
	messages []map[string]any
}

// text returns a member, by the names on the way to it; "" if there is none.
func (x *toldOf) text(path ...string) string { return fmt.Sprint(orEmpty(x.get(path...))) }

// number is the same for numbers; 0 if there is none.
func (x *toldOf) number(path ...string) float64 { n, _ := x.get(path...).(float64); return n }

func (x *toldOf) get(path ...string) (v any) {
	v = x.x
	for _, name := range path {
		of, _ := v.(map[string]any)
		v = of[name]
	}
	return v
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// header returns the first value of a field.
func (x *toldOf) header(side, name string) string {
	fields, _ := x.get(side, "headers").([]any)
	for _, f := range fields {
		if f := f.([]any); strings.EqualFold(f[0].(string), name) {
			return f[1].(string)
		}
	}
	return ""
}

// said returns what messages of a kind consist of; of all kinds for "".
func (x *toldOf) said(kind string) (all string) {
	for _, m := range x.messages {
		if kind == "" || m["kind"] == kind {
			text, _ := m["text"].(string)
			document, _ := json.Marshal(m["json"])
			all += text + string(document)
		}
	}
	return all
}

// readTold returns the exchanges that JSON lines tell of, by "conn.number".
func readTold(t *testing.T, lines string) map[string]*toldOf {
	t.Helper()
	all := make(map[string]*toldOf)
	for line := range strings.Lines(lines) {
		var ev map[string]any
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if ev["exchange"] == nil {
			continue
		}
		key := fmt.Sprint(ev["conn"], ".", ev["exchange"])
		if all[key] == nil {
			all[key] = &toldOf{}
		}
		switch ev["event"] {
		case "message":
			all[key].messages = append(all[key].messages, ev)
		case "exchange":
			all[key].x = ev
		}
	}
	return all
}

// filtered are expressions, and what JSON lines tell of the exchanges for which they
// hold.
var filtered = []struct {
	text  string
	holds func(x *toldOf) bool
}{
	{`method == "POST"`, func(x *toldOf) bool { return x.text("method") == "POST" }},
	{`path endsWith "/containers/json"`, func(x *toldOf) bool { return strings.Contains(x.text("target"), "/containers/json") }},
	{`target contains "?"`, func(x *toldOf) bool { return strings.Contains(x.text("target"), "?") }},
	{`query.stdout == "1"`, func(x *toldOf) bool { return strings.Contains(x.text("target"), "stdout=1") }},
	{`version == "1.41"`, func(x *toldOf) bool { return strings.HasPrefix(x.text("target"), "/v1.41/") }},
	{`operation matches "^Container"`, func(x *toldOf) bool { return strings.HasPrefix(x.text("operation"), "Container") }},
	{`subject.type == "container"`, func(x *toldOf) bool { return x.text("subject", "type") == "container" }},
	{`subject.id startsWith "d83e"`, func(x *toldOf) bool { return strings.HasPrefix(x.text("subject", "id"), "d83e") }},
	{`subject.name == "demo"`, func(x *toldOf) bool { return x.text("subject", "name") == "demo" }},
	{`subject.container == ""`, func(x *toldOf) bool { return x.get("subject", "container") == nil }},
	{`error contains "No such"`, func(x *toldOf) bool { return strings.Contains(x.text("error"), "No such") }},
	{`exit == 0`, func(x *toldOf) bool { return x.get("exit_code") != nil && x.number("exit_code") == 0 }},
	{`left`, func(x *toldOf) bool { return x.get("client_left") != nil }},
	{`status >= 400`, func(x *toldOf) bool { return x.number("status") >= 400 }},
	{`state != "done"`, func(x *toldOf) bool { return x.text("state") != "done" }},
	{`duration > "50ms"`, func(x *toldOf) bool { return x.number("duration_ms") > 50 }},
	{`duration_ms > 50`, func(x *toldOf) bool { return x.number("duration_ms") > 50 }},
	{`ttfb > "20ms"`, func(x *toldOf) bool { return x.number("ttfb_ms") > 20 }},
	{`ttfb_ms > 20`, func(x *toldOf) bool { return x.number("ttfb_ms") > 20 }},
	{`request.headers["Content-Type"] != ""`, func(x *toldOf) bool { return x.header("request", "content-type") != "" }},
	{`request.body contains "busybox"`, func(x *toldOf) bool { return strings.Contains(x.text("request", "body"), "busybox") }},
	{`request.json.Image == "busybox"`, func(x *toldOf) bool { return strings.Contains(x.text("request", "body"), `"Image":"busybox"`) }},
	{`request.bytes > 100`, func(x *toldOf) bool { return x.number("request", "body_bytes") > 100 }},
	{`request.wire_bytes > 100`, func(x *toldOf) bool { return x.number("request", "wire_bytes") > 100 }},
	{`response.headers["api-version"] != ""`, func(x *toldOf) bool { return x.header("response", "Api-Version") != "" }},
	{`response.body contains "No such"`, func(x *toldOf) bool { return strings.Contains(x.text("response", "body"), "No such") }},
	{`response.json.message != nil`, func(x *toldOf) bool { return strings.Contains(x.text("response", "body"), `"message":`) }},
	{`response.bytes > 1000`, func(x *toldOf) bool { return x.number("response", "body_bytes") > 1000 }},
	{`response.wire_bytes > 1000`, func(x *toldOf) bool { return x.number("response", "wire_bytes") > 1000 }},
	{`stdout != ""`, func(x *toldOf) bool { return x.said("stdout") != "" }},
	{`stderr contains "to"`, func(x *toldOf) bool { return strings.Contains(x.said("stderr"), "to") }},
	{`text contains "hello"`, func(x *toldOf) bool { return strings.Contains(x.said(""), "hello") }},
	{`len(frames) > 2`, func(x *toldOf) bool { return len(x.messages) > 2 }},
	{`len(anomalies) > 0`, func(x *toldOf) bool { return x.get("anomalies") != nil }},
	{`upgrade == "tcp"`, func(x *toldOf) bool { return x.text("upgrade") == "tcp" }},
	{`conn == 4`, func(x *toldOf) bool { return x.number("conn") == 4 }},
	{`tls.version + tls.cipher + tls.server_name + tls.alpn + tls.client + tls.server == ""`, every}, // see TestFilterTLS
	{`client.pid > 0`, func(x *toldOf) bool { return x.number("client", "pid") > 0 }},
	{`client.uid >= 0`, func(x *toldOf) bool { return x.get("client", "uid") != nil }},
	{`client.name contains "socktrace"`, func(x *toldOf) bool { return strings.Contains(x.text("client", "name"), "socktrace") }},
}

// keysOf returns which exchanges there are.
func keysOf(all map[string]*toldOf, holds func(*toldOf) bool) (keys []string) {
	for key, x := range all {
		if x.x != nil && holds(x) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func every(*toldOf) bool { return true }

// TestFilterRecordings reads each recording of one trace with an expression for each
// field: it shows those exchanges whole for which that holds, and no others.
func TestFilterRecordings(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, r.flags()...)...).end().status, "exit status 0")
	for _, name := range filter.Names() {
		tested := slices.ContainsFunc(filtered, func(f struct {
			text  string
			holds func(x *toldOf) bool
		}) bool {
			return strings.Contains(f.text, name)
		})
		if !tested {
			t.Errorf("%s is not tested", name)
		}
	}
	for _, file := range []string{r.live, r.har, r.pcapng} {
		all := readTold(t, socktrace(t, nil, "read", "-f", "jsonl", file).end().out)
		for _, f := range filtered {
			got := socktrace(t, nil, "read", "-f", "jsonl", "--filter", f.text, file).end()
			what := filepath.Ext(file) + ": " + f.text
			if got.status != "exit status 0" {
				t.Errorf("%s: %s: %s", what, got.status, got.err)
			}
			shown := readTold(t, got.out)
			check(t, what, fmt.Sprint(keysOf(shown, every)), fmt.Sprint(keysOf(all, f.holds)))
			for key, x := range shown {
				if x.x == nil || len(x.messages) != len(all[key].messages) {
					t.Errorf("%s: of %s there are %d messages of %d", what, key, len(x.messages), len(all[key].messages))
				}
			}
		}
	}
}

// TestFilterTasks asks what people ask.
func TestFilterTasks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	check(t, "status", socktrace(t, nil, "demo", "-f", "jsonl", "-o", file).end().status, "exit status 0")
	all := readTold(t, readFile(t, file))
	for flags, holds := range map[string]func(*toldOf) bool{
		"--op Container*": func(x *toldOf) bool { return strings.HasPrefix(x.text("operation"), "Container") },
		"--op systemping,*LIST": func(x *toldOf) bool {
			return x.text("operation") == "SystemPing" || strings.HasSuffix(x.text("operation"), "List")
		},
		"--grep busybox": func(x *toldOf) bool {
			return strings.Contains(fmt.Sprint(x.x)+x.said(""), "busybox")
		},
		"--op Container*e* --filter method!='POST' --slower 1ms": func(x *toldOf) bool {
			is := strings.Contains(strings.TrimPrefix(x.text("operation"), "Container"), "e")
			return is && strings.HasPrefix(x.text("operation"), "Container") && x.text("method") != "POST" && x.number("duration_ms") > 1
		},
		"--errors=false": every,
	} {
		got := socktrace(t, nil, append(append([]string{"read", "-f", "jsonl"}, strings.Fields(flags)...), file)...).end()
		check(t, flags+": status", got.status+got.err, "exit status 0")
		check(t, flags, fmt.Sprint(keysOf(readTold(t, got.out), every)), fmt.Sprint(keysOf(all, holds)))
	}
	waits := func(x *toldOf) bool {
		return x.get("upgrade") != nil || strings.Contains(x.text("target"), "follow=1") || slices.Contains([]string{"ContainerWait", "SystemEvents"}, x.text("operation"))
	}
	long := func(x *toldOf) bool { return x.number("duration_ms") > 50 }
	got := socktrace(t, nil, "read", "-f", "jsonl", "--slower", "50ms", file).end()
	check(t, "--slower", fmt.Sprint(keysOf(readTold(t, got.out), every)), fmt.Sprint(keysOf(all, func(x *toldOf) bool { return long(x) && !waits(x) })))
	waited := len(keysOf(all, func(x *toldOf) bool { return long(x) && waits(x) }))
	check(t, "--slower says", got.err, fmt.Sprintf("socktrace: %d that only waited left out (--filter 'duration > \"50ms\"' shows them)\n", waited))
	failed := readTold(t, socktrace(t, nil, "read", "-f", "jsonl", "--errors", file).end().out)
	bad := keysOf(all, func(x *toldOf) bool { return x.number("status") >= 400 })
	for _, key := range bad {
		if failed[key] == nil {
			t.Errorf("--errors: %s is not shown", key)
		}
	}
	if good := keysOf(failed, func(x *toldOf) bool { return x.text("state") == "done" && x.number("status") < 400 }); len(bad) == 0 || len(good) > 0 {
		t.Errorf("--errors: shows %v, and %d have failed", good, len(bad))
	}
	touched := keysOf(readTold(t, socktrace(t, nil, "read", "-f", "jsonl", "--container", "demo", file).end().out), every)
	for _, key := range keysOf(all, func(x *toldOf) bool { return strings.Contains(x.text("target"), "demo") }) {
		if !slices.Contains(touched, key) {
			t.Errorf("--container: %s is not shown", key)
		}
	}
	if len(touched) < 4 || len(touched) == len(all) {
		t.Errorf("--container shows %d of %d", len(touched), len(all))
	}
}

// TestFilterOutputs has every output but pcapng be filtered, and counts.
func TestFilterOutputs(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	got := socktrace(t, nil, "demo", "-q", "--filter", "status == 201", "--har", r.har, "--pcapng", r.pcapng).end()
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "1 of 18 exchanges shown") || !strings.Contains(got.err, "trace.har: 1 ") {
		t.Errorf("says %s", got.err)
	}
	check(t, "the HAR has", len(readTold(t, socktrace(t, nil, "read", "-f", "jsonl", r.har).end().out)), 1)
	check(t, "the pcapng has", len(readTold(t, socktrace(t, nil, "read", "-f", "jsonl", r.pcapng).end().out)), 18)
	counted := socktrace(t, nil, "read", "-q", "--filter", `operation == "ContainerInspect"`, r.pcapng).end()
	if !strings.Contains(counted.err, " 1 of 18 exchanges shown") {
		t.Errorf("counts %s", counted.err)
	}
	for _, format := range []string{"text", "compact"} {
		got := socktrace(t, nil, "read", "-f", format, "--filter", "false", r.pcapng).end()
		if lines := strings.Split(strings.TrimSpace(got.out), "\n"); !strings.Contains(lines[0], "0 of 18 exchanges shown") {
			t.Errorf("%s shows %s", format, tail(got.out))
		}
	}
}

// TestFilterLive shows what can be decided while it runs, and nothing else.
func TestFilterLive(t *testing.T) {
	t.Parallel()
	answer := make(chan bool)
	daemon := fakeDaemon(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, len(pingRequest)))
		<-answer
		_, _ = io.WriteString(c, pingResponse)
		_, _ = io.Copy(io.Discard, c)
	})
	early := listenTo(t, daemon, "-f", "jsonl", "--filter", `method == "GET" and path == "/_ping"`)
	late := listenTo(t, daemon, "-f", "jsonl", "--filter", `method == "GET" and status == 200`)
	hidden := listenTo(t, daemon, "-f", "jsonl", "--filter", `method == "POST" or status == 500`)
	for _, l := range []*listener{early, late, hidden} {
		c := l.dial()
		if _, err := io.WriteString(c, pingRequest); err != nil {
			t.Fatal(err)
		}
		if l == early {
			await(t, "the request", func() bool { return strings.Contains(l.saved(), `"event":"request"`) })
		}
		check(t, "shown before", strings.Contains(l.saved(), `"event":"request"`), l == early)
		answer <- true
		if _, err := io.ReadFull(c, make([]byte, len(pingResponse))); err != nil {
			t.Fatal(err)
		}
		c.Close()
		check(t, "status", l.stop(os.Interrupt).status, "exit status 0")
	}
	events := func(l *listener) (all string) {
		for line := range strings.Lines(l.saved()) {
			var ev struct{ Event string }
			if err := json.Unmarshal([]byte(line), &ev); err != nil {
				t.Error(err)
			}
			all += ev.Event + " "
		}
		return all
	}
	for _, l := range []*listener{early, late} {
		if !strings.HasPrefix(events(l), "open request response message body exchange ") {
			t.Errorf("shows %s", events(l))
		}
	}
	check(t, "what is hidden", events(hidden), "")
}

// TestFilterFlags refuses what is no filter, before anything starts, in one message
// that points at the place.
func TestFilterFlags(t *testing.T) {
	long := strings.Repeat("status == 1 or ", 20)
	for _, c := range []struct{ flag, want string }{
		{`--filter=statuss >= 400`, "--filter: unknown name statuss: did you mean status?\n  statuss >= 400\n  ^"},
		{"--filter=left or\n\tmethod == GET", "--filter: unknown name GET (text stands in quotes: \"GET\")\n  \\tmethod == GET\n              ^"},
		{`--filter=method == "é" and x == 1`, "--filter: unknown name x (text stands in quotes: \"x\")\n  method == \"é\" and x == 1\n                    ^"},
		{"--filter=" + long + "x\x1b or " + long, "--filter: unrecognized character: U+001B\n  " + long[len(long)-59:] + "x\\e or " + long[:55] + "\n  " + strings.Repeat(" ", 60) + "^"},
		{`--filter=`, "--filter: an empty expression"},
		{`--filter=status`, "--filter: it is a number, not a condition: compare it with something"},
		{`--slower=-1s`, "--slower: -1s: a time is not negative"},
		{`--op=Contianer*`, `--op: "Contianer*": no operation is called so: did you mean Container*?`},
		{`--op=`, `--op: no name of an operation`},
		{`--container=`, "--container: an empty text"},
		{`--container=/`, "--container: an empty text"},
		{`--grep=`, "--grep: an empty text"},
	} {
		got := socktrace(t, nil, "demo", c.flag).end()
		check(t, c.flag, got.err, "socktrace: "+strings.ReplaceAll(c.want, "\n", "\nsocktrace: ")+"\n")
		check(t, c.flag+": status", got.status+got.out, "exit status 2")
	}
}

// TestFilterCompletion names operations behind --op.
func TestFilterCompletion(t *testing.T) {
	got := socktrace(t, nil, "__complete", "read", "--op", "ImagePull*,ContainerL").end()
	checkLines(t, "completion", got.out, "ImagePull*,ContainerList\nImagePull*,ContainerListLibpod\nImagePull*,ContainerLogs\nImagePull*,ContainerLogsLibpod\n:6\n")
}

// TestFilterOrder shows the second of two pipelined requests before the first, which
// is decided later: recordings of that say the same.
func TestFilterOrder(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 2*len(pingRequest)))
		_, _ = io.WriteString(c, pingResponse+pingResponse)
		_, _ = io.Copy(io.Discard, c)
	})
	file := filepath.Join(t.TempDir(), "trace.har")
	l := listenTo(t, daemon, "-f", "jsonl", "--har", file, "--filter", `path == "/ping2" or status == 200`)
	c := l.dial()
	if _, err := io.WriteString(c, pingRequest+strings.Replace(pingRequest, "/_ping", "/ping2", 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 2*len(pingResponse))); err != nil {
		t.Fatal(err)
	}
	c.Close()
	await(t, "the end", func() bool { return strings.Contains(l.saved(), `"event":"close"`) })
	check(t, "status", l.stop(os.Interrupt).status, "exit status 0")
	targets := func(lines string) (all []string) {
		for key, x := range readTold(t, lines) {
			all = append(all, fmt.Sprint(key, " ", x.text("method"), x.text("target"), x.number("status"), x.text("state")))
		}
		slices.Sort(all)
		return all
	}
	if first, second := strings.Index(l.saved(), `"/ping2"`), strings.Index(l.saved(), `"/_ping"`); first > second || first < 0 {
		t.Errorf("shows %s", l.saved())
	}
	want := "[1.1 GET/_ping200done 1.2 GET/ping2200done]"
	check(t, "live", fmt.Sprint(targets(l.saved())), want)
	for _, f := range []string{l.file, file} {
		check(t, filepath.Base(f), fmt.Sprint(targets(socktrace(t, nil, "read", "-f", "jsonl", f).end().out)), want)
	}
}
