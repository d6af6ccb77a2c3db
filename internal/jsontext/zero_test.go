package jsontext

import "testing"

func TestIsZero(t *testing.T) {
	for text, want := range map[string]bool{
		"null": true, `""`: true, "0": true, "false": true, `"0001-01-01T00:00:00Z"`: true,
		"true": false, `"0"`: false, "1": false, `" "`: false, "-0": false, "0.0": false, `"2024-01-01T00:00:00Z"`: false, "{}": false, "": false,
	} {
		if got := IsZero([]byte(text)); got != want {
			t.Errorf("%s: got %t", text, got)
		}
	}
}
