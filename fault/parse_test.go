package fault

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// TestParse reads every kind of rule.
func TestParse(t *testing.T) {
	for text, want := range map[string]Rule{
		`ContainerStart: 500 "no space left" x2`: {Which: "ContainerStart", Times: 2, Share: 1,
			Action: Action{Kind: Answer, Status: 500, Message: "no space left", Rule: "ContainerStart: 500"}},
		`ContainerStart:500`: {Which: "ContainerStart", Share: 1,
			Action: Action{Kind: Answer, Status: 500, Message: "internal server error", Rule: "ContainerStart: 500"}},
		`Image*: 599 skip 3 x1 30%`: {Which: "Image*", Times: 1, Skip: 3, Share: 0.3,
			Action: Action{Kind: Answer, Status: 599, Message: "a fault on purpose", Rule: "Image*: 599"}},
		` /images/a:b/json: delay 1.5s `: {Which: "/images/a:b/json", Share: 1,
			Action: Action{Kind: Delay, Delay: 1500 * time.Millisecond, Rule: "/images/a:b/json: delay 1.5s"}},
		`/containers/*/start: cut after 1kB 0.5%`: {Which: "/containers/*/start", Share: 0.005,
			Action: Action{Kind: Cut, After: 1024, Rule: "/containers/*/start: cut after 1k"}},
		`ContainerLogs: cut after 0`: {Which: "ContainerLogs", Share: 1,
			Action: Action{Kind: Cut, Rule: "ContainerLogs: cut after 0"}},
		`(method == "POST" and path contains ")"): reset`: {Which: `(method == "POST" and path contains ")")`, Share: 1,
			Action: Action{Kind: Reset, Rule: `(method == "POST" and path contains ")"): reset`}},
		`'client.uid == 0 ? true : false': stall x1`: {Which: `'client.uid == 0 ? true : false'`, Times: 1, Share: 1,
			Action: Action{Kind: Stall, Rule: `'client.uid == 0 ? true : false': stall`}},
		`ContainerList: 503 "say \"no\"\n"x7`: {Which: "ContainerList", Times: 7, Share: 1,
			Action: Action{Kind: Answer, Status: 503, Message: "say \"no\"\n", Rule: "ContainerList: 503"}},
	} {
		r, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := Rule{Which: r.Which, Action: r.Action, Times: r.Times, Skip: r.Skip, Share: r.Share}
		want.Text = ""
		if got.Which != want.Which || got.Action != want.Action || got.Times != want.Times || got.Skip != want.Skip || got.Share != want.Share {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
		if r.Text != strings.TrimSpace(text) {
			t.Errorf("%s: its text is %q", text, r.Text)
		}
	}
}

// TestParseRefuses: what makes no sense is refused, and it is said what was probably meant.
func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "an empty rule",
		"  ":                                     "an empty rule",
		"ContainerStart":                         "it has no colon",
		"ContainerStart:":                        "behind the colon stands a status",
		"ContanerStart: 500":                     "did you mean ContainerStart?",
		"docker start: reset":                    "no operation is called so",
		"Control/Solve: reset":                   "calls of gRPC are never changed",
		": 500":                                  "no operation is called so",
		"ContainerStart: 50":                     "50: not a status from 200 to 599",
		"ContainerStart: 101":                    "101: not a status from 200 to 599",
		"ContainerStart: 5e2":                    "5e2: not a status (",
		`ContainerStart: "x"`:                    "in front of a message stands a status",
		`ContainerStart: "500"`:                  "in front of a message stands a status",
		`ContainerStart: 500 "x`:                 `the quote does not end`,
		`ContainerStart: 500 "\q"`:               "not a quoted text",
		`ContainerStart: 500 "a" "b"`:            `"b": a message stands behind a status`,
		"ContainerStart: 500 no space":           "no: not one of x2, skip 3 and 30%",
		"ContainerStart: dely 2s":                "did you mean delay?",
		"ContainerStart: stal":                   "did you mean stall?",
		"ContainerStart: delay":                  "for how long?",
		"ContainerStart: delay 2":                "delay 2: not a time",
		"ContainerStart: delay -2s":              "delay -2s: not a time",
		"ContainerStart: delay x2":               "delay x2: not a time",
		"ContainerStart: cut":                    "after how much?",
		"ContainerStart: cut after":              "after how much?",
		"ContainerStart: cut behind 1kB":         "after how much?",
		"ContainerStart: cut after 1kbit":        "cut after 1kbit: not a size",
		"ContainerStart: cut after 99999999999G": "not a size",
		"ContainerStart: cut after -1":           "not a size",
		"ContainerStart: reset 2x":               "did you mean x2?",
		"ContainerStart: reset 2":                "did you mean x2?",
		"ContainerStart: reset x":                "x: not one of x2",
		"ContainerStart: reset x0":               "x0: not a number from 1",
		"ContainerStart: reset x2 x3":            "x3: that was said before",
		"ContainerStart: reset skip":             "skip: how many?",
		"ContainerStart: reset skip some":        "skip some: not a number",
		"ContainerStart: reset skp 3":            "did you mean skip?",
		"ContainerStart: reset 0%":               "0%: not a share",
		"ContainerStart: reset 101%":             "101%: not a share",
		"ContainerStart: reset NaN%":             "NaN%: not a share",
		"/containers/*/start":                    "behind the path stand a colon",
		"/containers/[/start: reset":             "not a pattern",
		"/v1.41/containers/json: reset":          "paths are without version here: /containers/json",
		"(method == 1":                           "does not end",
		"(method == 1): reset":                   "(method == 1): ",
		"(method == \"GET\") reset":              "behind the expression stands a colon",
		"(status == 500): reset":                 "does not tell status",
		"'subject.name == \"web\"': reset":       "does not tell subject.name",
		strings.Repeat("x", maxRule+1):           "a rule of 4097 bytes",
		"\xff: reset":                            "UTF-8",
	} {
		if r, err := Parse(text); err == nil {
			t.Errorf("%s: %+v", text, r)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, want %q", text, err, want)
		}
	}
}

