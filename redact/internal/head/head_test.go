package head

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// fieldTests are fields, and what is left of their values; "" if nothing is masked.
var fieldTests = []struct{ name, value, want string }{
	{"X-Api-Key", "QQ", "*"}, {"token", "QQ", "*"}, {"Authorization", "Bearer QQ", "Bearer *"}, {"Authorization", "Basic", "*"},
	{"Proxy-Authorization", "true", "*"}, {"X-Auth", "true", ""}, {"Access-Control-Allow-Credentials", "true", ""}, {"Tokens", "7", ""},
	{"", "X-Api-Key QQ", "X-Api-Key *"}, {"", "X-Api-Key", ""}, {"", "", ""}, {"", " QQ", ""},
	{"Location", "//u:QQ@h/x", "//u:*@h/x"}, {"Location", "/x?token=QQ#id_token=QQ", "/x?token=*#id_token=*"}, {"Referer", "https://h/?wobble=QQ", "https://h/?wobble=*"},
	{"X-Meta", `{"password":"QQ"}`, `{"password":"*"}`}, {"X-Meta", ` [{"password":77}]`, ` [{"password":"*"}]`}, {"X-Meta", `{"a":"b"}`, ""},
	{"Link", "<https://h/?a=b&token=QQ>; rel=next", "<https://h/?a=b&token=*>; rel=next"},
	{"X-Meta", "password=QQ", "password=*"}, {"X-Meta", `a=b; token="Q Q"; c=d`, `a=b; token="*"; c=d`}, {"X-Meta", "a, wobble=QQ", "a, wobble=*"},
	{"WWW-Authenticate", `Bearer realm="https://a.example/token",service="token.example"`, ""}, {"Keep-Alive", "timeout=5, max=77", ""}, {"X-Meta", "token", ""},
	{"Location", "/x?a=b", ""}, {"Location", "x?token=QQ", "x?token=*"}, {"Location", "h://x?token=QQ", "h://x?token=*"}, {"Location", "//h?token=QQ", "//h?token=*"}, {"Location", "/x?token=QQ, c", "/x?token=* c"}, {"Location", "/x?token=QQ c", "/x?token=* c"},
	{"X-Meta", "a ghp_QQQQQQQQQQQQQQ b", "a ghp_* b"}, {"X-Meta", "a@b", ""}, {"X-Meta", "postgres://u:QQ@h/x", "postgres://u:*@h/x"}, {"", "X-Api-Key \t QQ", "X-Api-Key *"},
	{":authority", "u:QQ@h:443", "u:*@h:443"}, {"host", "u:QQ@h", "u:*@h"}, {"Host", "u@h", ""}, {":authority", "h:443", ""}, {"Host", "ghp_QQQQQQQQQQQQQQ@", "ghp_*@"},
	{"grpc-message", "failed: curl -u me:QQ h --token QQ", "failed: curl -u me:* h --token *"}, {"grpc-message", "process \"sh -c x\" failed", ""}, {"grpc-message", "at https://u:QQ@h", "at https://u:*@h"},
	// Fields in base64: hello, password=QQ, ghp_QQQQQQQQQQQQQQ; others are no base64, or look like tokens in it.
	{"x-bin", "aGVsbG8", ""}, {"x-bin", "cGFzc3dvcmQ9UVE=", "*"}, {"X-BIN", "Z2hwX1FRUVFRUVFRUVFRUVFR", "*"}, {"x", "cGFzc3dvcmQ9UVE=", ""},
	{"x-bin", "password=QQ", "password=*"}, {"x-bin", "a ghp_QQQQQQQQQQQQQQ", "a ghp_*"}, {"x-bin", "", ""}, {"x-token-bin", "aGVsbG8", "*"},
	{"grpc-status-details-bin", "%%%", "*"}, {"grpc-status-details-bin", "CAISAm5v", `{"code":2,"message":"no"}`}, {"Grpc-Status-Details-Bin", `{"code":2,"message":"no"}`, ""},
	{"Location", "/x?session=b", ""}, {"X-Meta", `{"a":1} ghp_abc`, ""},
	{"Host", "h", ""}, {"X-Meta", "a?b", ""}, {"X-Meta", "[masked 7 bytes]", ""}, {"Cookie", "[masked 7 bytes]", ""}, {"Authorization", "Basic [masked 7 bytes]", ""},
}

