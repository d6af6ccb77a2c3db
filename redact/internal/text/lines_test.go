package text

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// lineTests are texts of unknown kind, and what is left of them; prose says that single
// words before a colon are names only where a line begins. "Q" is secret, "*" what
// stands in its place.
var lineTests = []struct {
	in, want string
	prose    bool
}{
	{"Host: x\r\nX-Api-Key: QQ\r\n Q\r\n\tQQ\r\nA: b", "Host: x\r\nX-Api-Key: *\r\n*\r\n*\r\nA: b", false},
	{"token\t: QQ\rQ\nA: b", "token\t: *\nA: b", false},
	{"a, token: QQ\n", "a, token: *\n", false},
	{"a, token: b\n", "", true},
	{"a: token: b\n", "", true},
	{"a: b\n  - token: QQ\n- pin: 77Q\nsecret:\tQQ", "a: b\n  - token: *\n- pin: *\nsecret:\t*", true},
	{"token: QQ", "token: *", true},
	{"x-api-key: QQ", "x-api-key: *", true},
	{"code: 7 key: x", "", false},
	{"auth: yes\nauth: ok Q", "auth: yes\nauth: *", false},
	{"X-Registry-Auth: e30=\nX-Registry-Auth: QQ", "X-Registry-Auth: e30=\nX-Registry-Auth: *", false},
	{"Authorization: Basic QQ\n", "Authorization: Basic *\n", false},
	{"a=b&token=QQ&c=d;pin=7Q e", "a=b&token=*&c=d;pin=* e", true},
	{"TOKEN=\"Q Q\" x='Q' pwd='QQ", "TOKEN=\"*\" x='Q' pwd='*", true},
	{"[db]\npassword = \"Q Q\"\npin\t=  7Q ; x\nuser = 'x'", "[db]\npassword = \"*\"\npin\t=  * ; x\nuser = 'x'", true},
	{"key = x token=$TOKEN; pin = ${PIN}\n", "", true},
	{"key=QQ x", "key=* x", true},
	{`x author: "b" c`, "", true},
	{`x author: "b" c`, "", false},
	{`pin = "=QQ" x`, `pin = "*" x`, true},
	{`pin = " QQ" x`, `pin = "*" x`, true},
	{`pin='Q"Q' x`, `pin='*' x`, true},
	{`pin="Q'Q" x`, `pin="*" x`, true},
	{"\"password\":\t\r\"QQ\" a", "\"password\":\t\r\"*\" a", true},
	{`"password":{"Q":"Q"},"a":"b"`, `"password":*,"a":"b"`, true},
	{`"pin":"QQ"token=QQ x`, `"pin":"*"token=* x`, true},
	{"if token == x { pin = \n y", "", true},
	{`login(user: "x", password: "Q Q", pin:'7Q') a, token: b "c"`, `login(user: "x", password: "*", pin:'*') a, token: b "c"`, true},
	{`x {password:\"QQ\", code: \"b\"}`, `x {password:\"*\", code: \"b\"}`, true},
	{"a=b==c use_token=true max_tokens=77 token_type=x", "", true},
	{`{"password":"Q\"Q","a":"b"}`, `{"password":"*","a":"b"}`, true},
	{`{"password" : "Q\\","a":"b"}`, `{"password" : "*","a":"b"}`, true},
	{`{'password':'Q"Q','a':'b'}`, `{'password':'*','a':'b'}`, true},
	{`{\"password\":\"Q\\\"Q\",\"a\":\"b\"}`, `{\"password\":\"*\",\"a\":\"b\"}`, true},
	{`{"pin":77Q7,"a":1}`, `{"pin":*,"a":1}`, true},
	{`{"pin":  77Q7}x`, `{"pin":  *}x`, true},
	{`{"password":["Q","]Q",{"Q":[7]}],"a":"b"}`, `{"password":*,"a":"b"}`, true},
	{`{"auth":true,"tokens":7,"token_type":"x","key":"x","auth":""}`, "", true},
	{`{'password': b'QQ', "token": u"Q 'Q", 'a': b'b'}`, `{'password': *', "token": *", 'a': b'b'}`, true},
	{"\"password\":\n \"QQ\" a", "\"password\":\n \"*\" a", true},
	{`x "token": QQ]`, `x "token": *]`, true},
	{"<a><password>QQ</password><b>c</b></a>", "<a><password>*</password><b>c</b></a>", true},
	{"<s:Token Type=\"x\">QQ</s:Token><Code>b</Code>", "<s:Token Type=\"x\">*</s:Token><Code>b</Code>", true},
	{"usage: x <password> [y]\n  -t <token>\n  z", "", true},
	{"List<Token>(); (<Token>Q7)\n<pin>", "List<Token>(); (<Token>*\n<pin>", true},
	{"<x><ns:db-password>Q Q</x> a <token/>b<secret></secret>c", "<x><ns:db-password>*</x> a <token/>b<secret></secret>c", true},
	{"<pin><![CDATA[Q7]]></pin><tokenType>x</tokenType></token>b", "<pin><![CDATA[*</pin><tokenType>x</tokenType></token>b", true},
	{"<secret><a>b</a><pin>Q7</pin></secret>", "<secret><a>b</a><pin>*</pin></secret>", true},
	{"<a b=\"c\" token=\"QQ\">d</a><code>e</code> if a<b && token>c {", "<a b=\"c\" token=\"*\">d</a><code>e</code> if a<b && token>c {", true},
	{`<p><property name="password" value="QQ"/><property name="user" value="b"/></p>`, `<p><property name="password" value="*"/><property name="user" value="b"/></p>`, true},
	{`<e><entry key="x">b</entry><entry name='db.password'>QQ</entry><entry>b</entry></e>`, `<e><entry key="*">b</entry><entry name='db.password'>*</entry><entry>b</entry></e>`, true},
	{`<add key="apiKey" value="QQ" /><add key="size" value="b"/>`, `<add key="*" value="*" /><add key="*" value="b"/>`, true},
	{`<input type="hidden" name="csrf_token" value="QQ"><input name=x value=b> <input name=pin value=7Q>b`, `<input type="hidden" name="csrf_token" value="*"><input name=x value=b> <input name=pin value=*>b`, true},
	{`<meta name = "csrf-token" content = "Q Q"><meta name="a:b" content="c">`, `<meta name = "csrf-token" content = "*"><meta name="a:b" content="c">`, true},
	{`<token value="QQ" type="b"/><x value="b"/> value="b"`, `<token value="*" type="b"/><x value="b"/> value="b"`, true},
	{"<dict><key>password</key>\n  <string>QQ</string><key>b</key><string>c</string></dict>", "<dict><key>password</key>\n  <string>*</string><key>b</key><string>c</string></dict>", true},
	{"<m><name>db.pin</name><value><i4>b</i4><string>7Q</string></value></m><m><value>b</value></m>", "<m><name>db.pin</name><value><i4>b</i4><string>*</string></value></m><m><value>b</value></m>", true},
	{"<x:name>token</x:name><d>b</d><x:value>QQ</x:value>", "<x:name>token</x:name><d>b</d><x:value>*</x:value>", true},
	{"<k><key>tokens</key><array><string>QQ</string><string>7Q</string></array><string>b</string></k><string>c</string>", "<k><key>tokens</key><array><string>*</string><string>*</string></array><string>*</string></k><string>c</string>", true},
	{"<name>code</name><value>b</value><name>key</name><value>c</value><name>token_type</name><value>d</value>", "", true},
	{"<input name=\"password\">b<form name=\"auth\">c</form><a name=\"tokens\">b</a><name>token</name> and the <int>", "", true},
	{"<Secret>Q<b x=\"y\">7Q</b><br/> QQ<i> Q</i></Secret><c>d</c>", "<Secret>*<b x=\"y\">*</b><br/>*<i>*</i></Secret><c>d</c>", true},
	{"<pin>Q<b>Q\n<c>d</c></pin>", "<pin>*<b>*\n<c>d</c></pin>", true},
	{"<setting name=\"Password\"><value>QQ</value></setting><value>b</value>", "<setting name=\"Password\"><value>*</value></setting><value>b</value>", true},
	{"cb({'password':`QQ`, token: `Q\"7`, a: `b`})", "cb({'password':`*`, token: `*`, a: `b`})", true},
	{"<use_token>true</use_token><auth>none</auth>", "", true},
	{"token=[masked 3 bytes #01234567] x", "token=* x", true},
	{"\"token\":\"[masked 3 bytes]\" x", "\"token\":\"*\" x", true},
}

