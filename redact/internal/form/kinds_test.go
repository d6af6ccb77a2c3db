package form

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
)

const (
	alnum  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	urlish = alnum + "-_"
)

// masked returns text with the secrets masked.
func masked(text string, ended bool) string {
	out, _ := Mask(nil, mask.NewMarks(nil), []byte(text), ended, "b")
	return string(out)
}

// TestKinds: of each form how long it is at least, which bytes belong to it, and
// whether it may stand behind a letter; wherever it stands.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		prefixes string
		min      int
		body     string
		word     bool
	}{
		{"eyJ. eyJa-_.", 6, urlish + ".", false},
		{"SWMTKN-1-", 1, urlish, false},
		{"SWMKEY-1-", 1, urlish + "+/=", false},
		{"ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", 12, alnum + "_", false},
		{"glpat-", 8, urlish + ".", false},
		{"xoxa- xoxb- xoxe- xoxp- xoxr- xoxs- dckr_pat_ sk-ant- sk-proj- sk_live_ rk_live_ bearer.authorization.k8s.io.", 8, urlish, false},
		{"AKIA ASIA", 16, alnum[:26] + alnum[52:], true},
		{"hvs.", 16, urlish, true},
		{"Basic| bASIC| basic|", 12, urlish + "+/=", true},
		{"Bearer| bearer| BEARER|", 6, urlish + ".~+/=", true},
	} {
		for _, prefix := range strings.Fields(c.prefixes) {
			prefix = strings.ReplaceAll(prefix, "|", " ")
			body := strings.Repeat("Q", c.min-1) + "7"
			for n := range 18 {
				before := strings.Repeat(" ", n)
				if got := masked(before+prefix+body+" x", true); !strings.HasPrefix(got, before+prefix+"[masked ") || !strings.HasSuffix(got, "] x") || strings.Contains(got, "Q") {
					t.Errorf("behind %d bytes: %s", n, got)
				}
				if text := before + prefix + body[1:] + " x"; masked(text, true) != text {
					t.Errorf("too short: %s", masked(text, true))
				}
			}
			if got := masked("a"+prefix+body+" x", true); strings.Contains(got, "[masked ") == c.word {
				t.Errorf("behind a letter: %s", got)
			}
			for i := range 256 {
				text := prefix + body + string([]byte{byte(i)}) + "ZZ "
				got := masked(text, true)
				if _, rest, _ := strings.Cut(got, "]"); (rest == " ") != (strings.IndexByte(c.body, byte(i)) >= 0) {
					t.Errorf("%q became %q", text, got)
				}
			}
		}
	}
}

// TestIndex: a form begins where all of its prefix is there, wherever that stands.
func TestIndex(t *testing.T) {
	for prefix := range strings.FieldsSeq(`eyJ SWMTKN-1- SWMKEY-1- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxa- xoxb- xoxe- xoxp- xoxr- xoxs- dckr_pat_ AKIA ASIA sk-ant- sk-proj- sk_live_ rk_live_ hvs.
		bearer.authorization.k8s.io. Basic| bASIC| BEARER| bearer| -----BEGIN|PRIVATE|KEY----- ://u: ://: //u: //: ?token= &token= #token= ;token= ;|token= ?%74oken= ?to%6Ben=`) {
		prefix = strings.ReplaceAll(prefix, "|", " ")
		for n := range 20 {
			b := []byte(strings.Repeat(" ", n) + prefix)
			if got := Index(b); got != n {
				t.Errorf("%q: got %d, want %d", b, got, n)
			}
			if got := Index(b[:len(b)-1]); got != -1 {
				t.Errorf("%q: got %d", b[:len(b)-1], got)
			}
			if got := Index(append(b, "a://u:p@h"...)); got != n {
				t.Errorf("%q and more: got %d, want %d", b, got, n)
			}
		}
	}
	// Of one byte, beside any other.
	for i := range 256 {
		for n := range 3 {
			before := strings.Repeat(" ", n) + string([]byte{byte(i)})
			if got := Index([]byte(before + "?token=")); got != n+1 && (i != '?' || got != n) {
				t.Errorf("behind %q: got %d", before, got)
			}
		}
	}
	for _, s := range []string{"", "?", "?=QQ", "?==", "a?=b&", ";", "; ", "; =", "? token=", "?tokens&="} {
		if got := Index([]byte(s)); got != -1 {
			t.Errorf("%q: got %d", s, got)
		}
	}
}