func TestFields(t *testing.T) {
	r := text.NewRules(name.NewGiven([]string{"wobble"}), mask.NewMarks(nil))
	var scratch text.Scratch
	var all []wire.Field
	for _, tt := range fieldTests {
		f := wire.Field{Name: tt.name, Value: tt.value, Line: "line"}
		all = append(all, f)
		out, names := Fields(&r, &scratch, []wire.Field{f}, "x.")
		if tt.want == "" {
			if out != nil || names != nil {
				t.Errorf("%s: %s became %+v, %q", tt.name, tt.value, out, names)
			}
			continue
		}
		called := tt.name
		if called == "" {
			called = "X-Api-Key"
		}
		got := masktest.Encoded.ReplaceAllString(masktest.Bare(out[0].Value), "*")
		if got != tt.want || !out[0].Masked || out[0].Line != "" || out[0].Name != tt.name || !slices.Equal(names, []string{"x." + called}) {
			t.Errorf("%s: %s\n got %+v, %q\nwant %s", tt.name, tt.value, out[0], names, tt.want)
		}
	}
	scratch = append(scratch[:0], "kept"...)
	if out, names := Fields(&r, &scratch, nil, "x."); out != nil || names != nil || string(scratch) != "kept" {
		t.Errorf("of no fields there are %+v, %q", out, names)
	}
	// Together, the others are left alone, and so is what was given.
	out, names := Fields(&r, &scratch, all, "x.")
	for i, tt := range fieldTests {
		if (out[i] == all[i]) != (tt.want == "") || all[i].Value != tt.value {
			t.Errorf("%s: %s became %+v", tt.name, tt.value, out[i])
		}
	}
	masked := 0
	for _, tt := range fieldTests {
		if tt.want != "" {
			masked++
		}
	}
	if len(names) != masked {
		t.Errorf("%d names, want %d", len(names), masked)
	}
}

// TestNameless: of a line without a colon the first token is told, but no secret is.
func TestNameless(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks([]byte("test")))
	var scratch text.Scratch
	for in, want := range map[string][2]string{
		"ghp_QQQQQQQQQQQQQQ b": {"ghp_* b", "x."}, "ghp_QQQQQQQQQQQQQQ": {"ghp_*", "x."}, "a-ghp_QQQQQQQQQQQQQQ b": {"a-ghp_* b", "x."}, "ghp_QQQQQQQQQQQQQQ-token b": {"ghp_*-token b", "x."},
		"a ghp_QQQQQQQQQQQQQQ": {"a ghp_*", "x.a"}, "X-Api-Key \t QQ": {"X-Api-Key *", "x.X-Api-Key"},
		"X-Api-Key ~Q": {"X-Api-Key " + r.Marks.Of("~Q"), "x.X-Api-Key"}, "X-Api-Key: QQ": {"X-Api-Key *", "x.X-Api-Key"},
	} {
		out, names := Fields(&r, &scratch, []wire.Field{{Value: in}}, "x.")
		if len(out) != 1 || masktest.Bare(out[0].Value) != masktest.Bare(want[0]) || strings.Contains(want[0], "#") && out[0].Value != want[0] || !slices.Equal(names, want[1:]) {
			t.Errorf("%s: got %+v, %q", in, out, names)
		}
	}
}

// TestLooked: one field with a secret is enough, whatever the one before it begins
// with; memory for looking is kept.
func TestLooked(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	for in, want := range map[string]string{
		"ghp_QQQQQQQQQQQQQQ b": "ghp_* b", "/x?a=%7B%22to%6ben%22:%22QQ%22%7D": "/x?a=%7B%22to%6ben%22:%22*%22%7D",
		`{"password":"QQ"}`: `{"password":"*"}`, "//u:QQ@h/x": "//u:*@h/x", "pin=QQ": "pin=*",
	} {
		for _, before := range []string{"", "?", "{", "@", "=", "://", "a"} {
			var scratch text.Scratch
			out, _ := Fields(&r, &scratch, []wire.Field{{Name: "A", Value: before}, {Name: "B", Value: in}}, "x.")
			if len(out) != 2 || masktest.Encoded.ReplaceAllString(masktest.Bare(out[1].Value), "*") != want || out[0].Masked {
				t.Errorf("%s behind %q: got %+v", in, before, out)
			}
			if cap(scratch) == 0 {
				t.Error("no memory is kept")
			}
		}
	}
}

