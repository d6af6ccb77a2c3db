package text

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// TestExecForm: what is masked of a list, and where that ends: "|" stands there. What is
// wanted begins with it where nothing is masked.
func TestExecForm(t *testing.T) {
	long := strings.Repeat("x", 128)
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for _, tt := range []struct{ in, want string }{
		{`[`, ``},
		{`[ `, ``},
		{`[]`, `|]`},
		{`["x"`, ``},
		{`["x"]`, `|]`},
		{`["x" `, ``},
		{`["x",`, ``},
		{`["x", `, ``},
		{`["x" "y"]`, `|"y"]`},
		{`["x]`, `|"x]`},
		{`["`, `|"`},
		{`["x","y]`, `|"y]`},
		{`[""]`, `|]`},
		{`[5,"x"]`, `|5,"x"]`},
		{`['x']`, `|'x']`},
		{`["x",'-p']`, `|'-p']`},
		{`["mysql","-pq"]`, `["mysql","-p*"|]`},
		{`[ "mysql" , "-pq" ] -pq`, `[ "mysql" , "-p*" |] -pq`},
		{`["mysql","-p"]`, `|]`},
		{`["x","--password","q","q"]`, `["x","--password","*","q"|]`},
		{`["x","--password","q q\"q","-v"]`, `["x","--password","*","-v"|]`},
		{`["x","--auth","basic","-v"]`, `|]`},
		{`["x","--token-file","/etc/token","--token","q"]`, `["x","--token-file","/etc/token","--token","*"|]`},
		{`["pass:q"]`, `["pass:*"|]`},
		{`["pass:"]`, `|]`},
		{`["x","--password",""]`, `|]`},
		{`["curl","-u","$ME:q"]`, `["curl","-u","$ME:*"|]`},
		{`["curl","-u","me:q`, `|"me:q`},
		{`["curl","-ume:` + long + `"]`, `["curl","-ume:*"|]`},
		{`["curl","-u` + long[5:] + `:qq","h"]`, `["curl","-u` + long[5:] + `:*","h"|]`},
		{`["curl","-u` + long[4:] + `:qq","h"]`, `["curl","-u` + long[4:] + `:*","h"|]`},
		{`["curl","-u` + long[3:] + `:qq","h"]`, `|]`}, // its password is behind all that is looked at
		{`["curl","-u` + long[2:] + `:qq","h"]`, `|]`},
	} {
		found, at := r.execForm(nil, []byte(tt.in), 1, "")
		got := masktest.Bare(string(found.Sorted().Masked([]byte(tt.in[:at]), 0)))
		masked, rest, _ := strings.Cut(tt.want, "|")
		if masked == "" {
			masked = strings.TrimSuffix(tt.in, rest)
		}
		if got != masked || tt.in[at:] != rest {
			t.Errorf("%s:\n got %s|%s\nwant %s|%s", tt.in, got, tt.in[at:], masked, rest)
		}
	}
}
