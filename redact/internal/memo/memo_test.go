package memo

import (
	"strconv"
	"strings"
	"testing"
)

// TestMemo: what is remembered is what was put for that name, never for another, and
// the first in a place stays.
func TestMemo(t *testing.T) {
	var m Memo[string]
	kept := 0
	for i := range 3 * slots {
		name := strconv.Itoa(i)
		if got, ok := Get(&m, name); ok {
			t.Fatalf("%s: got %s before anything was put", name, got)
		}
		Put(&m, name, "x"+name)
		Put(&m, []byte(name), "another")
		if got, ok := Get(&m, []byte(name)); ok {
			kept++
			if got != "x"+name {
				t.Fatalf("%s: got %s", name, got)
			}
		}
	}
	if kept < slots/4 || kept > slots {
		t.Errorf("%d are kept", kept)
	}
	for size, want := range map[int]bool{0: true, 1: true, maxName: true, maxName + 1: false} {
		var m Memo[int]
		Put(&m, strings.Repeat("x", size), size)
		if got, ok := Get(&m, strings.Repeat("x", size)); ok != want || ok && got != size {
			t.Errorf("%d bytes: got %d, %t", size, got, ok)
		}
	}
}
