package redact

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

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
		out, names := newRedactor().maskJSON([]byte(tt.in), "request.body")
		if (names == nil) != (tt.want == "") || bare(string(out)) != tt.want {
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
		out, names := newRedactor().maskJSON([]byte(text[:n]), "b")
		if names == nil {
			out = []byte(text[:n])
		}
		if strings.Contains(string(out), "S") {
			t.Errorf("cut at %d: %s", n, out)
		}
		if k := min(n, first); string(out[:k]) != text[:k] {
			t.Errorf("cut at %d: the beginning changed: %s", n, out)
		}
	}
}

// FuzzMaskJSON compares with what encoding/json makes of the same text: valid
// JSON stays valid, and its values are the same but for those under a secret
// key, none of which is left.
func FuzzMaskJSON(f *testing.F) {
	f.Add([]byte(`{"username":"u","password":"p","a":[{"Auth":5,"x":1.5e3}],"identitytoken":{"k":"v"}}`))
	f.Add([]byte(`["\u0041uth",{"\u0041uth":"\ud83d\ude00"},null,true]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newRedactor()
		out, names := r.maskJSON(text, "b")
		if names == nil {
			out = text
		}
		if !json.Valid(text) {
			return
		}
		var before, after any
		if err := json.Unmarshal(text, &before); err != nil {
			return // a number out of range
		}
		if err := json.Unmarshal(out, &after); err != nil {
			t.Fatalf("%q became %q: %v", text, out, err)
		}
		switch before.(type) {
		case map[string]any, []any:
		default:
			return // replaced as a whole
		}
		if diff := compare(before, after, false); diff != "" {
			t.Errorf("%q became %q: %s", text, out, diff)
		}
	})
}

// compare says how after differs from before, masked.
func compare(before, after any, secret bool) string {
	switch b := before.(type) {
	case map[string]any:
		a, ok := after.(map[string]any)
		if secret || !ok {
			return "" // its keys are masked too; they may have become one
		}
		for k, v := range b {
			if diff := compare(v, a[k], isSecretKey(k)); diff != "" {
				return k + ": " + diff
			}
		}
		return ""
	case []any:
		a, ok := after.([]any)
		if !ok || len(a) != len(b) {
			return "not the same array"
		}
		for i := range b {
			if diff := compare(b[i], a[i], secret); diff != "" {
				return diff
			}
		}
		return ""
	case string, float64:
		if s, ok := after.(string); secret && before != "" && (!ok || bare(s) != "*") {
			return "not masked"
		} else if secret {
			return ""
		}
	}
	if !reflect.DeepEqual(before, after) {
		return "changed"
	}
	return ""
}
