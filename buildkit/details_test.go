package buildkit

import (
	"fmt"
	"strings"
	"testing"
)

func TestDetails(t *testing.T) {
	const kit = `{"@type":"github.com/moby/buildkit/errdefs.`
	solve := func(value string) string { return kit + `Solve+json","value":` + value + `}` }
	source := func(value string) string { return kit + `Source+json","value":` + value + `}` }
	const vertex = kit + `Vertex+json","value":{"digest":"sha256:ab"}}`
	for _, c := range []struct{ name, details, want string }{
		{"a step by its name", vertex + "," + solve(`{"op":{"exec":{"meta":{"args":["false"]}}},"description":{"llb.customname":"[2/2] RUN false"}}`), "step [2/2] RUN false"},
		{"a step by what it does", solve(`{"op":{"exec":{"meta":{"args":["sh","-c","false"]}}}}`) + "," + vertex, "step exec sh -c false"},
		{"a step by its digest", vertex, "step sha256:ab"},
		{"a step of which nothing is known", solve(`{"inputIDs":["a"]}`) + "," + vertex, `detail errdefs.Solve+json {"value":{"inputIDs":["a"]}}; step sha256:ab`},
		{"a line", source(`{"info":{"filename":"Dockerfile","data":"FROM a\r\nRUN b\r\n"},"ranges":[{"start":{"line":2},"end":{"line":2}}]}`), "source Dockerfile:2  RUN b"},
		{"lines", source(`{"info":{"filename":"D","data":"FROM a\nRUN b\\\n c"},"ranges":[{"start":{"line":2},"end":{"line":3}},{"start":{"line":1}}]}`), `source D:2  RUN b\; source D:3   c; source D:1  FROM a`},
		{"lines that are not there", source(`{"info":{"filename":"D","data":"a"},"ranges":[{"start":{"line":-1},"end":{"line":2}},{}]}`), "source D:1  a; source D:2"},
		{"more lines than anybody reads", source(`{"info":{"filename":"D","data":""},"ranges":[{"start":{"line":1},"end":{"line":2000000000}}]}`), "source D:1  ; source D:2; source D:3; source D:4; source D:5; source D:6; source D:7; source D:8"},
		{"no source", source(`{"ranges":[]}`), `detail errdefs.Source+json {"value":{"ranges":[]}}`},
		{"for debuggers", `{"@type":"github.com/moby/buildkit/stack.Stack+json","value":{"frames":[]}}`, ""},
		{"of others", `{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}`, `detail google.rpc.RetryInfo {"retryDelay":"1s"}`},
		{"of nobody", `{"@type":"a/b.C"},{"x":1},5`, `detail b.C {}; detail  {"x":1}; detail  5`},
		{"the step's name of another type", `{"@type":"a/b.C","value":{"description":{"llb.customname":"x"}}}`, `detail b.C {"value":{"description":{"llb.customname":"x"}}}`},
		{"of a type with a comma", `{"@type":"a,b"}`, "detail a,b {}"},
		{"with a value of another kind", kit + `Vertex+json","value":7}`, `detail errdefs.Vertex+json {"value":7}`},
		{"nothing", "", ""},
	} {
		var got []string
		for _, l := range Details([]byte(`{"code":2,"message":"no","details":[` + c.details + `]}`)) {
			if !l.Bad {
				t.Errorf("%s: %+v is not bad", c.name, l)
			}
			got = append(got, fmt.Sprintf("%s %s", l.Label, l.Text))
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
	if got := Details([]byte("[")); got != nil {
		t.Errorf("no JSON: got %v", got)
	}
}
