package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/socktrace/socktrace/wire"
)

const schemaPath = "../docs/jsonl.schema.json"

// fullScript has every field of every event set, so that the encoder writes
// every property it can.
func fullScript() []wire.Event {
	s := &script{}
	s.open(1, 0)
	s.conn.Client.Addr = "tcp://127.0.0.1:5000"
	s.conn.Server.Process.Name = "dockerd"
	s.conn.Parent, s.conn.Via = wire.Parent{Conn: &wire.Conn{ID: 7}, Exchange: 3}, "connect"
	s.conn.Reversed = true
	cert := wire.Certificate{Subject: "CN=a", Issuer: "CN=ca", Names: []string{"a"}, NotBefore: at(0), NotAfter: at(1), Fingerprint: "sha256:" + strings.Repeat("0", 64)}
	shaken := s.meta(wire.ToClient, 0, 0.2, 0.4)
	shaken.Exchange = 1
	s.add(&wire.TLS{Meta: shaken, Peer: "server", Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", ServerName: "docker", Offered: []string{"h2"},
		Protocol: "h2", Resumed: true, Client: []wire.Certificate{cert}, Server: []wire.Certificate{cert}, Opaque: "no keys"})
	masked := []string{"request.headers.X"}
	r := s.request(1, "POST", "/x", "ImagePush", "Host: x\ncontent-type: application/grpc\ngrpc-timeout: 1500m")
	r.Masked, r.Start = masked, at(0.5)
	r.Fields[0].Line, r.Target, r.Stream, r.Scheme, r.Authority = "Host:x", "/\xff", 1, "http", "docker"
	s.response(2, 100, "Continue", "X: 1")
	res := s.response(3, 200, "OK", "X: 1")
	res.Masked, res.Start = masked, at(2.5)
	res.Fields[0].Line, res.Reason = "X:1", "\xff"
	trailer := fields("X-Sum:1\nX-Name: \xff\ngrpc-status: 5\ngrpc-message: none\ngrpc-status-details-bin: CAUSBG5vbmU")
	var bodies [2]*wire.Body
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		for kind := wire.KindRaw; kind < wire.KindCount; kind++ {
			m := s.message(4, dir, kind, "a\xff")
			m.Truncated, m.Masked, m.Start, m.Opcode, m.Missing, m.Name, m.Type = true, masked, at(3.5), 1, 1, "n\xff", "a.B"
			s.message(4, dir, kind, "cut \xc3").Truncated = true
			s.sum.Streams[kind] = wire.StreamStat{Frames: 1, Bytes: 2}
			s.message(4, dir, kind, "text é")
			s.message(4, dir, kind, `{"a": [1, "b\u0041"], "a": 1e99}`)
		}
		data := "text \xc3"
		if dir == wire.ToClient {
			data = "\xff\xfe"
		}
		b := s.body(5, dir, wire.KindBinary, 9, data)
		b.Truncated, b.Complete, b.Trailer, b.Masked, b.Start = true, false, trailer, masked, at(4)
		b.Coding, b.Digest = "gzip\xff", "sha256:"+id
		b.Files = &wire.Files{Files: 1, Others: 2, Bytes: 3, Listed: 4, Largest: "f", Most: 3, Role: "build context"}
		bodies[dir] = b
	}
	up := &wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 6, 6), Protocol: "tcp\xff", Content: wire.KindMultiplexed, Reason: "sniffed"}
	s.add(up)
	s.add(&wire.EOF{Meta: s.meta(wire.ToServer, 0, 6, 7)})
	a := &wire.Anomaly{Meta: s.meta(wire.ToServer, 0, 6, 7), Code: "gap", Detail: "d\xff", Lost: -1}
	s.add(a)
	e := s.done(9)
	e.Upgrade, e.Anomalies, e.Masked, e.State = up, []*wire.Anomaly{a}, masked, wire.StatePartial
	e.Reset = &wire.Reset{Dir: wire.ToClient, Code: 8}
	e.Said = &wire.Said{Asks: "Sends an image.", Answer: &wire.Meaning{Status: "404", Means: "None.", Raises: "docker.errors.NotFound", Prints: "Error", Try: "again"}}
	exit := int64(3)
	e.Subject = wire.Subject{Type: "exec", ID: "7180", Name: "n", Container: "web"}
	e.Details = []wire.Detail{{Name: "image", Value: "busybox"}, {Name: "cmd", Value: "ls"}}
	e.Outcome = wire.Outcome{Error: "no such container", Exit: &exit, Left: true}
	swapped := *e
	swapped.RequestBody, swapped.ResponseBody = bodies[1], bodies[0]
	s.add(&swapped)
	s.shut(10, "connection reset by peer")
	end := s.events[len(s.events)-1].(*wire.Close)
	end.Stopped, end.Story = true, &wire.Story{Name: "docker push", Requests: 2, Calls: 1, Conns: 1, Took: 2, Waited: 1, For: "for the container"}
	s.add(&wire.Dropped{Meta: s.meta(wire.ToServer, 0, 6, 7), Events: 1, Bytes: 2, Entries: true})
	return s.events
}

