// Package masktest has what the tests of redact and of its rooms share: texts
// with secrets, and what placeholders look like.
package masktest

import (
	"math/rand/v2"
	"regexp"
	"strings"
)

// Placeholder is what stands in the place of a secret; Encoded is the same in a
// query.
var (
	Placeholder = regexp.MustCompile(`\[masked \d+ bytes( #[0-9a-f]{8})?\]`)
	Encoded     = regexp.MustCompile(`%5Bmasked%20\d+%20bytes(%20%23[0-9a-f]{8})?%5D`)
)

// Bare replaces every placeholder in s by "*".
func Bare(s string) string { return Placeholder.ReplaceAllString(s, "*") }

// Secret is one that has no form of its own: no piece of it may be seen.
const Secret = "S3CR3T-value"

// Q stands for what is secret in Tokens: nothing else has this letter. Long is
// as much of it as the forms ask for.
const Q = "Q"

// Long is never changed.
var Long = strings.Repeat("Q7", 20)

// Token is a text with secrets of a form, and what is left of it.
type Token struct{ In, Want string }

// Tokens are texts with secrets of every form, and what is left of them.
var Tokens = []Token{
	{"id=eyJhbGciOiJIUzI1NiJ9.QQQQQQ7QQ.QQQQ_QQ-Q end", "id=eyJhbGciOiJIUzI1NiJ9.* end"},
	{"join SWMTKN-1-QQQQ7-QQQQ now", "join SWMTKN-1-* now"},
	{"key SWMKEY-1-QQQQ7+QQ/Q\n", "key SWMKEY-1-*\n"},
	{"x ghp_" + Long + " gho_" + Long + " ghu_" + Long + " ghs_" + Long + " ghr_" + Long + ".", "x ghp_* gho_* ghu_* ghs_* ghr_*."},
	{"github_pat_" + Long + "_" + Long, "github_pat_*"},
	{"'glpat-QQQQ_QQQQ-Q7Q'", "'glpat-*'"},
	{"xoxb-7-QQQQQQQQQ xoxp-7-QQQQQQQQQ xoxa-7-QQQQQQQQQ xoxr-7-QQQQQQQQQ xoxs-7-QQQQQQQQQ", "xoxb-* xoxp-* xoxa-* xoxr-* xoxs-*"},
	{"AKIAQQQQQQQQQQQQ7QQQ ASIAQQQQQQQQQQQQ7QQQ,", "AKIA* ASIA*,"},
	{"dckr_pat_Q7QQQQQQ-QQQQ_Q!", "dckr_pat_*!"},
	{"sk-ant-api03-QQQQ-Q7Q_QQ sk-proj-QQQQQQQQQQ sk_live_QQQQQQQQQ7 rk_live_QQQQQQQQQ7 hvs.QQQQQQQQQQQQQQQQQQQ", "sk-ant-* sk-proj-* sk_live_* rk_live_* hvs.*"},
	{"Authorization: Basic QQ7QQUJDQQQQQQQ==\r\n", "Authorization: Basic *\r\n"},
	{"bearer QQQ7QQQ.QQ~QQ/QQ= ok", "bearer * ok"},
	{"at https://me:QQQQ@host:80/a:b@c and", "at https://me:*@host:80/a:b@c and"},
	{"at postgres://:QQ@QQ:Q!Q@host/db ", "at postgres://:*@host/db "},
	{"at //me:QQQQ@host:80/a:b@c and <//:QQ@h>, '//u:Q@Q@h'", "at //me:*@host:80/a:b@c and <//:*@h>, '//u:*@h'"},
	{`a\n//u:QQ@h\t//u:QQ@h\rAKIAQQQQQQQQQQQQ7QQQ`, `a\n//u:*@h\t//u:*@h\rAKIA*`},
	{"a\n-----BEGIN RSA PRIVATE KEY-----\nQQQQ+QQQ/\nQQQ7==\n-----END RSA PRIVATE KEY-----\nb", "a\n-----BEGIN RSA PRIVATE KEY-----*-----END RSA PRIVATE KEY-----\nb"},
	{`"-----BEGIN PRIVATE KEY-----\nQQQ7\nQQ==\n-----END PRIVATE KEY-----\n"`, `"-----BEGIN PRIVATE KEY-----*-----END PRIVATE KEY-----\n"`},
	{"-----BEGIN OPENSSH PRIVATE KEY-----\r\n" + Long + "\r\n", "-----BEGIN OPENSSH PRIVATE KEY-----*"},
	{"-----BEGIN PGP PRIVATE KEY BLOCK-----\n" + Long, ""}, // cut in the test below
	{"-----BEGIN EC PRIVATE KEY-----\n" + Long + "{ end", "-----BEGIN EC PRIVATE KEY-----*{ end"},
	{"/x?token=QQ;a=b&Api-Key=QQ#id_token=QQ<br>&amp;pwd=QQ'", "/x?token=*;a=b&Api-Key=*#id_token=*<br>&amp;pwd=*'"},
	{"attachment; db_token=QQ; x=\"y\"; pwd=Q7", "attachment; db_token=*; x=\"y\"; pwd=*"},
	{"x?t%6Fken=QQ%20Q&password[]=QQ y", "x?t%6Fken=*&password[]=* y"},
	{"v4, base64url.bearer.authorization.k8s.io.QQQQQQQ-Q7_Q, x", "v4, base64url.bearer.authorization.k8s.io.*, x"},
	{"ghp_" + Long + "https://a:QQ7@h glpat-QQQQQQQ7QQ ghp_" + Long, "ghp_*://a:*@h glpat-* ghp_*"},
}

