package wire

import "testing"

func TestFieldValue(t *testing.T) {
	fields := []Field{{Name: "Host", Value: "docker"}, {Name: "content-TYPE", Value: ""}, {Name: "HOST", Value: "other"}}
	for name, want := range map[string]struct {
		value string
		ok    bool
	}{"host": {"docker", true}, "Content-Type": {"", true}, "Hos": {}, "": {}, "Most": {}} {
		if value, ok := FieldValue(fields, name), HasField(fields, name); value != want.value || ok != want.ok {
			t.Errorf("%s: %q %t, want %q %t", name, value, ok, want.value, want.ok)
		}
	}
}

func TestMediaType(t *testing.T) {
	for v, want := range map[string]string{
		"": "", "text/plain": "text/plain", " Application/JSON ; charset=utf-8; q=\"a;b\"": "application/json", ";": "", "text/PLAIN;": "text/plain",
	} {
		if got := MediaType(v); got != want {
			t.Errorf("%q: %q, want %q", v, got, want)
		}
	}
}
