package main

import (
	"strings"
	"testing"
)

// TestCorrect takes lines of corrections, and says which it does not understand.
func TestCorrect(t *testing.T) {
	for line, ok := range map[string]bool{
		"": true, "# x": true, "A x x": true, "A y 1.30 - -": true, "A x = = 1.40 z": true,
		"A": false, "A x": false, "A x 1.30": false, "A x 1.30 -": false, "B x 1.30 - -": false, "A n x": false, "A x no - -": false,
	} {
		all := map[string]*operation{"A": {args: map[string]*argument{"x": {}}}}
		if err := correct(all, strings.Fields(line)); (err == nil) != ok {
			t.Errorf("%q: %v", line, err)
		}
	}
}
