package text

import (
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// TestAssignments: what quotes command lines. "*" is a placeholder.
func TestAssignments(t *testing.T) {
	r := NewRules(name.NewGiven([]string{"x-custom"}), mask.NewMarks(nil))
	for in, want := range map[string]string{
		"export API_TOKEN=q; y":               "export API_TOKEN=*; y",
		"x --password='q q' -v":               "x --password='*' -v",
		"x --token q --no-token q":            "x --token * --no-token q",
		"ENV MY_KEY q":                        "ENV MY_KEY *",
		"-H 'X-Vault-Token: q' -H 'A: b'":     "-H 'X-Vault-Token: *' -H 'A: b'",
		`-d {\"password\": \"q\"}`:            `-d {\"password\": \"*\"}`,
		"X-Custom: q":                         "X-Custom: *",
		"TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)": "TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)",
		"[ $TOKEN == q ]":                     "[ $TOKEN == q ]",
		"a=b key: value":                      "a=b key: value",
	} {
		found := r.Assignments(nil, []byte(in), 0, false, true, "x").Sorted()
		if got := masktest.Bare(string(found.Masked([]byte(in), 0))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	masktest.Linear(t, func(b []byte) { r.Assignments(nil, b, 0, false, true, "b") })
	masktest.Linear(t, func(b []byte) { new(Lines).Find(&r, nil, b, "b") })
}
