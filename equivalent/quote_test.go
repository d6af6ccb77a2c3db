package equivalent

import (
	"bytes"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/need"
)

// texts have all that quoting has to care for.
var texts = []string{"", "a", "it's", `'`, `''`, `\`, `\'`, `"`, "$HOME `id` $(id) !! !x", "a b\tc\nd\r\n", "\x01\x1b[31m\x7f", "~", "-x", "#", "ä€😀",
	"\xff\xfe'\x80", "\u202eabc\u2066", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\xe2a", "\\x41", "\\'\x01'", "%s %d \\n", "{a,b} [a-z]* ?", "\ufeff", "\ue000"}

// everyByte is all that a word can have.
func everyByte() string {
	var b []byte
	for i := range 255 {
		b = append(b, byte(i+1))
	}
	return string(b)
}

// randomTexts returns texts of characters and bytes that quoting has to care for.
func randomTexts() (all []string) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"'", "\\", "$", "`", "!", "\n", "\t", "\r", "\x01", "\x1b", "\x7f", "\x80", "\xff", "\xe2", "\u202e", "\u0301", "€", "😀", "a", "1", " ", "\"", "{", "*", "~", "-", "=", "#", "%"}
	for range 1000 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		all = append(all, b.String())
	}
	return all
}

// viaBash returns what bash makes of words, each with a zero byte behind it.
func viaBash(t testing.TB, words []string) []string {
	t.Helper()
	cmd := exec.Command(need.Program(t, "bash"))
	cmd.Stdin = strings.NewReader("printf '%s\\0' " + strings.Join(words, " ") + "\n")
	cmd.Env = []string{"LC_ALL=C"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("bash: %v, of %q", err, words)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// TestShellQuoted: bash gives the bytes back.
func TestShellQuoted(t *testing.T) {
	all := slices.Concat([]string{everyByte()}, texts, randomTexts())
	var words []string
	for _, s := range all {
		words = append(words, shellQuoted(s), shellWord(s))
	}
	got := viaBash(t, words)
	for i, s := range all {
		for _, g := range got[2*i : 2*i+2] {
			if g != s {
				t.Errorf("%q became %q, by %s", s, g, words[2*i])
			}
		}
		if strings.Trim(words[2*i], "\n") != words[2*i] || !isShown(words[2*i], "\n") {
			t.Errorf("%q drives the terminal", words[2*i])
		}
	}
	for s, want := range map[string]string{"/var/run/docker.sock": "/var/run/docker.sock", "": "''", "~": "'~'", "a b": "'a b'", "it's": `'it'\''s'`, "\x01'": `$'\x01\''`} {
		if got := shellWord(s); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

// viaPython returns what Python makes of literals, as os.fsencode has them.
func viaPython(t testing.TB, literals []string) []string {
	t.Helper()
	cmd := exec.Command(need.Program(t, "python3"), "-c", `import ast, sys
for line in sys.stdin.buffer.read().decode().split("\0"):
    sys.stdout.buffer.write(ast.literal_eval(line).encode("utf-8", "surrogateescape") + b"\0")`)
	cmd.Stdin = strings.NewReader(strings.Join(literals, "\x00"))
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s\nof %q", err, failed.Bytes(), literals)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

// TestPyString: Python gives the bytes back.
func TestPyString(t *testing.T) {
	all := slices.Concat([]string{everyByte()}, texts, randomTexts())
	var literals []string
	for _, s := range all {
		literals = append(literals, pyString(s))
	}
	got := viaPython(t, literals)
	for i, s := range all {
		if got[i] != s {
			t.Errorf("%q became %q, by %s", s, got[i], literals[i])
		}
		if !isShown(literals[i], "") {
			t.Errorf("%q drives the terminal", literals[i])
		}
	}
}

func FuzzShellQuoted(f *testing.F) {
	f.Add(everyByte())
	f.Add(strings.Join(texts, ""))
	f.Fuzz(func(t *testing.T, s string) {
		if s = strings.ReplaceAll(s, "\x00", ""); len(s) > 1000 {
			return
		}
		if got := viaBash(t, []string{shellQuoted(s)}); got[0] != s {
			t.Errorf("%q became %q", s, got[0])
		}
	})
}

func FuzzPyString(f *testing.F) {
	f.Add(everyByte())
	f.Add(strings.Join(texts, ""))
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\x00") || len(s) > 1000 || !utf8.ValidString(pyString(s)) {
			return
		}
		if got := viaPython(t, []string{pyString(s)}); got[0] != s {
			t.Errorf("%q became %q", s, got[0])
		}
	})
}
