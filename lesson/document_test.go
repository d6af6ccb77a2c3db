package lesson

import (
	"strings"
	"testing"
)

func TestLaidOut(t *testing.T) {
	for _, test := range []struct {
		doc, want string
		left      int
	}{
		{`{"a":1,"b":null,"c":"","d":{},"e":[0,""],"f":{"g":false}}`, "{\n  \"a\": 1\n}", 5},
		{`[]`, `[]`, 0},
		{`{"a":null}`, `{}`, 1},
		{` "x" `, `"x"`, 0},
		{`{"Cmd":["sh","-c","echo hi"],"Image":"busybox"}`, `{"Cmd":["sh","-c","echo hi"],"Image":"busybox"}`, 0},
		{`{"a":{"b":1,"b":1.50}}`, "{\n  \"a\": {\"b\":1,\"b\":1.50}\n}", 0},
		{`[0,1]`, `[0,1]`, 0},
		{`{"a":"` + strings.Repeat("x", 300) + `"}`, "{\n  \"a\": \"" + strings.Repeat("x", 238) + "…\"\n}", 0},
	} {
		got, left, ok := laidOut([]byte(test.doc))
		if !ok || got != test.want || left != test.left {
			t.Errorf("%s: got %s, %d, %v; want %s, %d", test.doc, got, left, ok, test.want, test.left)
		}
	}
	for _, doc := range []string{"", "{", `{"a":1} {}`, "\x00"} {
		if got, _, ok := laidOut([]byte(doc)); ok {
			t.Errorf("%q: got %s", doc, got)
		}
	}
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	if got, _, _ := laidOut([]byte(deep)); len(got) > 20_000 {
		t.Errorf("%d bytes of what is nested", len(got))
	}
}
