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
		"dTpw": true, "dXNlcg==": false, "dXNlcg": false, "YTr7_w": true, "YTr7/w": true, "YTr7/w==": true, "abcdefghijk1": true, "abcdefghij1": false, "abcdefghijkl": false, "123456789012": false, long: false, long + "A": true, "": false,
	} {
		if got := validBasic([]byte(s)); got != want {
			t.Errorf("basic %.20s: %t", s, got)
		}
	}
	for s, want := range map[string]bool{long[:24]: true, long[:23]: false, "abc12d": true, "ab12d": false, "123456": false, "abcdef": false, "": false} {
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
		"a ghp_QQQQQQQQQQQQ b glpat-QQQQQQQQ c ": "a ghp_* b glpat-* c ", "x://u:QQ@h x://u:7/h y://u:QQ@QQ@h ": "x://u:*@h x://u:7/h y://u:*@h ",
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
