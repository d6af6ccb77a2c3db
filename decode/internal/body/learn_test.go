package body

import (
	"encoding/json"
	"testing"
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
