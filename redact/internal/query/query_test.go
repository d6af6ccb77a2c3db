package query

import (
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

func TestKind(t *testing.T) {
	given := name.NewGiven([]string{"wobble"})
	for called, want := range map[string]kind{
		"X-Amz-Signature": secret, "db_pwd": secret, "KEY": secret, "Wobble": secret, "session": secret,
		"labels": pairs, "changes": commands, "registryAuthFrom": plain, "author": plain, "detachKeys": plain, "": plain,
	} {
		if got := kindOf(given, []byte(called), true); got != want {
			t.Errorf("%q: got %d, want %d", called, got, want)
		}
	}
	if kindOf(given, []byte("session"), false) != plain {
		t.Error("a session is a secret anywhere")
	}
}

// TestLinear: texts that are almost secrets take time in proportion. It fails
// by running into the test's timeout.
func TestLinear(t *testing.T) {
	r := text.Rules{Marks: mask.NewMarks(nil)}
	for _, s := range masktest.Almost {
		Target(&r, nil, masktest.Many(s), false, true, "b")
	}
}
