package form

import (
	"regexp"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
)

func TestForms(t *testing.T) {
	marks := mask.NewMarks([]byte("test"))
	for _, tt := range masktest.Tokens {
		if tt.Want == "" {
			continue
		}
		out, names := Mask(nil, marks, []byte(tt.In), true, "b")
		if masktest.Bare(string(out)) != tt.Want || names == nil {
			t.Errorf("%q\n got %q\nwant %q", tt.In, out, tt.Want)
		}
		again, names := Mask(nil, marks, out, true, "b")
		if names != nil {
			t.Errorf("%q became %q", out, again)
		}
	}
	for _, s := range masktest.Harmless {
		if out, names := Mask(nil, marks, []byte(s), true, "b"); names != nil {
			t.Errorf("%q became %q", s, out)
		}
		var m Matcher
		if found := append(Find(nil, marks, []byte(s), true, "b"), m.Find(nil, marks, []byte(s), true, "b")...); len(found) != 0 {
			t.Errorf("in %q is %+v", s, found)
		}
	}
}

// TestFormMarks: the mark is that of the whole token, wherever it is.
func TestFormMarks(t *testing.T) {
	marks := mask.NewMarks([]byte("test"))
	token := "ghp_" + masktest.Long
	out, _ := Mask(nil, marks, []byte(token), true, "b")
	mark := regexp.MustCompile(`#[0-9a-f]{8}`).FindString(marks.Placeholder([]byte(token), 1))
	if string(out) != "ghp_[masked 40 bytes "+mark+"]" {
		t.Errorf("got %s, mark %s", out, mark)
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	masktest.Linear(t, func(b []byte) { Mask(nil, mask.NewMarks(nil), b, true, "b") })
}
