package dockerapi

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// shapes are the names of shapes in testdata/operations.txt.
var shapes = [...]string{
	NoBody: "-", JSON: "json", JSONStream: "documents", Multiplexed: "multiplexed", Tar: "tar", Text: "text",
	Hijack: "hijack", WebSocket: "websocket", H2C: "h2c", Stream: "stream", Raw: "raw",
}

// traitNames are those of traits there.
var traitNames = []struct {
	trait Traits
	name  string
}{
	{Login, "login"}, {Data, "data"}, {Authz, "authz"}, {Pairs, "pairs"}, {Sealed, "sealed"}, {Input, "input"},
	{SessionParam, "session"}, {TarRequest, "tar-request"}, {TarResponse, "tar-response"}, {Hidden, "hidden"},
}

// line tells of a request what the table says of it.
func line(method, target string) string {
	c, _ := Match(method, target)
	words := []string{method, target, c.Name(), "of=" + c.Subject, shapes[c.RequestBody()], shapes[c.Response()]}
	if c.Creates() {
		words = append(words, "creates")
	}
	if c.Inspects() {
		words = append(words, "inspects")
	}
	if object := c.Op.Object(); object != "" {
		words = append(words, "on="+object)
	}
	if c.Tells()&InRequest != 0 {
		words = append(words, "asks-what")
	}
	if c.Tells()&InResponse != 0 {
		words = append(words, "tells-what")
	}
	if c.Op != nil {
		for _, t := range traitNames {
			if c.Op.traits()&t.trait != 0 {
				words = append(words, t.name)
			}
		}
	}
	return strings.Join(words, " ")
}

// TestOperations asks for every operation as clients do, with and without a
// version, and compares what is known of it with a list: a table is wrong in no
// other way than in its text.
func TestOperations(t *testing.T) {
	text, err := os.ReadFile("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[*Operation]bool)
	for want := range strings.Lines(string(text)) {
		want = strings.TrimSuffix(want, "\n")
		var method, target string
		if _, err := fmt.Sscan(want, &method, &target); err != nil {
			t.Fatalf("%v in %q", err, want)
		}
		if got := line(method, target); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		c, _ := Match(method, target)
		found[c.Op] = true
		if c.Name() == "HTTP2Preface" || c.Name() == "GRPCMethod" || c.Name() == "Options" {
			continue
		}
		for _, version := range []string{"1.0", "1.9", "1.40", "1.100", "4.0.0"} {
			if v, _ := Match(method, "/v"+version+target); v.Op != c.Op || v.Version != version || v.Subject != c.Subject {
				t.Errorf("%s /v%s%s: got %+v", method, version, target, v)
			}
		}
	}
	for _, table := range [][]Operation{operations, libpod} {
		for i := range table {
			if op := &table[i]; !found[op] {
				t.Errorf("%s %s is not in the list", op.Method, op.Path)
			}
			if op := Named(table[i].Name); op == nil || op.Name != table[i].Name {
				t.Errorf("%s is not found by its name", table[i].Name)
			}
		}
	}
	if op := Named("Nothing"); op != nil {
		t.Errorf("found %s", op.Name)
	}
}
