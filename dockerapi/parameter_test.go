package dockerapi

import "testing"

func TestParameter(t *testing.T) {
	for _, c := range []struct {
		query, name, want string
		is                bool
	}{
		{"a=1&b=2", "b", "2", true},
		{"a=1&a=2", "a", "1", true},
		{"a", "a", "", true},
		{"a%20b=c+d%21", "a b", "c d!", true},
		{"a=%zz", "a", "%zz", true},
		{"aa=1", "a", "", false},
		{"", "a", "", false},
	} {
		if got, is := Parameter(c.query, c.name); got != c.want || is != c.is {
			t.Errorf("%s of %q: got %q, %t", c.name, c.query, got, is)
		}
	}
}

func TestIsTrue(t *testing.T) {
	for value, want := range map[string]bool{
		"": false, "0": false, "no": false, "false": false, "none": false, "False": false, "NONE": false, " no ": false, " ": false,
		"1": true, "true": true, "yes": true, "True": true, "on": true, "00": true, "f": true, "null": true, "-": true,
	} {
		if got := IsTrue(value); got != want {
			t.Errorf("%q: got %t", value, got)
		}
	}
}
