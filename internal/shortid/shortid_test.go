package shortid

import (
	"strings"
	"testing"
)

const id = "289e72570a23e6dd0b21e4aa9e6b75980c0b5a54bd9f12538259480d70ca9d79"

// TestCut cuts what has as many digits as an id, and nothing else.
func TestCut(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "abc": "abc", id: "289e72570a23…", id[1:]: id[1:], id + "0": id + "0", id + "g": "289e72570a23…g", "g" + id: "g289e72570a23…",
		id + "/" + id: "289e72570a23…/289e72570a23…", "x" + id + "0/" + id: "x" + id + "0/289e72570a23…", strings.ToUpper(id): strings.ToUpper(id),
		id[1:] + "/" + id: id[1:] + "/289e72570a23…", "/:`@" + id + "{}": "/:`@289e72570a23…{}",
	} {
		if got := string(Cut([]byte(in), "…")); got != want {
			t.Errorf("%s: got %s", in, got)
		}
		if got := CutString(in, "…"); got != want {
			t.Errorf("%s: got %s as a string", in, got)
		}
	}
	for in, want := range map[string]string{id: "289e72570a23", "sha256:" + id: "289e72570a23", "sha512:" + id: "sha512:" + id, id[1:]: id[1:], id[1:] + "x": id[1:] + "x", "web": "web", "": ""} {
		if got := Of(in); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

// TestAppend: an id is so many digits, neither more nor fewer.
func TestAppend(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "x": "x", id: "289e72…", id[1:]: id[1:], id + "0": id + "0", id + "," + id: "289e72…,289e72…", "sha256:" + id + "/": "sha256:289e72…/", "a" + id: "a" + id,
		strings.ToUpper(id): strings.ToUpper(id), id[:63] + "/" + id: id[:63] + "/289e72…", id[:63] + "é": id[:63] + "é",
	} {
		if got := string(Append(nil, s, 6, "…")); got != want {
			t.Errorf("%s: got %s", s, got)
		}
	}
}
