package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// form is a kind of secret that is known by how it looks. It has a public
// prefix, which stays, and a body, which is masked.
type form struct {
	body *chars.Set
	min  int  // a shorter body is none
	word bool // not known behind a letter or digit
	// head is what may stand between the prefix and the body, and ends with
	// a dot; nil if nothing does. It stays too.
	head *chars.Set
	// valid says whether a body that has come whole is one; nil if all are.
	valid func([]byte) bool
	kind  formKind
}

// formKind says how the body of a form ends.
type formKind uint8

const (
	runs   formKind = iota // with the first byte that cannot belong to it
	urls                   // with the last "@" before that
	blocks                 // with five dashes, or the same
)

// What secrets consist of.
var (
	base64url = chars.Of("aA0", "-_")
	base64any = chars.Of("aA0", "+/=-_")
	dotted    = chars.Of("aA0", "-_.")
	token68   = chars.Of("aA0", "-._~+/=") // RFC 9110, section 11.2
	pemText   = chars.Of("aA0", "+/=-:,._|\\ \t\r\n")
	pemLabel  = chars.Of("A0", " ")
	userChars = chars.Of("", " \t\r\n/@:'\"<>?#\\`(){}[]|\x00").Not()
	passChars = chars.Of("", " \t\r\n/'\"<>?#\\`\x00").Not()
)

// The forms. Lengths are well below those of true secrets, and above those of
// words that only begin alike.
var (
	jwt        = &form{head: base64url, body: dotted, min: 6} // RFC 7519
	swarmToken = &form{body: base64url, min: 1}
	swarmKey   = &form{body: base64any, min: 1}
	github     = &form{body: chars.Of("aA0", "_"), min: 12}
	dotToken   = &form{body: dotted, min: 8}
	dashToken  = &form{body: base64url, min: 8}
	aws        = &form{body: chars.Of("A0", ""), min: 16, word: true}
	vault      = &form{body: base64url, min: 16, word: true}
	basicAuth  = &form{body: base64any, min: 4, word: true, valid: validBasic}
	bearerAuth = &form{body: token68, min: 6, word: true, valid: validBearer}
	pemKey     = &form{body: pemText, kind: blocks, valid: validPEM} // RFC 7468
	userInfo   = &form{body: passChars, kind: urls, min: 1}          // RFC 3986, section 3.2.1
)

// prefix is how a form begins.
type prefix struct {
	text string
	form *form
	// at is where in text the three bytes are by which it is found, those that
	// are rarest elsewhere.
	at   int
	fold bool // text, which is in lower case, stands for any case
}

var prefixes = []prefix{
	{text: "eyJ", form: jwt},
	{text: "SWMTKN-1-", form: swarmToken},
	{text: "SWMKEY-1-", form: swarmKey},
	{text: "ghp_", form: github}, {text: "gho_", form: github}, {text: "ghu_", form: github},
	{text: "ghs_", form: github}, {text: "ghr_", form: github},
	{text: "github_pat_", form: github, at: 4},
	{text: "glpat-", form: dotToken},
	{text: "xoxa-", form: dashToken}, {text: "xoxb-", form: dashToken}, {text: "xoxe-", form: dashToken},
	{text: "xoxp-", form: dashToken}, {text: "xoxr-", form: dashToken}, {text: "xoxs-", form: dashToken},
	{text: "dckr_pat_", form: dashToken, at: 2},
	{text: "AKIA", form: aws, at: 1}, {text: "ASIA", form: aws, at: 1},
	{text: "sk-ant-", form: dashToken, at: 1}, {text: "sk-proj-", form: dashToken, at: 1},
	{text: "sk_live_", form: dashToken, at: 1}, {text: "rk_live_", form: dashToken, at: 1},
	{text: "hvs.", form: vault},
	{text: "basic ", form: basicAuth, at: 3, fold: true},
	{text: "bearer ", form: bearerAuth, fold: true},
	{text: "-----BEGIN ", form: pemKey, at: 4},
	{text: "://", form: userInfo},
}

// maxPrefix is the size of the longest prefix: the labels of PEM and the users
// of URLs count.
const maxPrefix = 128

// lookout is where a pair of bytes stands in a prefix.
type lookout struct {
	prefix *prefix
	at     int
}

