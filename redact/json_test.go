package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
)

// maskLogin masks text as if it was said to POST /auth, and may be cut.
func maskLogin(text, name string) ([]byte, []string) {
	return newRedactor().maskJSON(new(walker), []byte(text), name, where{login: true}, false)
}

func TestMaskJSON(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"username":"u","password":"` + secret + `","serveraddress":"s"}`, `{"username":"u","password":"*","serveraddress":"s"}`},
		{` { "PassWord" : "` + secret + `" } `, ` { "PassWord" : "*" } `},
		{`{"pass\u0077ord":"` + secret + `"}`, `{"pass\u0077ord":"*"}`},
		{`{"paſſword":"` + secret + `"}`, `{"paſſword":"*"}`}, // folds to s, as the daemon's decoder does
		{`{"a":[{"auth":"` + secret + `"},1],"IdentityToken":"` + secret + `","RegistryToken":"` + secret + `"}`, `{"a":[{"auth":"*"},1],"IdentityToken":"*","RegistryToken":"*"}`},
		{`{"auth":"S3CR3T\"S3CR3T\\","x":"y"}`, `{"auth":"*","x":"y"}`},
		{`{"password":12345}`, `{"password":"*"}`},
		{`{"password":["` + secret + `",{"` + secret + `":1}],"x":"y"}`, `{"password":["*",{"*":"*"}],"x":"y"}`},
		{"{\"auth\":\"" + secret + "\"}\r\n\x1e{\"auth\":\"" + secret + "\"}", "{\"auth\":\"*\"}\r\n\x1e{\"auth\":\"*\"}"},
		{`"` + secret + `"`, `"*"`},
		{`12345 null`, `"*" null`},

		// Cut.
		{`{"password":"S3CR3T`, `{"password":"*`},
		{`{"password":"S3CR3T\`, `{"password":"*`},
		{`{"password":123`, `{"password":"*"`},
		{`"S3CR3T`, `"*`},

		// Not JSON.
		{`{"a":1,"password" "` + secret + `"}`, `{"a":1,"password" *`},
		{`{'password':'` + secret + `'}`, `{*`},
		{`{password:"` + secret + `"}`, `{*`},
		{`{"password";"` + secret + `"}`, `{"password"*`},
		{`{"a":"b"}}"` + secret + `"`, `{"a":"b"}*`},
		{`{"a":[1}"` + secret, `{"a":[1*`},
		{`password=` + secret, `*`},
		{"\xef\xbb\xbf" + `{"password":"` + secret + `"}`, `*`},

		// Nothing to mask.
		{`{"username":"password","IdentityToken":"","auth":null,"passwords":"x"}`, ""},
		{`{"Status":"Login Succeeded","password`, ""},
		{`{"message":"auth: password"}`, ""},
		{`{"password":`, ""},
		{`{"a":tru`, ""},
		{`[]`, ""},
		{``, ""},
	} {
		out, names := maskLogin(tt.in, "request.body")
		if tt.want == "" {
			tt.want = tt.in
		}
		if (names == nil) != (tt.want == tt.in) || masktest.Bare(string(out)) != tt.want {
			t.Errorf("%s\n got %s %q\nwant %s", tt.in, out, names, tt.want)
		}
	}
}

// TestMaskJSONCut cuts a body anywhere: no piece of the secret is seen, and
// what stands before it is as it was.
func TestMaskJSONCut(t *testing.T) {
	const text = `{"username":"u","password":"` + secret + `","identitytoken":"` + secret + `"}`
	first := strings.Index(text, secret)
	for n := range len(text) + 1 {
		out, _ := maskLogin(text[:n], "b")
		if strings.Contains(string(out), "S") {
			t.Errorf("cut at %d: %s", n, out)
		}
		if k := min(n, first); string(out[:k]) != text[:k] {
			t.Errorf("cut at %d: the beginning changed: %s", n, out)
		}
	}
}
