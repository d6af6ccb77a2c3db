package jsonmask

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

const secret = masktest.Secret

func newRules() *text.Rules {
	r := text.NewRules(name.Given{}, mask.NewMarks([]byte("test")))
	return &r
}

// maskLogin masks text as if it was said to POST /auth, and may be cut.
func maskLogin(s, label string) ([]byte, []string) {
	return new(Walker).Mask(newRules(), []byte(s), label, Where{Login: true}, false)
}

func TestMaskJSON(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"username":"u","password":"` + secret + `","serveraddress":"s"}`, `{"username":"u","password":"*","serveraddress":"s"}`},
		{` { "PassWord" : "` + secret + `" } `, ` { "PassWord" : "*" } `},
		{`{"pass\u0077ord":"` + secret + `"}`, `{"pass\u0077ord":"*"}`},
		{`{"paſſword":"` + secret + `"}`, `{"paſſword":"*"}`}, // folds to s, as the daemon's decoder does
		{`{"a":[{"auth":"` + secret + `"},1],"IdentityToken":"` + secret + `","RegistryToken":"` + secret + `"}`, `{"a":[{"auth":"*"},1],"IdentityToken":"*","RegistryToken":"*"}`},
		{`{"status":"kept","message":"kept","unheard-of":"` + secret + `"}`, `{"status":"kept","message":"kept","unheard-of":"*"}`},
		{`{"auth":"S3CR3T\"S3CR3T\\","x":"y"}`, `{"auth":"*","x":"*"}`},
		{`{"password":12345}`, `{"password":"*"}`},
		{`{"password":["` + secret + `",{"` + secret + `":1}],"x":"y"}`, `{"password":["*",{"*":"*"}],"x":"*"}`},
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
		{`{"a":"b"}}"` + secret + `"`, `{"a":"*"}*`},
		{`{"a":[1}"` + secret, `{"a":[1*`},
		{`password=` + secret, `*`},
		{"\xef\xbb\xbf" + `{"password":"` + secret + `"}`, `*`},

		// Nothing to mask.
		{`{"username":"password","IdentityToken":"","auth":null}`, ""},
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

// TestLongString: of a string that is longer than what is kept, in pieces,
// nothing of a secret is seen, and the text goes on behind it.
func TestLongString(t *testing.T) {
	long := `{"note":"` + strings.Repeat("x", 3*4096) + " ghp_QQQQQQQQQQQQQQQQ" + `","password":"` + strings.Repeat("Q", 3*4096) + `","b":"c"}`
	var w Walker
	w.Start(newRules(), "b", Where{})
	var out strings.Builder
	from := 0
	for _, to := range []int{100, 4096 + 50, 2 * 4096, 3*4096 + 18, 3*4096 + 100, 4*4096 + 200, 5*4096 + 300, len(long)} {
		b, _ := w.Next([]byte(long[from:to]), false)
		out.Write(b)
		from = to
	}
	if s := out.String(); w.Broken() || strings.Contains(s, masktest.Q) || !strings.HasSuffix(s, `","b":"c"}`) || !strings.Contains(s, " ghp_[masked ") {
		t.Errorf("got …%s", s[len(s)-300:])
	}
}

// TestLongEscapes: a long string may be cut behind a backslash, and single words
// before a colon are names only where a line begins in it.
func TestLongEscapes(t *testing.T) {
	begin := `{"note":"` + strings.Repeat(`\"`, 4096) + ` a, token: shown\\`
	in := begin + `","password":"` + secret + `","b":"c"}`
	for cut := 4096; cut < 4096+6; cut++ {
		for next := len(begin) - 3; next <= len(begin)+1; next++ {
			var w Walker
			w.Start(newRules(), "b", Where{})
			var out []byte
			from := 0
			for _, to := range []int{cut, cut + 1, cut + 4096, next, len(in)} {
				b, _ := w.Next([]byte(in[from:to]), to == len(in))
				out, from = append(out, b...), to
			}
			if got, want := masktest.Bare(string(out)), begin+`","password":"*","b":"c"}`; w.Broken() || got != want {
				t.Fatalf("cut at %d and %d: …%s", cut, next, got[len(got)-80:])
			}
		}
	}
}

// TestQuotes: what is quoted of another exchange is looked at where it stands.
func TestQuotes(t *testing.T) {
	hide := func(label string) func(mask.Spans, []byte, bool) mask.Spans {
		return func(found mask.Spans, s []byte, ended bool) mask.Spans {
			return found.Either(newRules().Marks, s, 0, len(s), ended, label)
		}
	}
	in := []byte(`{"RequestUri":"/a","RequestBody":"b","x":"c","ResponseBody":["d"],"Request_URI":"e"}`)
	for want, q := range map[string]*Quotes{
		`{"RequestUri":"*","RequestBody":"*","x":"c","ResponseBody":["d"],"Request_URI":"*"}`:  {Target: hide(".t"), Body: hide(".b")},
		`{"RequestUri":"/a","RequestBody":"b","x":"c","ResponseBody":["d"],"Request_URI":"e"}`: nil,
	} {
		got, names := new(Walker).Mask(newRules(), in, "x", Where{Quotes: q}, true)
		if masktest.Bare(string(got)) != want || q != nil && strings.Join(names, " ") != "x.RequestUri.t x.RequestBody.b x.Request_URI.t" {
			t.Errorf("got %s, %q", got, names)
		}
	}
}

// TestLongLines: names count where lines of such a string begin.
func TestLongLines(t *testing.T) {
	in := `{"a":"x` + strings.Repeat(`\\\nx`, 4096) + `\npin: QQ\nb: c\n- token: QQ` + `"}`
	want := strings.ReplaceAll(in, "QQ", "*")
	for _, size := range []int{len(in), 4096, 4096 + 1, 4096 + 2, 4096 + 3, 7} {
		var w Walker
		var out []byte
		w.Start(newRules(), "x", Where{})
		for i := 0; i < len(in); i += size {
			b, _ := w.Next([]byte(in[i:min(i+size, len(in))]), i+size >= len(in))
			out = append(out, b...)
		}
		got := strings.ReplaceAll(masktest.Bare(string(out)), "**", "*")
		if got != want {
			t.Errorf("in pieces of %d: %s", size, got[max(0, len(got)-60):])
		}
	}
}

// TestLongNumber: of a number, too, no more than that is kept.
func TestLongNumber(t *testing.T) {
	digits := bytes.Repeat([]byte("7"), 4096/2)
	for before, hidden := range map[string]bool{`{"a":`: false, `{"password":`: true} {
		var w Walker
		w.Start(newRules(), "b", Where{})
		w.Next([]byte(before), false)
		for range 8 {
			if out, names := w.Next(digits, false); (names != nil) != hidden || hidden && bytes.Contains(out, []byte("777")) {
				t.Errorf("behind %s: %.50q", before, out)
			}
		}
		if n := len(w.reader.kept); n > 4096 {
			t.Errorf("behind %s: %d bytes are kept", before, n)
		}
	}
}

// TestPieces: a text in pieces is masked as the whole is, whatever the pieces
// are overwritten with.
func TestPieces(t *testing.T) {
	const in = `{"a":[1,true,"x\"y"],"Env":["TOKEN=` + secret + `","A=b"],"Labels":{"my.secret":"` + secret + `"},"Cmd":["x","--token","` + secret + `","-c","b"],"password":12345}` + "\n" + `{"token":"` + secret + `"}`
	whole, _ := new(Walker).Mask(newRules(), []byte(in), "b", Where{}, true)
	number := strings.Index(in, "12345") // cut, it is two strings when it is masked
	keep := func(b []byte) string { return masktest.Placeholder.ReplaceAllString(string(b), "") }
	masktest.Cuts(len(in), func(at []int) {
		var w Walker
		w.Start(newRules(), "b", Where{})
		var all []byte
		from := 0
		for _, to := range append(at[:len(at):len(at)], len(in)) {
			piece := []byte(in[from:to])
			out, _ := w.Next(piece, to == len(in))
			all = append(all, out...)
			for i := range piece {
				piece[i] = '!'
			}
			from = to
		}
		if w.Broken() || strings.Contains(string(all), "S3") {
			t.Fatalf("cut at %v: %s", at, all)
		}
		if len(at) == 1 && (at[0] <= number || at[0] >= number+5) && keep(all) != keep(whole) {
			t.Fatalf("cut at %v:\n%s\n%s", at, all, whole)
		}
	})
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	r := newRules()
	masktest.Linear(t, func(b []byte) {
		new(Walker).Mask(r, append([]byte(`{"cmd":"`), b...), "b", Where{}, true)
		new(Walker).Mask(r, b, "b", Where{}, true)
	})
}

// TestRelease: what is kept of memory is bounded, whatever it was used for.
func TestRelease(t *testing.T) {
	for name, in := range map[string]string{
		"escapes": `{"message":"\n` + strings.Repeat("x", 2*maxMemory) + `"}`,
		"spans":   `[` + strings.Repeat(`{"token":"x"},`, maxMemory/64) + `{}]`,
		"keys":    `{"a":{"Env":[{"name":"x","value":"y"}]},"b":{"c":`,
		"levels":  strings.Repeat(`[`, maxMemory/64+1) + strings.Repeat(`]`, maxMemory/64+1),
	} {
		var w Walker
		w.Mask(newRules(), []byte(in), "b", Where{}, true)
		p := &w.reader.piece
		for _, l := range w.reader.place.levels[:cap(w.reader.place.levels)] {
			if l.called != nil || l.name != nil || l.early.called != nil {
				t.Errorf("%s: %q is held", name, l.called)
			}
		}
		if cap(p.found) > maxMemory/64 || cap(p.plain) > maxMemory || cap(w.reader.place.levels) > maxMemory/64 || p.text != nil {
			t.Errorf("%s: %d spans, %d bytes, %d levels", name, cap(p.found), cap(p.plain), cap(w.reader.place.levels))
		}
	}
}

// TestNestedDepth: texts in strings of texts are looked into so deep, and no deeper.
func TestNestedDepth(t *testing.T) {
	text := `{"password":"QQ"}`
	for depth := range 6 {
		got, _ := new(Walker).Mask(newRules(), []byte(text), "b", Where{}, true)
		if shown := strings.Contains(string(got), "Q"); shown != (depth > 4) {
			t.Errorf("%d deep: %s", depth, got)
		}
		text = `{"a":` + strconv.Quote(text) + `}`
	}
}

// TestBeside: what the names beside a value and around it say.
func TestBeside(t *testing.T) {
	for in, want := range map[string]string{
		`[{"name":"DB_PASSWORD","value":"` + secret + `"},{"name":"A","value":"b"}]`:                                   `[{"name":"DB_PASSWORD","value":"*"},{"name":"A","value":"b"}]`,
		`{"Key":"api-token","x":{"value":"b"},"Value":"` + secret + `","name":"c"}`:                                    `{"Key":"api-token","x":{"value":"b"},"Value":"*","name":"c"}`,
		`{"secret":{"a":{"b":["` + secret + `",{"c":"d"}],"name":"e"}},"b":"c"}`:                                       `{"secret":{"a":{"b":["*",{"c":"d"}],"name":"e"}},"b":"c"}`,
		`{"tokens":{"a":{"b":{"c":"` + secret + `","type":"d"}}}}`:                                                     `{"tokens":{"a":{"b":{"c":"*","type":"d"}}}}`,
		`{"secret":{"secretName":"a","items":[{"key":"b","path":"c"}],"data":{"d":"e"}}}`:                              "",
		`{"a":"services:\n  db:\n    environment:\n    - DB_PASSWORD=` + secret + `\n      pin: ` + secret + `"}`:      `{"a":"services:\n  db:\n    environment:\n    - DB_PASSWORD=*\n      pin: *"}`,
		`{"query":"{login(user:\"x\", password:\"` + secret + `\"){token}}"}`:                                          `{"query":"{login(user:\"x\", password:\"*\"){token}}"}`,
		`{"a":"GET / HTTP/1.1\r\nX-Api-Key: ` + secret + `\r\n","b":"token: c\n"}`:                                     `{"a":"GET / HTTP/1.1\r\nX-Api-Key: *\r\n","b":"token: c\n"}`,
		`{"env":[["TOKEN=` + secret + `","A=b"]]}`:                                                                     `{"env":[["TOKEN=*","A=b"]]}`,
		`{"env":[{"name":"DB_PIN","value":"` + secret + `"}]}`:                                                         `{"env":[{"name":"DB_PIN","value":"*"}]}`,
		`{"a":["x --password=b y"],"b":"x --password=c"}`:                                                              "",
		`{"onbuild":["x --password=` + secret + ` y"]}`:                                                                `{"onbuild":["x --password=* y"]}`,
		`{"name":"DB_PASSWORD","x":"y"}{"name":"` + `ghp_0123456789ab","value":"c"}`:                                   `{"name":"DB_PASSWORD","x":"y"}{"name":"ghp_*","value":"c"}`,
		`{"name":"DB_PASSWORD","x":"y"}`:                                                                               "",
		`{"a":" \n{\"password\":\"` + secret + `\"}"}`:                                                                 `{"a":" \n{\"password\":\"*\"}"}`,
		`{"plugins":{"secret":["b"]},"key":"a"}`:                                                                       "",
		`{"cmd":["sh","-c","x --token ` + secret + `","-c"],"b":"c"}`:                                                  `{"cmd":["sh","-c","x --token *","-c"],"b":"c"}`,
		`{"key":"db.password","value":{"stringValue":"` + secret + `","arrayValue":["` + secret + `"]},"x":{"a":"b"}}`: `{"key":"db.password","value":{"stringValue":"*","arrayValue":["*"]},"x":{"a":"b"}}`,
		`{"key":"password","value":["x","` + secret + `"]}{"key":"a","value":["b"]}`:                                   `{"key":"password","value":["*","*"]}{"key":"a","value":["b"]}`,
		`{"key":"tokenType","value":{"stringValue":"a"}}`:                                                              "",
		`{"name":"tokenType","value":"a"}`:                                                                             "",
		`{"name":"pin","value":"` + secret + `"}{"value":"a"}`:                                                         `{"name":"pin","value":"*"}{"value":"a"}`,
		`{"label":{"password=` + secret + `":true,"a=b":false,"token":"` + secret + `"}}`:                              `{"label":{"password=*":true,"a=b":false,"token":"*"}}`,
		`{"label":{"pass\u0077ord=` + secret + `":{"x":1}},"n":"password"}`:                                            `{"label":{"pass\u0077ord=*":{"*":"*"}},"n":"password"}`,
		`{"a":{"labels":[{"key":"token","value":"` + secret + `"},{"key":"a","value":"b"}]}}`:                          `{"a":{"labels":[{"key":"token","value":"*"},{"key":"a","value":"b"}]}}`,
	} {
		if want == "" {
			want = in
		}
		for size := 1; size <= len(in); size += len(in) - 1 {
			var w Walker
			var out []byte
			w.Start(newRules(), "x", Where{})
			for i := 0; i < len(in); i += size {
				b, _ := w.Next([]byte(in[i:min(i+size, len(in))]), i+size >= len(in))
				out = append(out, b...)
			}
			got := masktest.Bare(string(out))
			if size == 1 {
				got = strings.ReplaceAll(got, strings.Repeat("*", len(secret)), "*")
			}
			if got != want && (size > 1 || !strings.Contains(in, `\`) || strings.Contains(got, "3")) {
				t.Errorf("in pieces of %d:\n got %s\nwant %s", size, got, want)
			}
		}
	}
}

// TestPairs: an outermost array or object of names and values.
func TestPairs(t *testing.T) {
	for in, want := range map[string][2]string{ // where it is one, and where not
		`[{"Name":"DB_PIN","Value":"` + secret + `"},{"Value":"` + secret + `"}]`: {`[{"Name":"DB_PIN","Value":"*"},{"Value":"*"}]`, `[{"Name":"DB_PIN","Value":"*"},{"Value":"` + secret + `"}]`},
		`["TOKEN=` + secret + `"]`:       {`["TOKEN=*"]`, `["TOKEN=` + secret + `"]`},
		`{"key":"` + secret + `"}`:       {`{"key":"*"}`, `{"key":"` + secret + `"}`},
		`{"a":["TOKEN=` + secret + `"]}`: {`{"a":["TOKEN=` + secret + `"]}`, `{"a":["TOKEN=` + secret + `"]}`},
	} {
		for i, pairs := range []bool{true, false} {
			got, _ := new(Walker).Mask(newRules(), []byte(in), "x", Where{Pairs: pairs}, true)
			if masktest.Bare(string(got)) != want[i] {
				t.Errorf("%s, pairs %t: got %s", in, pairs, got)
			}
		}
	}
}

// TestEarly: values before the names they go by, and pairs in arrays.
func TestEarly(t *testing.T) {
	for in, want := range map[string]string{
		`{"value":"` + secret + `","name":"DB_PASSWORD"}`:                                    `{"value":"*","name":"DB_PASSWORD"}`,
		`{"Value":"a\"` + secret + `","x":{"name":"a"},"Key":"api\u002dtoken","Value":"b"}`:  `{"Value":"*","x":{"name":"a"},"Key":"api\u002dtoken","Value":"*"}`,
		`[{"value":"b","name":"a"},{"value":123,"name":"pin"},{"value":123,"name":"token"}]`: `[{"value":"b","name":"a"},{"value":"*","name":"pin"},{"value":123,"name":"token"}]`,
		`{"name":"pin","value":123}{"name":"a","value":123}`:                                 `{"name":"pin","value":"*"}{"name":"a","value":123}`,
		`{"value":"b","a":{"name":"pin"}}`:                                                   "",
		`{"value":"b","name":"tokenType"}`:                                                   "",
		`{"value":"true","name":"use_token"}`:                                                "",
		`[["DB_PASSWORD","` + secret + `","c"],["a","b"],["x",["pin"],"b"]]`:                 `[["DB_PASSWORD","*","c"],["a","b"],["x",["pin"],"b"]]`,
		`["DB_PASSWORD","b"]`:                                                                "",
		`[[{"a":"pin","b":"c"}],["a","pin","d"]]`:                                            "",
	} {
		if want == "" {
			want = in
		}
		got, names := new(Walker).Mask(newRules(), []byte(in), "x", Where{}, true)
		if masktest.Bare(string(got)) != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
		if want != in && len(names) == 0 {
			t.Errorf("%s: no names", in)
		}
	}
	_, names := new(Walker).Mask(newRules(), []byte(`{"a":{"value":"`+secret+`","name":"pin"}}`), "x", Where{}, true)
	if len(names) != 1 || names[0] != "x.value" {
		t.Errorf("masked %q", names)
	}
}