// lookouts are those for each pair of bytes, and pairs the place of that in
// it; 0 if there are none. Each prefix has two pairs one byte apart: to look at
// every other pair is enough.
var (
	lookouts = [][]lookout{nil}
	pairs    = func() (t [1 << 16]uint8) {
		for i := range prefixes {
			p := &prefixes[i]
			for at := p.at; at <= p.at+1; at++ {
				for _, pair := range spellings(p.text[at:at+2], p.fold) {
					if t[pair] == 0 {
						t[pair] = uint8(len(lookouts))
						lookouts = append(lookouts, nil)
					}
					lookouts[t[pair]] = append(lookouts[t[pair]], lookout{p, at})
				}
			}
		}
		return t
	}()
)

// spellings returns a pair of bytes as an index of pairs, in all cases if fold.
func spellings(two string, fold bool) (all []uint16) {
	for _, s := range [...]string{two, strings.ToUpper(two), strings.ToUpper(two[:1]) + two[1:], two[:1] + strings.ToUpper(two[1:])} {
		if pair := uint16(s[0]) | uint16(s[1])<<8; (fold || s == two) && !slices.Contains(all, pair) {
			all = append(all, pair)
		}
	}
	return all
}

// find returns the place of the first prefix in b, and its form; nil if there
// is none.
func find(b []byte) (start, end int, f *form) {
	i := 0
	for i+1 < len(b) {
		if i+8 <= len(b) {
			x := binary.LittleEndian.Uint64(b[i : i+8])
			if pairs[uint16(x)]|pairs[uint16(x>>16)]|pairs[uint16(x>>32)]|pairs[x>>48] == 0 {
				i += 8
				continue
			}
		}
		for end := min(i+8, len(b)-1); i < end; i += 2 {
			if n := pairs[binary.LittleEndian.Uint16(b[i:])]; n != 0 {
				if start, end, f = prefixNear(b, i, lookouts[n]); f != nil {
					return start, end, f
				}
			}
		}
	}
	return 0, 0, nil
}

// prefixNear returns the prefix that the pair at b[i:] belongs to.
func prefixNear(b []byte, i int, near []lookout) (start, end int, f *form) {
	for _, l := range near {
		p := l.prefix
		start = i - l.at
		if !chars.HasPrefixAt(b, start, p.text) && !(p.fold && chars.HasFoldAt(b, start, p.text)) {
			continue
		}
		end = start + len(p.text)
		switch {
		case p.form.word && start > 0 && chars.Alnum[b[start-1]]:
			continue
		case p.form.kind == urls:
			end = userEnd(b, end)
		case p.form.kind == blocks:
			end = labelEnd(b, end)
		}
		if end > 0 {
			return start, end, p.form
		}
	}
	return 0, 0, nil
}

// userEnd returns where a password may begin: behind the user at b[i:], in a
// URL, and a colon. It returns 0 if there is none.
func userEnd(b []byte, i int) int {
	i += userChars.Run(b[i:min(len(b), i+maxPrefix-8)])
	if i < len(b) && b[i] == ':' {
		return i + 1
	}
	return 0
}

// labelEnd returns the end of the line that begins a PEM block, whose label is
// at b[i:], if it is of a private key; otherwise 0.
func labelEnd(b []byte, i int) int {
	end := i + pemLabel.Run(b[i:min(len(b), i+maxPrefix/2)])
	if bytes.Contains(b[i:end], []byte("PRIVATE KEY")) && chars.HasPrefixAt(b, end, "-----") {
		return end + 5
	}
	return 0
}

// validBasic says whether b may be the credentials of the Basic scheme, and
// not just a word behind "basic" (RFC 7617, section 2).
func validBasic(b []byte) bool {
	b = bytes.TrimRight(b, "=")
	if len(b) > 512 || varied(b, 12) {
		return true
	}
	var buf [512]byte
	for _, enc := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if n, err := enc.Decode(buf[:], b); err == nil && bytes.IndexByte(buf[:n], ':') >= 0 {
			return true
		}
	}
	return false
}

// validBearer says whether b may be a bearer token, and not just a word behind
// "bearer" (RFC 6750, section 2.1).
func validBearer(b []byte) bool { return len(b) >= 24 || varied(b, 6) }

// varied says whether b has at least n bytes, a digit and a letter among them.
func varied(b []byte, n int) bool {
	digits := digitChars.Count(b)
	return len(b) >= n && digits > 0 && digits < len(b)
}

var digitChars = chars.Of("0", "")

// validPEM says whether b is the inside of a PEM block, and not just text that
// speaks of one: some line of it is long.
func validPEM(b []byte) bool {
	for len(b) > 0 {
		n := base64any.Run(b)
		if n >= 32 {
			return true
		}
		b = b[min(n+1, len(b)):]
	}
	return false
}