// TestBlockLetters: which bytes may stand in private keys and in their labels.
func TestBlockLetters(t *testing.T) {
	long := strings.Repeat("Q7", 20)
	for i := range 256 {
		c := string([]byte{byte(i)})
		got := told(masked("-----BEGIN PRIVATE KEY-----\n"+long+c+"ZZ-----END", true))
		want := "-----BEGIN PRIVATE KEY-----*" + c + "ZZ-----END"
		if strings.Contains(alnum+"+/=-:,._|\\ \t\r\n", c) {
			want = "-----BEGIN PRIVATE KEY-----*-----END"
		}
		if got != want {
			t.Errorf("%q in a key: %q", c, got)
		}
		for _, label := range []string{"A" + c + "PRIVATE KEY", "PRIVATE KEY" + c + "A"} {
			got = told(masked("-----BEGIN "+label+"-----\n"+long+"\n", true))
			if strings.HasSuffix(got, "*") != strings.Contains(alnum[:26]+alnum[52:]+" ", c) {
				t.Errorf("%q in a label: %q", c, got)
			}
		}
	}
}

// TestCutMarks: what is masked has a mark if all of it, with its prefix, came in one
// piece, and what may go on has none.
func TestCutMarks(t *testing.T) {
	marks := mask.NewMarks(nil)
	for _, secret := range []string{"ghp_QQQQQQQQQQQQ", "eyJa.QQQQQQ", "?token=QQ", "://u:QQ@", "//u:QQ@", "Basic dTpw"} {
		for _, before := range []string{"", "a ", strings.Repeat(" ", 300)} {
			text := before + secret + " b"
			for cut := range text {
				var m Matcher
				first, _ := m.Mask(nil, marks, []byte(text[:cut]), false, "b")
				more, _ := m.Mask(nil, marks, []byte(text[cut:]), true, "b")
				got := string(first) + string(more)
				whole := cut <= len(before) || cut > len(before)+len(secret)
				if !strings.Contains(got, "[masked ") || strings.Contains(got, "#") != whole {
					t.Errorf("%s cut at %d: %s", text, cut, got)
				}
			}
		}
	}
}

// TestSkip: a secret that begins in what is known goes on behind it.
func TestSkip(t *testing.T) {
	for _, known := range []string{"ghp_QQQQ", "gh", "a ghp_", strings.Repeat(" ", 300) + "g"} {
		text := strings.Repeat(" ", 300) + "ghp_QQQQQQQQQQQQ b"
		_, rest, _ := strings.Cut(text, strings.TrimLeft(known, " a"))
		var m Matcher
		m.Skip([]byte(known))
		if got, _ := m.Mask(nil, mask.NewMarks(nil), []byte(rest), true, "b"); strings.Contains(string(got), "Q") || !strings.HasSuffix(string(got), "] b") {
			t.Errorf("behind %s: %s", known, got)
		}
	}
}

// TestLetters: which bytes may stand in users, passwords, names and values of
// parameters.
func TestLetters(t *testing.T) {
	const blank = " \t\r\n\x00"
	for i := range 256 {
		c := string([]byte{byte(i)})
		in := func(set string) bool { return strings.Contains(set, c) }
		for text, want := range map[string]bool{
			"://u" + c + "u:QQ@h ":      !in(blank+"/@:'\"<>?#\\`(){}[]|") || in(":"),
			"://u:QQ" + c + "QQ@h ":     !in(blank + "/'\"<>?#\\`"),
			"x" + c + "//u:QQ@h ":       !in(alnum + "/._-~%"),
			"?a" + c + "my_token=QQ ":   in(alnum + "_.-%[]+" + "?&#;"),
			"a ;" + c + "my_token=QQ x": in(alnum + "_.-%[]+" + "?&#; "),
			"a ?" + c + "my_token=QQ x": in(alnum + "_.-%[]+" + "?&#;"),
		} {
			if got := masked(text, true); strings.Contains(got, "QQ") == want {
				t.Errorf("%q became %q", text, got)
			}
		}
		if got := masked("?token=QQ"+c+"Q ", true); strings.HasSuffix(got, "] ") == in(blank+"'\"<>&#;\\`{}|()[]") {
			t.Errorf("%q in a value: %q", c, got)
		}
	}
}

