package body

import (
	"encoding/json"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// FuzzDocuments compares what is read of documents with encoding/json.
func FuzzDocuments(f *testing.F) {
	for _, s := range []string{
		`{"Id":"a","Name":"/b","Config":{"Tty":true}}`,
		`{ "Tty" : false , "tty":null,"TTY":true}`,
		`{"\u0054ty":true,"Id":"\u00e9\"\\","NAME":"\ud800","id":null}`,
		`{"Config":{"Tty":true},"Config":{},"Config":null,"x":[{"Tty":1}," ]}\"{"]}`,
		`{"Config":{"Tty":1}}`, `{"Config":[],"Id":7}`, `{"Id":"a` + "\xff" + `","Tty":"true"}`,
		`{}`, `{"":{}}`, `{"a":-1.5e+3,"Tty":true}`, `{"Tty":true`, `{"Tty":true}}`, `{"Tty"`, `{"Tty":`, `{,"Tty":true}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if len(doc) > 4<<10 {
			t.Skip("too long to be worth a try")
		}
		var create struct{ Tty *bool }
		var created struct {
			ID string `json:"Id"`
		}
		var inspect struct {
			ID     string `json:"Id"`
			Name   string
			Config struct{ Tty *bool }
		}
		gotCreate := ttyUnknown
		createOK := gotCreate.read(doc)
		gotID, createdOK := readID(doc)
		gotInspect, inspectOK := readInspect(doc)
		if !json.Valid(doc) || !isObject(doc) {
			return // harmless is enough
		}
		if err := json.Unmarshal(doc, &create); (err == nil) != createOK || createOK && gotCreate != ttyOf(create.Tty) {
			t.Errorf("%q: Tty %v, %t; encoding/json: %v, %v", doc, gotCreate, createOK, ttyOf(create.Tty), err)
		}
		if err := json.Unmarshal(doc, &created); (err == nil) != createdOK || createdOK && string(gotID) != created.ID {
			t.Errorf("%q: Id %q, %t; encoding/json: %q, %v", doc, gotID, createdOK, created.ID, err)
		}
		err := json.Unmarshal(doc, &inspect)
		if (err == nil) != inspectOK {
			t.Errorf("%q: %t; encoding/json: %v", doc, inspectOK, err)
		}
		if v := gotInspect; inspectOK && (string(v.id) != inspect.ID || string(v.name) != inspect.Name || v.tty != ttyOf(inspect.Config.Tty)) {
			t.Errorf("%q: got %q, %q, %v; encoding/json: %+v", doc, v.id, v.name, v.tty, inspect)
		}
	})
}

// TestLearn remembers what documents say of terminals, and only what they say.
func TestLearn(t *testing.T) {
	e := &Env{Terminals: NewTerminals()}
	learn := func(method, path string, docs ...string) { // of both directions
		x := &Exchange{env: e}
		x.Call, _ = dockerapi.Match(method, path)
		for dir, doc := range docs {
			if doc != "" {
				x.learn(wire.Dir(dir), []byte(doc))
			}
		}
	}
	const inspect, create, exec = "/v1.41/containers/x/json", "/v1.41/containers/create", "/v1.41/containers/x/exec"
	for _, c := range []struct {
		method, path, asked, told string
		name                      string
		want                      tty
	}{
		{"GET", inspect, "", `{"Id":"a","Name":"/web","Config":{"Tty":true}}`, "a", ttyOne},
		{"GET", inspect, "", `{"Id":"a"}`, "web", ttyOne},
		{"GET", inspect, "", `{"Id":"a"}`, "a", ttyOne},
		{"GET", inspect, "", `{"Id":"a","Name":7,"Config":{"Tty":false}}`, "a", ttyOne},
		{"GET", inspect, `{"Id":"a","Config":{"Tty":false}}`, "", "a", ttyOne},
		{"GET", inspect, "", `{"Id":"a","Name":"b","Config":{"Tty":false}}`, "a", ttyNone},
		{"GET", inspect, "", `{"Id":"a"}`, "b", ttyNone},
		{"POST", create, `{"Tty":true}`, `{"Id":"c"}`, "c", ttyOne},
		{"POST", create, `{"Tty":false}`, `{"Id":"d"}`, "d", ttyNone},
		{"POST", exec, `{"Tty":true}`, `{"Id":"e"}`, "e", ttyOne},
		{"POST", create, `{}`, `{"Id":"f"}`, "f", ttyUnknown},
		{"POST", create, `{"Tty":1}`, `{"Id":"g"}`, "g", ttyUnknown},
		{"POST", create, `{"Tty":true}`, `{"Id":7}`, "7", ttyUnknown},
		{"POST", create, `{"Tty":true}`, `[]`, "", ttyUnknown},
		{"POST", create, `{}`, `{"Id":"c"}`, "c", ttyOne},
		{"GET", "/v1.41/images/x/json", `{"Tty":true}`, `{"Id":"h","Config":{"Tty":true}}`, "h", ttyUnknown},
	} {
		if learn(c.method, c.path, c.asked, c.told); e.Terminals.tty(c.name) != c.want {
			t.Errorf("%s %s %s %s: %s has %d, want %d", c.method, c.path, c.asked, c.told, c.name, e.Terminals.tty(c.name), c.want)
		}
	}
	if isObject(nil) || !isObject([]byte("{")) {
		t.Error("nothing is an object")
	}
}

func ttyOf(b *bool) tty {
	switch {
	case b == nil:
		return ttyUnknown
	case *b:
		return ttyOne
	}
	return ttyNone
}

func TestReadingDocumentsDoesNotAllocate(t *testing.T) {
	doc := []byte(`{"Id":"abc","Created":"x","State":{"Pid":1},"Name":"/web","Config":{"Hostname":"","Tty":true}}`)
	n := testing.AllocsPerRun(100, func() {
		if v, ok := readInspect(doc); !ok || v.tty != ttyOne {
			t.Errorf("got %+v, %t", v, ok)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations; want 0", n)
	}
}