// asks returns a request as a decoder tells it.
func asks(method, target string) *wire.Request {
	call, _ := dockerapi.Match(method, target)
	return &wire.Request{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}}, Method: method, Target: target, Version: "HTTP/1.1", Call: call.Told()}
}

// TestFits: which requests rules are about.
func TestFits(t *testing.T) {
	for _, c := range []struct{ which, method, target, want string }{
		{"ContainerStart", "POST", "/v1.51/containers/web/start", "fits"},
		{"containerstart", "POST", "/containers/web/start?x=1", "fits"},
		{"ContainerStart", "POST", "/containers/web/stop", ""},
		{"Container*", "GET", "/v1.24/containers/json", "fits"},
		{"Container*", "GET", "/images/json", ""},
		{"Container*", "GET", "/nothing", ""},
		{"/containers/*/start", "POST", "/v1.51/containers/web/start?x=/", "fits"},
		{"/containers/*/start", "POST", "http://h/v1.51/containers/web/start", "fits"},
		{"/containers/*/start", "POST", "/containers/web/x/start", ""},
		{"/containers/*/start", "POST", "/containers/web/start/", ""},
		{"/containers/**", "POST", "/containers/web/x/start", "fits"},
		{"/**/start", "POST", "/containers/web/start", "fits"},
		{"/**/a/**/b", "GET", "/x/a/a/y/b/c/b", "fits"},
		{"/**/a/**/b", "GET", "/x/y/b", ""},
		{"/images/my*/json", "GET", "/v1.51/images/mysql/json", "fits"},
		{"/", "GET", "http://h", "fits"},
		{"/v1/x", "GET", "/v1/x", "fits"},
		{`(method == "DELETE" and path startsWith "/v1.51/")`, "DELETE", "/v1.51/containers/web", "fits"},
		{`(method == "DELETE" and path startsWith "/v1.51/")`, "DELETE", "/v1.50/containers/web", ""},
		{`"query['all'] == '1'"`, "GET", "/containers/json?all=1", "fits"},
	} {
		r, err := Parse(c.which + ": reset")
		if err != nil {
			t.Errorf("%s: %v", c.which, err)
		} else if got := r.fits(asks(c.method, c.target)); got != (c.want == "fits") {
			t.Errorf("%s: %s %s: %v", c.which, c.method, c.target, got)
		}
	}
}

// FuzzParse: no text makes it panic or hang, and what it has read it reads again, with the rule
// in its own words too.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`ContainerStart: 500 "no space left" x2`, "/containers/*/start: delay 2s 30%", "(method == \"GET\"): cut after 1kB skip 3",
		"`true`: stall", "'\\'' : reset", "Image*: 404", "(((", "/:", "\"\":", "x: cut after 1k x1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		r.fits(asks("GET", "/v1.51/containers/json?all=1"))
		again, err := Parse(r.Text)
		if err != nil || again.Action != r.Action || again.Times != r.Times || again.Skip != r.Skip || again.Share != r.Share {
			t.Errorf("%q: again %+v, %v", text, again, err)
		}
		if said, err := Parse(r.Action.Rule); err != nil || said.Action.String() != r.Action.String() {
			t.Errorf("%q: its own words are %q: %v", text, r.Action.Rule, err)
		}
	})
}
