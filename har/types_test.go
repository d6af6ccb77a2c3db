package har_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/socktrace/socktrace/har"
)

// odd are documents whose parts are missing, of the wrong type, or unknown.
var odd = []string{
	`{"log":{}}`,
	`{"log":{"version":1.2,"creator":null,"entries":[],"_x":{"b":[1,2]}},"y":null}`,
	`{"log":{"pages":null,"browser":{"name":"b","version":"1","_v":1},"entries":[{"connection":5,"time":1e400,"timings":{"send":null,"blocked":0,"_blocked_queueing":1.5}}]}}`,
	`{"log":{"entries":[{"request":{"headers":[{"name":"a","value":null},{"name":"b","_line":"x"}],"postData":{"params":[],"encoding":"base64"},"bodySize":1.5,"cookies":[null]}}]}}`,
	`{"log":{"entries":[{"response":{"content":{"size":-1,"text":"","mimeType":"a\"\\\u00e9\ud800"},"cookies":[{"httpOnly":false,"secure":true,"expires":null}]},"cache":{"beforeRequest":null,"afterRequest":{"hitCount":0}}}]}}`,
	`{"log":{"entries":[{"startedDateTime":"a","startedDateTime":5}],"entries":[{"comment":""}]}}`,
	`{"log":{"entries":[{"time":null,"request":{"headersSize":null},"timings":{"wait":null}}]}}`,
	"{\"log\" : {\"comment\":\"\\u2028<>&\"\t, \"entries\" :[ ] } }",
}

// FuzzTypes checks that reading and writing a document loses nothing, and that
// doing so again changes nothing.
func FuzzTypes(f *testing.F) {
	for _, s := range odd {
		f.Add([]byte(s))
	}
	for _, s := range sessions(f, 70) {
		if doc := record(f, s.events, har.Options{}); len(doc) < 8<<10 {
			f.Add(doc)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var h har.HAR
		h.UnmarshalJSON(doc) // whatever it is, it must not panic
		if json.Unmarshal(doc, &h) != nil {
			return
		}
		printed, err := json.Marshal(h)
		if err != nil {
			t.Fatalf("%v of %s", err, doc)
		}
		var before, after any
		if json.Unmarshal(doc, &before) != nil {
			return // a number that encoding/json cannot hold
		}
		if err := json.Unmarshal(printed, &after); err != nil {
			t.Fatalf("%v in %s", err, printed)
		}
		if !within(before, after) {
			t.Errorf("lost something:\n%s\n%s", doc, printed)
		}
		var again har.HAR
		if err := json.Unmarshal(printed, &again); err != nil {
			t.Fatal(err)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(printed) {
			t.Errorf("%v: written twice:\n%s\n%s", err, printed, twice)
		}
	})
}

// within says whether all that is in a is in b.
func within(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		m, ok := b.(map[string]any)
		for name, v := range a {
			if w, there := m[name]; !ok || !there || !within(v, w) {
				return false
			}
		}
		return ok
	case []any:
		l, ok := b.([]any)
		if !ok || len(l) != len(a) {
			return false
		}
		for i := range a {
			if !within(a[i], l[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// TestTypes checks that the types know what a Writer writes.
func TestTypes(t *testing.T) {
	evs := exchangeEvents(dockerConn(1), 1)
	e := parse(t, record(t, evs, har.Options{Version: "1.2.3"})).Log.Entries[0]
	if e.Request.URL != "http://api.moby.localhost/v1.41/containers/create?name=web" || e.Time != 5 || e.Timings.Wait != 5 ||
		e.Request.PostData.Text != `{"Image":"busybox","Cmd":["echo","hello world"]}` || e.Response.Status != 201 ||
		e.Comment != "ContainerCreate" || e.Request.QueryString[0].Value != "web" || e.Extra.String("_resourceType") != "fetch" {
		t.Errorf("%+v", e)
	}
}
