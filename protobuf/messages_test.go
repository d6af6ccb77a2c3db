package protobuf

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMessages has messages that were captured, each with its method or type, its direction
// and its bytes: all that is in them has a name.
func TestMessages(t *testing.T) {
	b, err := os.ReadFile("testdata/messages.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	s := Embedded()
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		if len(words) == 2 { // an empty one
			words = append(words, "")
		}
		msg, err := hex.DecodeString(words[2])
		if err != nil {
			t.Fatal(err)
		}
		typ := s.Named(words[0])
		if m, known := s.Method(words[0]); known {
			typ = m.TypeOf(words[1] == "<", msg)
		}
		if typ == nil {
			t.Fatalf("%s is not known", words[0])
		}
		doc, info := s.AppendJSON(nil, typ, msg, Limits{})
		if info != (Info{}) || !json.Valid(doc) {
			t.Errorf("%s %s: %+v", words[0], words[1], info)
		}
		fmt.Fprintf(&out, "%s %s %s %s\n", words[0], words[1], typ.Name(), doc)
	}
	const golden = "testdata/messages.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the messages differ from %s (-update writes it anew):\n%s", golden, out.String())
	}
}
