package redact

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// q stands for what is secret in the texts of these tests: nothing else has
// this letter. long is as much of it as the forms ask for.
const q = "Q"

var long = strings.Repeat("Q7", 20)

// tokens are texts with secrets of every form, and what is left of them.
var tokens = []struct{ in, want string }{
	{"id=eyJhbGciOiJIUzI1NiJ9.QQQQQQ7QQ.QQQQ_QQ-Q end", "id=eyJhbGciOiJIUzI1NiJ9.* end"},
	{"join SWMTKN-1-QQQQ7-QQQQ now", "join SWMTKN-1-* now"},
	{"key SWMKEY-1-QQQQ7+QQ/Q\n", "key SWMKEY-1-*\n"},
	{"x ghp_" + long + " gho_" + long + " ghu_" + long + " ghs_" + long + " ghr_" + long + ".", "x ghp_* gho_* ghu_* ghs_* ghr_*."},
	{"github_pat_" + long + "_" + long, "github_pat_*"},
	{"'glpat-QQQQ_QQQQ-Q7Q'", "'glpat-*'"},
	{"xoxb-7-QQQQQQQQQ xoxp-7-QQQQQQQQQ xoxa-7-QQQQQQQQQ xoxr-7-QQQQQQQQQ xoxs-7-QQQQQQQQQ", "xoxb-* xoxp-* xoxa-* xoxr-* xoxs-*"},
	{"AKIAQQQQQQQQQQQQ7QQQ ASIAQQQQQQQQQQQQ7QQQ,", "AKIA* ASIA*,"},
	{"dckr_pat_Q7QQQQQQ-QQQQ_Q!", "dckr_pat_*!"},
	{"sk-ant-api03-QQQQ-Q7Q_QQ sk-proj-QQQQQQQQQQ sk_live_QQQQQQQQQ7 rk_live_QQQQQQQQQ7 hvs.QQQQQQQQQQQQQQQQQQQ", "sk-ant-* sk-proj-* sk_live_* rk_live_* hvs.*"},
	{"Authorization: Basic QQ7QQUJDQQQQQQQ==\r\n", "Authorization: Basic *\r\n"},
	{"bearer QQQ7QQQ.QQ~QQ/QQ= ok", "bearer * ok"},
	{"at https://me:QQQQ@host:80/a:b@c and", "at https://me:*@host:80/a:b@c and"},
	{"at postgres://:QQ@QQ:Q!Q@host/db ", "at postgres://:*@host/db "},
	{"a\n-----BEGIN RSA PRIVATE KEY-----\nQQQQ+QQQ/\nQQQ7==\n-----END RSA PRIVATE KEY-----\nb", "a\n-----BEGIN RSA PRIVATE KEY-----*-----END RSA PRIVATE KEY-----\nb"},
	{`"-----BEGIN PRIVATE KEY-----\nQQQ7\nQQ==\n-----END PRIVATE KEY-----\n"`, `"-----BEGIN PRIVATE KEY-----*-----END PRIVATE KEY-----\n"`},
	{"-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + long + "\r\n", "-----BEGIN OPENSSH PRIVATE KEY-----*"},
	{"-----BEGIN PGP PRIVATE KEY BLOCK-----\n" + long, ""}, // cut in the test below
	{"ghp_" + long + "https://a:QQ7@h glpat-QQQQQQQ7QQ ghp_" + long, "ghp_*://a:*@h glpat-* ghp_*"},
}

// harmless are texts that look like secrets only at first.
var harmless = []string{
	"highp_float xghp_short ghp_ ghp_abc gho_", "eyJ eyJhbGciOiJIUzI1NiJ9 eyJhbGc.", "AKIA AKIAB MAKIA0123456789ABCDEF",
	"the bearer of news; bearer authentication; Basic authentication failed; basic auth", `WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="x"`,
	`Basic realm="x", Bearer error="invalid_token"`, "http://0.0.0.0:8080/x ftp://user@host http://a:b/c@d https://[::1]:443/ unix:///run/docker.sock ssh://root@host:22",
	"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "no -----BEGIN PRIVATE KEY----- found in a file", "glpat-x xoxb- xoxb-1 dckr_pat_x SWMTKN-1- SWMKEY-2-x sk-SK sk-ant- hvs.x", "://:@", "x://", ":/",
}

func TestForms(t *testing.T) {
	r := newRedactor()
	for _, tt := range tokens {
		if tt.want == "" {
			continue
		}
		out, names := r.settle(nil, new(matcher), []byte(tt.in), true, "b")
		if bare(string(out)) != tt.want || names == nil {
			t.Errorf("%q\n got %q\nwant %q", tt.in, out, tt.want)
		}
		again, names := r.settle(nil, new(matcher), out, true, "b")
		if names != nil {
			t.Errorf("%q became %q", out, again)
		}
	}
	for _, s := range harmless {
		if out, names := r.settle(nil, new(matcher), []byte(s), true, "b"); names != nil {
			t.Errorf("%q became %q", s, out)
		}
	}
}

// TestFormMarks: the mark is that of the whole token, wherever it is.
func TestFormMarks(t *testing.T) {
	r := newRedactor()
	token := "ghp_" + long
	out, _ := r.settle(nil, new(matcher), []byte(token), true, "b")
	mark := regexp.MustCompile(`#[0-9a-f]{8}`).FindString(r.marks.Placeholder([]byte(token), 1))
	if string(out) != "ghp_[masked 40 bytes "+mark+"]" {
		t.Errorf("got %s, mark %s", out, mark)
	}
}

var sizes = regexp.MustCompile(`\[masked (\d+) bytes( #[0-9a-f]{8})?\]`)

// maskedBytes adds up the sizes in the placeholders of s.
func maskedBytes(s string) (n int) {
	for _, m := range sizes.FindAllStringSubmatch(s, -1) {
		k, _ := strconv.Atoi(m[1])
		n += k
	}
	return n
}

// cuts calls try with ways to cut size bytes: at one place, at two, everywhere,
// at random.
func cuts(size int, try func(at []int)) {
	for i := 1; i < size; i++ {
		try([]int{i})
		try([]int{i, min(i+3, size)})
	}
	var every []int
	for i := 1; i < size; i++ {
		every = append(every, i)
	}
	try(every)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var at []int
		for i := 1; i < size; i++ {
			if rnd.IntN(8) == 0 {
				at = append(at, i)
			}
		}
		try(at)
	}
}

