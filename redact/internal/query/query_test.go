package query

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

func TestKind(t *testing.T) {
	given := name.NewGiven([]string{"wobble"})
	for called, want := range map[string]kind{
		"command": commands, "CMD": commands, "cmds": plain, "buildarg": plain, "sessions": plain,
		"X-Amz-Signature": secret, "db_pwd": secret, "KEY": secret, "Wobble": secret, "session": secret,
		"labels": pairs, "BuildArgs": pairs, "label": plain, "labelsx": plain, "changes": commands, "comment": commands, "Message": commands, "comments": plain, "registryAuthFrom": plain, "author": plain, "detachKeys": plain, "": plain,
	} {
		got, m := kindOf(given, []byte(called), true)
		if got != want {
			t.Errorf("%q: got %d, want %d", called, got, want)
		}
		if (m&words.Secret != 0) != (want == secret) || want != secret && m != 0 {
			t.Errorf("%q: says %b", called, m)
		}
	}
	if _, m := kindOf(given, []byte("session"), true); m != words.Secret|words.Strict {
		t.Errorf("a session: says %b", m)
	}
	if k, m := kindOf(given, []byte("session"), false); k != plain || m != 0 {
		t.Error("a session is a secret anywhere")
	}
}

// TestTarget: passwords and parameters wherever a target may have them. "*" is a
// placeholder.
// TestNames: what was masked in a target goes by where it stood; and whether that was all
// of it is told.
func TestNames(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	for in, want := range map[string]struct {
		names string
		ended bool // what of it is all of a secret, where the target may go on
	}{
		"u:QQ@h": {"x.target", true}, "/a/ghp_QQQQQQQQQQQQQQ": {"x.target", false}, "/a/ghp_QQQQQQQQQQQQQQ?a=b": {"x.target", true}, "/a/ghp_QQQQQQQQQQQQQQ#a": {"x.target", true},
		"/a?token=QQ": {"x.query.token", false}, "/a?token=QQ&a": {"x.query.token", true}, "/a?token=QQ#a": {"x.query.token", true}, "/a#token=QQ": {"x.target.token", false}, "?token=QQ&a": {"x.query.token", true},
		"#token=QQ&a": {"x.target.token", true}, "/a?b=c&ghp_QQQQQQQQQQQQQQ": {"x.query", false}, `/a?labels={"my.pin":"QQ"}&a`: {"x.query.labels", true}, "/a?b=https://u:QQ@h&c": {"x.query.b", true}, "/a?session=QQ&a": {"x.query.session", true},
		"/a?url=h://x?token=QQ;pin=QQ&a": {"x.query.url.token x.query.url.pin", true}, "/a?b=c": {"", true}, "@h": {"", true}, "u:p": {"", true}, "/u:p@h": {"", true},
	} {
		found := Target(&r, nil, []byte(in), true, true, "x").Sorted()
		if got := strings.Join(found.Names(0), " "); got != want.names {
			t.Errorf("%s: named %q", in, got)
		}
		for _, sp := range Target(&r, nil, []byte(in), true, false, "x") {
			if ended := strings.Contains(sp.With, "%23"); ended != want.ended {
				t.Errorf("%s and more: %s", in, sp.With)
			}
		}
		more := mask.Spans{{From: 0, To: 0, With: "w", Name: "n"}}
		if got := Target(&r, more, []byte(in), true, true, "x"); got[0] != more[0] {
			t.Errorf("%s: what was found before became %+v", in, got[0])
		}
	}
	for s, want := range map[string]bool{"/a": true, "": true, "?": false, "a?": false, "%": false, "@": false, "u@": false, "ghp_QQQQQQQQQQQQQQ": false, "a:b": true, "://u:p": false} {
		if got := IsPlain([]byte(s)); got != want {
			t.Errorf("%s: plain is %t", s, got)
		}
	}
}

// TestPercent takes percent-encoding apart, and what is none.
func TestPercent(t *testing.T) {
	for in, want := range map[string]struct {
		c    byte
		size int
	}{"+": {' ', 1}, "+a": {' ', 1}, "a": {'a', 1}, "%41": {'A', 3}, "%7fx": {0x7f, 3}, "%aFF": {0xaf, 3}, "%": {'%', 1}, "%4": {'%', 1}, "%4g": {'%', 1}, "%00": {0, 3}, "%0a": {'\n', 3}, "%a0": {0xa0, 3}, "%g4": {'%', 1}, "%%41": {'%', 1}} {
		if c, size := percent([]byte(in)); c != want.c || size != want.size {
			t.Errorf("%s: %q, %d", in, c, size)
		}
	}
	if got := encode("a b+%é"); got != "a%20b%2B%25%C3%A9" {
		t.Errorf("got %s", got)
	}
}