// TestRegistryAuth: what cannot be understood is masked whole, and what is has no line
// ends.
func TestRegistryAuth(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	for in, want := range map[string]string{
		`{"username":"u","password":"QQ"}`:         `{"username":"u","password":"*"}`,
		`{"username":"u"}`:                         "",
		"{\"username\":\"u\",\r\n\"auth\":\"QQ\"}": `{"username":"u",  "auth":"*"}`,
		"eyJhdXRoIjoiUVEifQ==":                     `{"auth":"*"}`, "eyJhdXRoIjoiUVEifQ": `{"auth":"*"}`, "eyJhdXRoIjoiUVE_In0": `{"auth":"*"}`, "eyJhdXRoIjoiUVE/In0=": `{"auth":"*"}`, "eyJhIjoiUVE-In0": `{"a":"*"}`,
		"eyJ1c2VybmFtZSI6InUifQ": `{"username":"u"}`, "eyJhdXRoIjoi": "*", "eyJhdXRoIjoiUVEifQ~": "*", "WzFd": `[1]`, "MQ": "*",
		`{"auth":`: "*",
		"e30=":     "",
		"e30":      "",
		"bnVsbA==": "",
		"IlFRIg==": "*", // a string
		"%%%":      "*",
		// Deeper than anybody looks.
		strings.Repeat("[", 5001) + strings.Repeat("]", 5001):                                            "*",
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("[", 5001) + strings.Repeat("]", 5001))): "*",
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("[", 4096) + strings.Repeat("]", 4096))): strings.Repeat("[", 4096) + strings.Repeat("]", 4096),
	} {
		got, ok := Value(&r, "X-Registry-Auth", in)
		if want == "" && (ok || got != in) || want != "" && (!ok || masktest.Bare(got) != want) {
			t.Errorf("%s\n got %s, %t\nwant %s", in, got, ok, want)
		}
		if strings.ContainsAny(got, "\r\n") {
			t.Errorf("%s: a line end in %q", in, got)
		}
	}
}

// TestStatus: the details of an error are masked as messages are, whether they were
// decoded before or not.
func TestStatus(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	const solve = "github.com/moby/buildkit/errdefs.Solve+json"
	for in, want := range map[string]string{
		`{"details":[{"@type":"` + solve + `","value":{"op":{"exec":{"meta":{"env":["PATH=/bin","DB_PASSWORD=QQ"]}}}}}]}`: `{"details":[{"@type":"` + solve + `","value":{"op":{"exec":{"meta":{"env":["PATH=/bin","DB_PASSWORD=*"]}}}}}]}`,
		`{"details":[{"@type":"a/b.C","value":{"1:len":"x","password":"QQ"}}]}`:                                           `{"details":[{"@type":"a/b.C","value":{"1:len":"*","password":"*"}}]}`,
		`{"details":[{"value":{"info":{"data":"FROM a\nARG API_TOKEN=QQ\nRUN b\n"}}}]}`:                                   `{"details":[{"value":{"info":{"data":"FROM a\nARG API_TOKEN=*\nRUN b\n"}}}]}`,
		`{"details":[{"@type":"google.rpc.DebugInfo","detail":"export API_TOKEN=QQ; curl -u a:QQ h"}]}`:                   `{"details":[{"@type":"google.rpc.DebugInfo","detail":"export API_TOKEN=*; curl -u a:* h"}]}`,
		`{"message":"no"}`:            "",
		`{"message":`:                 "*",
		"CAIaEAoFYS9iLkMSBwoFaGVsbG8": `{"code":2,"details":[{"@type":"a/b.C","value":{"1:len":"*"}}]}`,
		strings.Repeat(`{"a":`, 5001) + "1" + strings.Repeat("}", 5001): "*",
	} {
		got, ok := Value(&r, wire.StatusDetails, in)
		if want == "" && (ok || got != in) || want != "" && (!ok || masktest.Bare(got) != want) {
			t.Errorf("%s\n got %s, %t\nwant %s", in, got, ok, want)
		}
		if again, ok := Value(&r, wire.StatusDetails, got); ok || again != got {
			t.Errorf("%s\nagain: %s, %t", got, again, ok)
		}
	}
}