// stream gives text in pieces to a new connection and returns what came out.
func streamOut(kind wire.Kind, dir wire.Dir, text string, at []int) string {
	c := newConv()
	var out strings.Builder
	from := 0
	for _, to := range append(at[:len(at):len(at)], len(text)) {
		m := c.message(1, dir, kind, text[from:to])
		out.Write(m.Data)
		from = to
	}
	return out.String()
}

// TestFormsCut: however a stream is cut, nothing of a secret is seen, and what
// is masked adds up to what is masked of the whole, but for what had to be
// masked before it was certain.
func TestFormsCut(t *testing.T) {
	for _, kind := range []wire.Kind{wire.KindStdout, wire.KindStderr, wire.KindText, wire.KindTerminal, wire.KindRaw, wire.KindWebSocket} {
		for _, tt := range tokens {
			text := strings.ReplaceAll(tt.in, "Authorization: ", "") // lines are tested elsewhere
			whole := streamOut(kind, wire.ToClient, text, nil)
			if strings.Contains(anyPlaceholder.ReplaceAllString(whole, ""), q) {
				t.Errorf("%v: %q became %q", kind, text, whole)
			}
			cuts(len(text), func(at []int) {
				out := streamOut(kind, wire.ToClient, text, at)
				if strings.Contains(out, q) {
					t.Fatalf("%v: %q cut at %v became %q", kind, text, at, out)
				}
				if n, w := maskedBytes(out), maskedBytes(whole); n < w {
					t.Fatalf("%v: %q cut at %v: %d bytes masked in %q, %d in %q", kind, text, at, n, out, w, whole)
				}
			})
		}
	}
}

