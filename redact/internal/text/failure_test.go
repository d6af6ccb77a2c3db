package text

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// failureTests are errors, and what is left of them; "Q" is secret, "*" stands in its place,
// and nothing that there is nothing to mask.
var failureTests = []struct{ in, want string }{
	{`exec: "/etc/passwd": stat /etc/passwd: no such file or directory: unknown`, ""},
	{`exec: "/etc/passwd": permission denied: unknown.`, ""},
	{`exec: "/etc/passwd": permission denied`, ""},
	{`exec: "/etc/passwd": Permission denied.`, ""},
	{`exec: "passwd": executable file not found in $PATH: unknown`, ""},
	{`exec: "token": executable file not found in $PATH`, ""},
	{`exec: "token": executable file not found in %PATH%`, ""},
	{`"/run/secrets/token": no such file`, ""},
	{`'/run/secrets/token' : is a directory`, ""},
	{`x \"/etc/passwd\": stat /etc/passwd: no such file or directory: unknown\", "y"`, ""},
	{`x \\\"bin/token\\\": fork/exec bin/token: exec format error\\\""`, ""},
	{`"open "/run/secrets/token": not a directory"`, ""},
	{"a \"/x/passwd\": not found\r\nb", ""},
	{`"/etc/passwd": QQ`, `"/etc/passwd": *`},
	{`"/x/password": stat QQ: no such file or directory`, `"/x/password": *`},
	{`"/x/password": stat /x/passwordQ: no such file or directory`, `"/x/password": *`},
	{`"/x/password": Q /x/password: no such file or directory`, `"/x/password": *`},
	{`"/x/password": stat /x/password: Q`, `"/x/password": *`},
	{`"/x/password": stat /x/password: no such file or directory: Q`, `"/x/password": *`},
	{`"/x/password": no such file or directoryQ`, `"/x/password": *`},
	{`"/x/password": Q: no such file or directory`, `"/x/password": *`},
	{`"/x/password": no such file or directory: unknown: Q`, `"/x/password": *`},
	{`"Q Q/password": stat Q Q/password: no such file`, `"Q Q/password": *`}, // is said before
	{`x --password "/QQ/passwd": stat /QQ/passwd: no such file`, `x --password "*": *`},
	{`x pin="/QQ/passwd": stat /QQ/passwd: no such file`, `x pin="*": *`},
	{`x 'password': "QQ"`, `x 'password': "*"`},
	{`x "token": ` + strings.Repeat("Q", 200), `x "token": *`},
	{`"token" :   ` + strings.Repeat(" ", 100) + `not found`, `"token" :   ` + strings.Repeat(" ", 100) + `*`}, // longer than any is
	{`"/x/password": open Q Q, Q: permission denied`, `"/x/password": *`},
	{`"/x/password": 'Q Q' x`, `"/x/password": '*' x`},
	{`password": not found`, `password": *`},
	{`'password": not found`, `'password": *`},
	{`"/a b/password": not found`, `"/a b/password": *`},
}

// TestFailures: errors that quote a path are shown if they say nothing else; nothing of a
// secret is. In texts with command lines, and in lines, whose values end with a blank.
func TestFailures(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range failureTests {
		in := []byte(tt.in)
		got, _ := r.Assignments(nil, in, 0, false, true, "x").Mask(in)
		want := tt.want
		if want == "" {
			want = tt.in
		}
		if masktest.Bare(string(got)) != want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, want)
		}
		l, line := Lines{Prose: true}, []byte(tt.in+"\n")
		found, _ := l.Find(&r, nil, line, "x.").Mask(line)
		if shown := string(found) == string(line); shown != (tt.want == "") && !strings.Contains(tt.in, "--password") {
			t.Errorf("%s: as a line it became %s", tt.in, found)
		}
	}
}

// TestFailuresCut: wherever such a text ends, or is cut, what is not all of a failure is
// masked.
func TestFailuresCut(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	const in = `x "/etc/passwd": stat /etc/passwd: no such file or directory: unknown`
	value := strings.Index(in, "stat")
	for cut := value + 1; cut < len(in); cut++ {
		for _, ended := range []bool{false, true} {
			text := []byte(in[:cut])
			got, names := r.Assignments(nil, text, 0, false, ended, "x").Mask(text)
			said := strings.TrimRight(in[:cut], " ")
			whole := ended && (strings.HasSuffix(said, "file") || strings.HasSuffix(said, "directory"))
			if (names == nil) != whole {
				t.Errorf("%s, ended: %t: became %s", text, ended, got)
			}
		}
		l := Lines{Prose: true}
		for _, piece := range []string{in[:cut], in[cut:] + "\n"} {
			if names := l.Find(&r, nil, []byte(piece), "x.").Sorted().Names(0); len(names) == 0 {
				t.Errorf("%s, cut at %d: nothing of %q is masked, as a line", in, cut, piece)
			}
		}
	}
}