// TestLines: texts in one piece.
func TestLines(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range lineTests {
		l := Lines{Prose: tt.prose}
		in := []byte(tt.in)
		got, names := l.Find(&r, nil, in, "x.").Mask(in)
		want := tt.want
		if want == "" {
			want = tt.in
		}
		if masktest.Bare(string(got)) != want || (names == nil) != (string(got) == tt.in) {
			t.Errorf("%q\n got %q\nwant %q", tt.in, got, want)
		}
		for _, name := range names {
			if !strings.HasPrefix(name, "x.") || strings.ContainsAny(name, "Q\"") {
				t.Errorf("%q: named %q", tt.in, name)
			}
		}
	}
}

// TestLinesCut: however the text is cut nothing of a secret is seen, and what stands
// before the first one, and behind the last, is as it was.
func TestLinesCut(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range lineTests {
		// What is excused as a whole is masked where it is cut.
		if tt.want == "" || strings.Contains(tt.in, "x='Q'") || strings.Contains(tt.in, "[masked") || strings.Contains(tt.in, "yes") || strings.Contains(tt.in, "e30=") || strings.Contains(tt.in, "Basic") {
			continue
		}
		want := tt.want
		masktest.Cuts(len(tt.in), func(at []int) {
			l := Lines{Prose: tt.prose}
			var out strings.Builder
			from := 0
			for _, to := range append(at[:len(at):len(at)], len(tt.in)) {
				piece := []byte(tt.in[from:to])
				got, _ := l.Find(&r, nil, piece, "x.").Mask(piece)
				out.Write(got)
				for i := range piece {
					piece[i] = '!'
				}
				from = to
			}
			got := masktest.Bare(out.String())
			first, last, _ := strings.Cut(want, "*")
			last = last[strings.LastIndexByte(last, '*')+1:]
			if strings.Contains(got, "Q") || !strings.HasPrefix(got, first) || !strings.HasSuffix(got, last) && !strings.Contains(last, `\"`) {
				t.Fatalf("%q cut at %v became %q", tt.in, at, got)
			}
		})
	}
}

