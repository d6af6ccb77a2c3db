package lesson

import (
	"strings"
	"testing"
)

func TestLaidOut(t *testing.T) {
	xs := strings.Repeat("x", 60)
	for _, test := range []struct {
		doc, want string
		left      int
	}{
		{`{"a":1,"b":null,"c":"","d":{},"e":[0,""],"f":{"g":false},"x":"` + xs + `"}`, `{"a": 1, "x": "` + xs + `"}`, 5},
		{`{"StatusCode":0,"Error":null}`, `{"StatusCode":0,"Error":null}`, 0},
		{`[]`, `[]`, 0},
		{`{"a":[{}],"b":` + strings.Repeat(" ", 9) + `"","long name of c that is empty too":"","long name of d":"","long name of e":0}`, `{}`, 5},
		{` "x" `, `"x"`, 0},
		{`{"Cmd":["sh","-c","echo hi"],"Image":"busybox"}`, `{"Cmd":["sh","-c","echo hi"],"Image":"busybox"}`, 0},
		{`{"a":{"b":1,"b":1.50}}`, `{"a":{"b":1,"b":1.50}}`, 0},
		{`{"a":{"b":1,"b":1.50,"x":"` + xs + xs + `"}}`, "{\n  \"a\": {\n    \"b\": 1,\n    \"b\": 1.50,\n    \"x\": \"" + xs + xs + "\"\n  }\n}", 0},
		{`"a\u003e\u0026b\\u003e"`, `"a>&b\\u003e"`, 0},
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