// Harmless are texts that look like secrets only at first.
var Harmless = []string{
	"highp_float xghp_short ghp_ ghp_abc gho_", "eyJ eyJhbGciOiJIUzI1NiJ9 eyJhbGc.", "AKIA AKIAB MAKIA0123456789ABCDEF",
	"the bearer of news; bearer authentication; Basic authentication failed; basic auth", `WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="x"`,
	`Basic realm="x", Bearer error="invalid_token"`, "http://0.0.0.0:8080/x ftp://user@host http://a:b/c@d https://[::1]:443/ unix:///run/docker.sock ssh://root@host:22",
	"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "no -----BEGIN PRIVATE KEY----- found in a file", "glpat-x xoxb- xoxb-1 dckr_pat_x SWMTKN-1- SWMKEY-2-x sk-SK sk-ant- hvs.x", "://:@", "x://", ":/",
	"// me@x.org: see a@b, //todo: me@x.org //nolint:all //h:80/a@b //h/a:b@c //me@h file:///C:/a@b", "/a//b:c@sha256:0f h.//b:c@d ~//b:c@d -//b:c@d _//b:c@d %//b:c@d 7//b:c@d ///b/c:d@e", "// //: //:@ //u: //@h",
	"xbasic dXNlcjpwYXNz", "xbearer 0123456789abcdef", "xhvs.0123456789abcdef", "-----BEGIN PRIVATE KEY----- {x}", "-----BEGIN PRIVATE KEY----- MIIB\x00",
	"x?a=b&token_type=c;d=e#f=g", "?token=true&auth=basic", "?token", "?token=", "??&&=x", "#tokens=12", "?key_id=x", "a?b", "?", "&",
}

// Almost are texts that begin like secrets, to be repeated many times.
var Almost = []string{"://", "://a:", "//", " //a:", "//a:b@", "ghp_", "eyJ", "-----BEGIN ", "Basic ", "https://u:p@", "xoxb-1234567890 ", `\"`, "=\"", "token=\"", "a=b ", "\\u0041", `"a":`, `{"a":`, "[", ": ", "Cookie:", "?token=", "?a=b&", "mysql -p", "-u a:b ", `"password":`, `\\"`, `{"a":"{\\"`, "=;", "'", "name=\"", "\xff\xfe", "data: {", `<a name="token" `, "<secret>a<b>", "<key>pin</key>", "<key>"}

// repeated is s repeated to fill size bytes.
func repeated(s string, size int) []byte { return []byte(strings.Repeat(s, size/len(s))) }

// Cuts calls try with ways to cut size bytes: at one place, at two, everywhere,
// at random.
func Cuts(size int, try func(at []int)) {
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