// bareScript has nothing set that need not be.
func bareScript() []wire.Event {
	m := wire.Meta{Conn: &wire.Conn{ID: 1, Start: began}, Exchange: 1}
	return []wire.Event{
		&wire.Open{Meta: m}, &wire.TLS{Meta: m}, &wire.Request{Meta: m}, &wire.Response{Meta: m}, &wire.Message{Meta: m, Kind: wire.KindRaw},
		&wire.Body{Meta: m}, &wire.Upgrade{Meta: m}, &wire.EOF{Meta: m}, &wire.Anomaly{Meta: m},
		&wire.Exchange{Meta: m}, &wire.Close{Meta: m}, &wire.Dropped{Events: 1},
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.FromSlash(schemaPath))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSchema(t *testing.T) {
	schema := compileSchema(t)
	all := scripts()
	all["full"], all["bare"] = fullScript(), bareScript()
	for name, events := range all {
		seen := map[string]bool{}
		for _, line := range bytes.SplitAfter(show(t, jsonLines, events), []byte("\n")) {
			if len(line) == 0 {
				continue
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
			if err != nil {
				t.Fatalf("%s: %v in %s", name, err, line)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s: %v\nin %s", name, err, line)
			}
			seen[fmt.Sprint(v.(map[string]any)["event"])] = true
		}
		if name == "full" || name == "bare" {
			if len(seen) != 12 {
				t.Errorf("%s: %d kinds of events, want 12: %v", name, len(seen), seen)
			}
		}
	}
}

// TestSchemaIsEmitted finds properties that the schema has and no event does,
// and those that docs/jsonl.md does not name.
func TestSchemaIsEmitted(t *testing.T) {
	text, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	emitted := map[string]bool{}
	for _, line := range bytes.SplitAfter(show(t, jsonLines, fullScript()), []byte("\n")) {
		var v map[string]any
		if json.Unmarshal(line, &v) == nil {
			paths(emitted, fmt.Sprint(v["event"]), v)
		}
	}
	docs, err := os.ReadFile("../docs/jsonl.md")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for event, def := range schema.Defs {
		if event == "stats" { // it is no event of the traffic: see TestStatsSchema
			continue
		}
		if props, _ := def.(map[string]any)["properties"].(map[string]any); props["event"] != nil {
			properties(want, schema.Defs, event, def)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d properties found in the schema", len(want))
	}
	for path := range want {
		// These never belong to an exchange.
		if path == "open.exchange" || path == "close.exchange" || path == "dropped.exchange" {
			continue
		}
		if !emitted[path] {
			t.Errorf("%s is in the schema, but no event has it", path)
		}
		if name := path[strings.LastIndexByte(path, '.')+1:]; !bytes.Contains(docs, []byte("`"+name+"`")) {
			t.Errorf("%s is not in docs/jsonl.md", name)
		}
	}
}

// paths collects the names of all properties in v.
func paths(into map[string]bool, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			into[at+"."+key] = true
			if key != "json" || strings.HasSuffix(at, ".streams") {
				paths(into, at+"."+key, value)
			}
		}
	case []any:
		for _, value := range v {
			paths(into, at, value)
		}
	}
}

// properties collects the names of all properties that a schema allows.
func properties(into map[string]bool, defs map[string]any, at string, schema any) {
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		properties(into, defs, at, defs[strings.TrimPrefix(ref, "#/$defs/")])
	}
	if items := s["items"]; items != nil {
		properties(into, defs, at, items)
	}
	props, _ := s["properties"].(map[string]any)
	for key, value := range props {
		into[at+"."+key] = true
		properties(into, defs, at+"."+key, value)
	}
}

