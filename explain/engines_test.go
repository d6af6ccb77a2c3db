package explain

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

func TestEngines(t *testing.T) {
	for version, want := range map[string]string{
		"1.41":  "works with engines 20.10 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later",
		"1.24":  "works with engines up to 28; 29.0 to 29.2 want 1.44 or later, 29.3 and later 1.40",
		"1.40":  "works with engines 19.03 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later",
		"1.39":  "works with engines up to 28; 29.0 to 29.2 want 1.44 or later, 29.3 and later 1.40",
		"1.43":  "works with engines 24.0 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later",
		"1.44":  "works with engines 25.0 and later",
		"1.50":  "works with engines 28.2 and later",
		"1.55":  "works with engines 29.6 and later",
		"1.12":  "works with engines up to 24; 25.0 to 28 want 1.24 or later, 29.0 to 29.2 1.44, 29.3 and later 1.40",
		"1.11":  "works with no engine that is known: up to 24 want 1.12 or later, 25.0 to 28 1.24, 29.0 to 29.2 1.44, 29.3 and later 1.40",
		"1.56":  "works with no engine that is known: they have 1.55 at most",
		"4.0.0": "",
		"":      "",
		"x":     "",
	} {
		if got := Engines(version); got != want {
			t.Errorf("%s: got  %s\nwant %s", version, got, want)
		}
	}
}

// TestEnginesAgree: for every version, an engine is named as one that wants more if and
// only if it does.
func TestEnginesAgree(t *testing.T) {
	for minor := range 70 {
		v := dockerapi.Version{Major: 1, Minor: minor}
		text := Engines(v.String())
		works, wants, _ := strings.Cut(text, ";")
		for _, e := range dockerapi.Engines() {
			if strings.Contains(works, " "+e.Series+" ") && strings.Contains(works, "works with engine") && e.Refuses(v) != dockerapi.Accepted {
				t.Errorf("%s: engine %s does not: %s", v, e.Series, text)
			}
			if strings.Contains(wants, " "+e.Series+" ") && e.Refuses(v) != dockerapi.TooOld {
				t.Errorf("%s: engine %s does not find it too old: %s", v, e.Series, text)
			}
		}
	}
}
