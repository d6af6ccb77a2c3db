package head

import (
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

// TestRegistryAuth: what cannot be understood is masked whole, and what is has no line
// ends.
func TestRegistryAuth(t *testing.T) {
	r := text.NewRules(name.Given{}, mask.NewMarks(nil))
	for in, want := range map[string]string{
		`{"username":"u","password":"QQ"}`:         `{"username":"u","password":"*"}`,
		`{"username":"u"}`:                         "",
		"{\"username\":\"u\",\r\n\"auth\":\"QQ\"}": `{"username":"u",  "auth":"*"}`,
		"eyJhdXRoIjoiUVEifQ==":                     `{"auth":"*"}`, "eyJhdXRoIjoiUVEifQ": `{"auth":"*"}`, "eyJhdXRoIjoiUVE_In0": `{"auth":"*"}`, "eyJhdXRoIjoiUVE/In0=": `{"auth":"*"}`, "eyJhIjoiUVE-In0": `{"a":"*"}`,
		"eyJ1c2VybmFtZSI6InUifQ": `{"username":"u"}`, "eyJhdXRoIjoi": "*", "WzFd": `[1]`, "MQ": "*",
		`{"auth":`: "*",
		"e30=":     "",
		"e30":      "",
		"bnVsbA==": "",
		"IlFRIg==": "*", // a string
		"%%%":      "*",
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