// TestPieces: a piece of a value has no mark, all of it has one.
func TestPieces(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range []struct {
		pieces []string
		marked bool
	}{
		{[]string{"X-Api-Key: QQ\n"}, true}, {[]string{"X-Api-Key: Q", "Q\n"}, false}, {[]string{"X-Api-Key:", " QQ\n"}, true}, {[]string{"X-Api-Key: QQ"}, false},
		{[]string{"token=QQ x"}, true}, {[]string{"token=", "QQ x"}, true}, {[]string{"token=Q", "Q x"}, false}, {[]string{`token="QQ" x`}, true},
		{[]string{`"pin":"QQ" x`}, true}, {[]string{`"pin":"Q`, `Q" x`}, false}, {[]string{`"pin":77, x`}, true}, {[]string{`"pin":7`, `7, x`}, false},
	} {
		var l Lines
		for _, p := range tt.pieces {
			got, names := l.Find(&r, nil, []byte(p), "x.").Mask([]byte(p))
			if names != nil && strings.Contains(string(got), " #") != tt.marked {
				t.Errorf("%q: %q became %q", tt.pieces, p, got)
			}
		}
	}
}

// TestSkip: a text that is skipped is followed all the same.
func TestSkip(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	var l Lines
	l.Skip(&r, []byte("x\nX-Api-Ke"))
	l.Skip(&r, []byte("y: Q"))
	in := []byte("Q\nb")
	if got, names := l.Find(&r, nil, in, "x.").Mask(in); masktest.Bare(string(got)) != "*\nb" || len(names) != 1 || names[0] != "x.X-Api-Key" {
		t.Errorf("got %q, %q", got, names)
	}
}

// TestGivenLines: what the user named is a secret in lines, too.
func TestGivenLines(t *testing.T) {
	r := NewRules(name.NewGiven([]string{"wobble"}), mask.NewMarks(nil))
	l := Lines{Prose: true}
	in := []byte(`a, wobble: QQ` + "\n" + `wob_ble=QQ {"Wobble":"QQ"}`)
	if got, _ := l.Find(&r, nil, in, "x.").Mask(in); masktest.Bare(string(got)) != `a, wobble: *`+"\n"+`wob_ble=* {"Wobble":"*"}` {
		t.Errorf("got %q", got)
	}
}