// TestValid: what may be behind the names of schemes, and in keys.
func TestValid(t *testing.T) {
	long := strings.Repeat("A", 512)
	for s, want := range map[string]bool{
		"dTpw": true, "dXNlcg==": false, "dXNlcg": false, "YTr7_w": true, "YTr7/w": true, "YTr7/w==": true, "abcdefghijk1": true, "abcdefghij1": false, "abcdefghijkl": false, "123456789012": false, long: false, long + "A": true, "": false, "OmFi": true, "OmE": true, "abcdefghijk~": false,
	} {
		if got := validBasic([]byte(s)); got != want {
			t.Errorf("basic %.20s: %t", s, got)
		}
	}
	for s, want := range map[string]bool{long[:24]: true, long[:23]: false, "abc12d": true, "ab12d": false, "abcde~": false, "1234567": false, "a12345": true, "abcde1": true, "123456": false, "abcdef": false, "": false} {
		if got := validBearer([]byte(s)); got != want {
			t.Errorf("bearer %s: %t", s, got)
		}
	}
	for s, want := range map[string]bool{long[:32]: true, long[:31]: false, long[:31] + "\n" + long[:31]: false, "a\n" + long[:32] + "\n": true, long[:31] + ":" + long[:32]: true, "": false} {
		if got := validPEM([]byte(s)); got != want {
			t.Errorf("key %s: %t", s, got)
		}
	}
	for s, want := range map[string]string{"a%41b": "aAb", "%41": "A", "%0a": "\n", "%a0": "\xa0", "%4": "%4", "%": "%", "%zz": "%zz", "%%41": "%A", "": "", "a%4": "a%4", "%g1%1g": "%g1%1g"} {
		if got := string(decoded([]byte(s))); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}

// TestPieces: in pieces nothing of a secret is seen, and what is none stays, wherever
// the text is cut.
func TestPieces(t *testing.T) {
	marks := mask.NewMarks(nil)
	for in, want := range map[string]string{
		"a ghp_QQQQQQQQQQQQ b glpat-QQQQQQQQ c ": "a ghp_* b glpat-* c ", "x //u:QQ@h //u:7/h //u:QQ@QQ@h ": "x //u:*@h //u:7/h //u:*@h ", "x://u:QQ@h x://u:7/h y://u:QQ@QQ@h ": "x://u:*@h x://u:7/h y://u:*@h ",
		"-----BEGIN RSA PRIVATE KEY-----\nQQQQ+QQQ/QQQQ+QQQ/QQQQ+QQQ/QQQQ+QQQ/\nQQQQ==\n-----END RSA PRIVATE KEY-----\nb ": "-----BEGIN RSA PRIVATE KEY-----*-----END RSA PRIVATE KEY-----\nb ",
		"?a=b&token=QQ&pin=QQ#c ": "?a=b&token=*&pin=*#c ", "eyJQ.QQQQQQ eyJa eyJa.b eyJQ.QQQQQQQ. ": "eyJQ.* eyJa eyJa.b eyJQ.* ", "Basic dTpw, basic of basic QQ7QQUJDQQQQQQQ= ": "Basic *, basic of basic * ",
	} {
		if got := told(masked(in, true)); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
		for cut := 1; cut < len(in); cut++ {
			for _, to := range []int{cut, min(cut+1, len(in)), min(cut+5, len(in)), len(in)} {
				var m Matcher
				var out []byte
				from := 0
				for _, end := range []int{cut, to, len(in)} {
					b, _ := m.Mask(nil, marks, []byte(in[from:end]), end == len(in) && from < end, "b")
					out, from = append(out, b...), end
				}
				got := told(string(out))
				if first, _, _ := strings.Cut(want, "*"); strings.Contains(got, "QQQQ") || !strings.HasPrefix(got, first) || !strings.HasSuffix(got, want[len(want)-1:]) {
					t.Errorf("%s cut at %d and %d became %s", in, cut, to, got)
				}
			}
		}
	}
}

// told returns s with "*" in the place of what was masked.
func told(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "[masked ")
		if !ok {
			return s
		}
		_, after, _ := strings.Cut(rest, "]")
		s = before + "*" + after
	}
}