// TestChannels: the channels of a stream, and the directions, do not disturb
// each other.
func TestChannels(t *testing.T) {
	c := newConv()
	c.message(1, wire.ToClient, wire.KindStdout, "ghp_QQ")
	for _, kind := range []wire.Kind{wire.KindStderr, wire.KindSystemErr, wire.KindTerminal} {
		if m := c.message(1, wire.ToClient, kind, "hello"); string(m.Data) != "hello" {
			t.Errorf("%v: %s", kind, m.Data)
		}
	}
	c.message(1, wire.ToClient, wire.KindStderr, "gh")
	if m := c.message(2, wire.ToClient, wire.KindStdout, "QQ"); string(m.Data) != "QQ" {
		t.Errorf("another exchange: %s", m.Data)
	}
	if m := c.message(1, wire.ToClient, wire.KindStdout, "QQ x"); bare(string(m.Data)) != "* x" {
		t.Errorf("stdout: %s", m.Data)
	}
	if m := c.message(1, wire.ToClient, wire.KindStderr, "p_"+long); bare(string(m.Data)) != "p_*" {
		t.Errorf("stderr: %s", m.Data)
	}
}

// TestLinear: bytes that come one by one, and texts that are almost secrets,
// take time in proportion. It fails by running into the test's timeout.
func TestLinear(t *testing.T) {
	r := newRedactor()
	for _, s := range []string{"://", "://a:", "ghp_", "eyJ", "-----BEGIN ", "Basic ", "https://u:p@", "xoxb-1234567890 ", `\"`, "=\"", "token=\"", "a=b ", "\\u0041", `"a":`, `{"a":`, "[", ": ", "Cookie:"} {
		text := []byte(strings.Repeat(s, 1<<18/len(s)))
		r.settle(nil, new(matcher), text, true, "b")
		r.assignments(nil, text, 0, false, true, "b")
		r.maskJSON(new(walker), append([]byte(`{"cmd":"`), text...), "b", where{}, true)
		r.maskJSON(new(walker), text, "b", where{}, true)
		r.rawLines(nil, new(lineState), text, "b")
		r.targetSpans(nil, text, false, true, "b")
	}
	for _, kind := range []wire.Kind{wire.KindText, wire.KindRaw, wire.KindStdout} {
		c := newConv()
		text := `{"password":"` + strings.Repeat("x", 100_000)
		for i := range text {
			if m := c.message(1, wire.ToClient, kind, text[i:i+1]); kind == wire.KindText && i > 12 && string(m.Data) != "[masked 1 bytes]" {
				t.Fatalf("byte %d: %s", i, m.Data)
			}
		}
	}
}

// FuzzForms puts a secret between two texts and cuts the whole anywhere.
func FuzzForms(f *testing.F) {
	for i := range tokens {
		f.Add(uint8(i), "a b\n", " c", 3, 9)
	}
	f.Fuzz(func(t *testing.T, n uint8, before, after string, cut1, cut2 int) {
		token := tokens[int(n)%len(tokens)].in
		text := before + "\n" + token + "\n" + after
		if strings.Contains(before+after, q) || cut1 < 0 || cut1 > cut2 || cut2 > len(text) || len(text) > 4<<10 || anyPlaceholder.MatchString(text) {
			return
		}
		out := streamOut(wire.KindStdout, wire.ToClient, text, []int{cut1, cut2})
		if strings.Contains(out, q) {
			t.Errorf("%q became %q", text, out)
		}
	})
}

func ExampleRedactor_Event() {
	r := New(Options{Key: []byte("example")})
	ev := r.Event(&wire.Request{Method: "POST", Target: "/build?remote=https://me:hunter2@example.org/x.git"})
	fmt.Println(ev.(*wire.Request).Target)
	fmt.Println(ev.(*wire.Request).Masked)
	// Output:
	// /build?remote=https://me:%5Bmasked%207%20bytes%20%23a2df136b%5D@example.org/x.git
	// [request.query.remote]
}