func TestTarget(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	for in, want := range map[string]string{
		"u:QQ@h:443":                   "u:*@h:443", // CONNECT
		"//u:QQ@h/x":                   "//u:*@h/x",
		"u:%5Bmasked%203%20bytes%5D@h": "u:*@h",
		"u:@h":                         "u:@h",
		"/a:b@c":                       "/a:b@c",
		"h:443":                        "h:443",
		"/commit?comment=with+DB_PASSWORD%3DQQ&changes=ENV+X_PASSWORD%3DQQ&message=mysql+-pQQ": "/commit?comment=with+DB_PASSWORD%3D*&changes=ENV+X_PASSWORD%3D*&message=mysql+-p*",
		"/x?a=//u:QQ@h/b&path=%2F%2Fu%3AQQ%40h":                                                "/x?a=//u:*@h/b&path=%2F%2Fu%3A*%40h",
		"/x/archive?path=//a/b:c/d@e":                                                          "/x/archive?path=//a/b:c/d@e",
		"/images/create?changes=ENV+TOKEN+QQ":                                                  "/images/create?changes=ENV+TOKEN+*",
		"/x?url=h:8,token=QQ":                                                                  "/x?url=h:8,token=QQ",
		"/pods/p/exec?command=PGPASSWORD%3DQQ+psql&command=-pS3QQ":                             "/pods/p/exec?command=PGPASSWORD%3D*+psql&command=-p*",
		"/exec?cmd=mysql+-p'Q+Q'+x&command=status":                                             "/exec?cmd=mysql+-p'*'+x&command=status",
		"ghp_QQQQQQQQQQQQQQ?a=b":                                                               "ghp_*?a=b",
		`/x?labels={"my.token":"QQ"}`:                                                          `/x?labels={"my.token":"*"}`,
		"/x?labels=%7B%22my.token%22%3A%22QQ%22%7D":                                            "/x?labels=%7B%22my.token%22%3A%22*%22%7D",
		"/x?buildargs=%7b%22MY_PIN%22:%22QQ%22%7d":                                             "/x?buildargs=%7b%22MY_PIN%22:%22*%22%7d",
		`/x?a={"MY_PIN":"QQ","Env":["A=b"]}`:                                                   `/x?a={"MY_PIN":"*","Env":["A=b"]}`,
		`/x?a=[{"password":"QQ"}]&b=c`:                                                         `/x?a=[{"password":"*"}]&b=c`,
		"/x?a=%5b%7B%22password%22:%22QQ%22%7D%5d":                                             "/x?a=%5b%7B%22password%22:%22*%22%7D%5d",
		`/x?my.label={"a":"b"}`:                                                                `/x?my.label={"a":"b"}`,
		"/x?token":                                                                             "/x?token",
		"/x?token=":                                                                            "/x?token=",
		"/x?token=&a=b":                                                                        "/x?token=&a=b",
		"/x?token=QQ&":                                                                         "/x?token=*&",
		"/x?to%6ben=QQ":                                                                        "/x?to%6ben=*",
		"/x?token=%Q":                                                                          "/x?token=*",
		"/x?token=QQ%2&a=%":                                                                    "/x?token=*&a=%",
		"/x?db+pwd=QQ":                                                                         "/x?db+pwd=*",
		"u:Q@Q@h":                                                                              "u:*@h",
		":QQ@h":                                                                                ":*@h",
		"u@h:80":                                                                               "u@h:80",
		"@h:80":                                                                                "@h:80",
		"//u:QQ@h":                                                                             "//u:*@h",
		"u:QQ@h/x@y":                                                                           "u:*@h/x@y",
		"/a?b=ghp_QQQQQQQQQQQQQQ#c":                                                            "/a?b=ghp_*#c",
		"/a?ghp_QQQQQQQQQQQQQQ&c=ghp%5FQQQQQQQQQQQQQQ":                                         "/a?ghp_*&c=ghp%5F*",
		"/a#ghp_QQQQQQQQQQQQQQ":                                                                "/a#ghp_*",
		"/x?cmd=x&CMD=x+--token+QQ&Command=x+--token+QQ&a=--token+b": "/x?cmd=x&CMD=x+--token+*&Command=x+--token+*&a=--token+b",
		"/x?&token=QQ":                  "/x?&token=*",
		"/x?a=&token=Q&b=&labels=&c":    "/x?a=&token=*&b=&labels=&c",
		"u@h":                           "u@h",
		"h":                             "h",
		"//":                            "//",
		"":                              "",
		"/x?&a=b&token=QQ":              "/x?&a=b&token=*",
		`/x?={"MY_PIN":"QQ"}`:           `/x?={"MY_PIN":"*"}`,
		`/x?=h&labels={"key":"QQ"}`:     `/x?=h&labels={"key":"*"}`,
		`/x?a={"key":"b"}`:              `/x?a={"key":"b"}`,
		"/x?url=h://x,token=QQ":         "/x?url=h://x,token=*",
		"/x?url=://x,token=QQ":          "/x?url=://x,token=*",
		"/x?url=%68%3A//x,token%3DQQ":   "/x?url=%68%3A//x,token%3D*",
		"/x?%67hp_QQQQQQQQQQQQQQ":       "/x?%67hp_*",
		"%67hp_QQQQQQQQQQQQQQ":          "%67hp_*",
		"/x%3Fghp_QQQQQQQQQQQQQQ":       "/x%3Fghp_*",
		"/x?a=b;token=QQ":               "/x?a=b;token=*",
		"/x?a=b%3Btoken%3DQQ":           "/x?a=b%3Btoken%3D*",
		"/cb#access_token=QQ&x=y":       "/cb#access_token=*&x=y",
		"/cb?a=b#x=y&id_token=QQ":       "/cb?a=b#x=y&id_token=*",
		"/x?t%6Fken=QQ":                 "/x?t%6Fken=*",
		"/x?user[password]=QQ":          "/x?user[password]=*",
		"/x?rotateWorkerToken=true":     "/x?rotateWorkerToken=true",
		"/images/a:b@sha256:0f/json":    "/images/a:b@sha256:0f/json",
		"http://h/?password=QQ&x=1":     "http://h/?password=*&x=1",
		"/x?url=https%3A%2F%2Fu:QQ%40h": "/x?url=https%3A%2F%2Fu:*%40h",
	} {
		found := Target(&r, nil, []byte(in), false, true, "x").Sorted()
		if got := masktest.Encoded.ReplaceAllString(string(found.Masked([]byte(in), 0)), "*"); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		if plain := IsPlain([]byte(in)); plain && in != want {
			t.Errorf("%s is said to be plain", in)
		}
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	masktest.Linear(t, func(b []byte) { Target(&r, nil, b, false, true, "b") })
}
