package jsontext

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

// FuzzMembers compares what is in objects and arrays with encoding/json.
func FuzzMembers(f *testing.F) {
	for _, s := range append(texts, `{"a":1,"a":{"b":[2]},"\u0041":"}","":null}`, `[0,"]",[1,{}],{"a":[]}, true]`, `{,"a":1}`, `{"a":}`, `{"a":1]`) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		var got []string
		for name, value := range Members(b) {
			got = append(got, string(name), string(value))
		}
		for value := range Elements(b) {
			got = append(got, string(value))
		}
		if want, ok := inside(t, b); ok && !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", b, got, want)
		}
	})
}

// inside returns the names and values in an object, or the values in an array;
// false if b is not valid.
func inside(t *testing.T, b []byte) (all []string, ok bool) {
	t.Helper()
	if !json.Valid(b) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if first, _ := d.Token(); first != json.Delim('{') && first != json.Delim('[') {
		return nil, true
	}
	object := bytes.TrimLeft(b, Separators)[0] == '{'
	for d.More() {
		if object {
			before := d.InputOffset()
			if _, err := d.Token(); err != nil {
				t.Fatal(err)
			}
			name := b[before:d.InputOffset()]
			all = append(all, string(bytes.TrimLeft(name, ","+Separators)))
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(v))
	}
	return all, true
}

// TestMembersStop goes no further than asked.
func TestMembersStop(t *testing.T) {
	n := 0
	for range Members([]byte(`{"a":1,"b":2}`)) {
		n++
		break
	}
	for range Elements([]byte(`[1,2]`)) {
		n++
		break
	}
	if n != 2 {
		t.Errorf("saw %d values; want 2", n)
	}
}

func BenchmarkMembers(b *testing.B) {
	doc := []byte(`{"Id":"abc","Created":"x","State":{"Pid":1,"Error":""},"Name":"/web","Config":{"Hostname":"","Tty":true}}`)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for name := range Members(doc) {
			if Named(name, "Name") {
				n++
			}
		}
		if n != 1 {
			b.Fatal(n)
		}
	}
}