func TestJSONLValues(t *testing.T) {
	message := func(kind wire.Kind, data string, truncated bool) string {
		m := &wire.Message{Kind: kind, Data: []byte(data), Size: int64(len(data)), Truncated: truncated}
		line := string(show(t, jsonLines, []wire.Event{m}))
		_, line, _ = strings.Cut(line, `"size":`)
		_, line, _ = strings.Cut(line, ",")
		return strings.TrimSuffix(line, "}\n")
	}
	for _, test := range []struct{ name, got, want string }{
		{"compacted", message(wire.KindJSON, " {\n \"a\" : [ 1.0 ,\t2E5 ] }\r\n", false), `"json":{"a":[1.0,2E5]}`},
		{"duplicates", message(wire.KindJSON, `{"a":1,"a":2}`, false), `"json":{"a":1,"a":2}`},
		{"controls in a value", message(wire.KindJSON, "\"\x7f\u009b\u202e\U000e0041é\"", false), `"json":"\u007f\u009b\u202e\udb40\udc41é"`},
		{"invalid value", message(wire.KindJSON, "{1}\x1b", false), `"text":"{1}\u001b"`},
		{"half a pair", message(wire.KindJSON, `{"\ud83d":1}`, false), `"text":"{\"\\ud83d\":1}"`},
		{"number out of range", message(wire.KindJSON, `[1e999]`, false), `"text":"[1e999]"`},
		{"value in Latin-1", message(wire.KindJSON, "\"\xe9\"", false), `"base64":"Iuki"`},
		{"text", message(wire.KindStdout, "a\"\\\n\r\t\x00\u2028", false), `"text":"a\"\\\n\r\t\u0000\u2028"`},
		{"cut in a character", message(wire.KindText, "a\xe4\xb8", true), `"text":"a","rest_base64":"5Lg=","truncated":true`},
		{"not cut", message(wire.KindText, "a\xe4\xb8", false), `"base64":"YeS4"`},
		{"empty", message(wire.KindStdin, "", false), `"text":""`},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, test.want)
		}
	}
}

// TestJSONReaders gives other readers of JSON lines what some of them refuse.
func TestJSONReaders(t *testing.T) {
	var events []wire.Event
	for _, value := range []string{
		`{"a":"\ud83d"}`, `{"\ude00":1}`, `"\ud83d\ude00"`, `"\uffff\u0000"`, `{"\u0000":"\ufffe"}`, "\"\uffff\ufdd0\"", "\"\xed\xa0\x80\"", `[1e999, 1]`, `[1]`,
		strings.Repeat("9", 5000), "0." + strings.Repeat("9", 5000), `1e-999`, strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
		strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100),
	} {
		for _, kind := range []wire.Kind{wire.KindJSON, wire.KindText, wire.KindStdout} {
			events = append(events, &wire.Message{Kind: kind, Data: []byte(value), Size: int64(len(value))})
		}
		events = append(events, &wire.Exchange{
			Request:      &wire.Request{Method: "GET", Target: value, Fields: []wire.Field{{Name: value, Value: value}}},
			ResponseBody: &wire.Body{Content: wire.KindJSON, Data: []byte(value), Complete: true},
			Response:     &wire.Response{Status: 200, Reason: value},
		})
	}
	lines := show(t, jsonLines, events)
	for _, reader := range [][]string{{"jq", "-c", ".event"}, {"python3", "-c", "import json, sys\nfor line in sys.stdin: print(json.dumps(json.loads(line)['event']))"}} {
		t.Run(reader[0], func(t *testing.T) {
			if _, err := exec.LookPath(reader[0]); err != nil {
				t.Skipf("%v: what it makes of JSON lines is not tested", err)
			}
			cmd := exec.Command(reader[0], reader[1:]...)
			cmd.Stdin = bytes.NewReader(lines)
			out, err := cmd.CombinedOutput()
			if err != nil || bytes.Count(out, []byte("\n")) != len(events) {
				t.Errorf("%v, %d of %d lines: %.500s", err, bytes.Count(out, []byte("\n")), len(events), out)
			}
		})
	}
	for line := range bytes.Lines(lines) {
		var v any
		if err := json.Unmarshal(line, &v); err != nil {
			t.Errorf("%v in %.200s", err, line)
		}
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"a": 1}`), "x\xff", true)
	f.Add([]byte("\x9b\xe4"), "\u202e", false)
	f.Fuzz(func(t *testing.T, data []byte, text string, truncated bool) {
		data, text = data[:min(len(data), maxFuzz)], text[:min(len(text), maxFuzz)]
		for _, ev := range fuzzEvents(data, text, truncated) {
			out := show(t, jsonLines, []wire.Event{ev})
			var v any
			if json.Unmarshal(out, &v) != nil || !utf8.Valid(out) || bytes.Count(out, []byte("\n")) != 1 {
				t.Errorf("%T: not one line of JSON: %q", ev, out)
			}
			if i := bytes.IndexFunc(out[:len(out)-1], func(r rune) bool { return !safe(r) }); i >= 0 {
				t.Errorf("%T: unsafe character at %d of %q", ev, i, out)
			}
		}
	})
}

func BenchmarkJSONL(b *testing.B) {
	events := runScript()
	sink := jsonLines(io.Discard)
	b.SetBytes(int64(len(show(b, jsonLines, events))))
	b.ReportAllocs()
	for b.Loop() {
		for _, ev := range events {
			sink.Event(ev, nil)
		}
	}
}
