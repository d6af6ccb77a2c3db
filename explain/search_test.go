package explain

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestSearchNames: how a part of a name begins counts as much as a field that has the word, and
// Docker's own operations are before those of others.
func TestSearchNames(t *testing.T) {
	for words, want := range map[string][]string{
		"container log":  {"ContainerLogs", "RuntimeService/ReopenContainerLog", "ContainerLogsLibpod", "ContainerInspect"},
		"log":            {"ContainerLogs", "ServiceLogs", "TaskLogs", "RuntimeService/ReopenContainerLog", "ContainerLogsLibpod"},
		"LOG":            {"ContainerLogs", "ServiceLogs", "TaskLogs", "RuntimeService/ReopenContainerLog", "ContainerLogsLibpod"},
		"event":          {"SystemEvents"},
		"container stat": {"ContainerStats"},
		"change":         {"ContainerChanges"},
	} {
		var names []string
		for _, f := range Find(strings.Fields(words)...) {
			names = append(names, f.Name)
		}
		if len(names) < len(want) || !slices.Equal(names[:len(want)], want) {
			t.Errorf("%s: got %q, want %q first", words, names, want)
		}
	}
}

// TestSearchBegun: where no operation has the words whole, parts of all count, not those of names alone.
func TestSearchBegun(t *testing.T) {
	list := Find("sec")
	if len(list) == 0 || list[0].Group != "Secret" {
		t.Fatalf("sec: %v", list)
	}
	if !slices.ContainsFunc(list, func(f Found) bool { return f.Name == "ContainerCreate" && strings.Contains(f.Why, "SecurityOpt") }) {
		t.Error("sec: no SecurityOpt")
	}
	for _, f := range Find("lo") {
		if f.Name == "ContainerLogs" {
			t.Error("two letters are the beginning of a word")
		}
	}
}

// TestSearchMany: words that are there again change nothing, whatever their number; those that are
// longer than all names find nothing.
func TestSearchMany(t *testing.T) {
	want := found("container log")
	if got := found("container log" + strings.Repeat(" log container", 5000)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Find(strings.Repeat("a", 100000)); len(got) > 0 {
		t.Errorf("a long word: %d", len(got))
	}
	var many []string
	for i := range 10000 {
		many = append(many, fmt.Sprint("a", i))
	}
	if got := Find(many...); len(got) > 0 {
		t.Errorf("many words: %d", len(got))
	}
}

// TestSearchBounds: no search is for more words than there may be, nor for longer ones.
func TestSearchBounds(t *testing.T) {
	var many []string
	for i := range maxWords {
		many = append(many, fmt.Sprint("a", i))
	}
	long := strings.Repeat("a", maxWord)
	for _, c := range []struct {
		typed []string
		want  []string // nil: they cannot be searched for
	}{
		{nil, []string{}},
		{[]string{"b", "a", "b", "'a'"}, []string{"b", "a"}},
		{many, many},
		{append(slices.Clone(many), many...), many},
		{append(slices.Clone(many), "b"), nil},
		{[]string{long}, []string{long}},
		{[]string{"a", long + "a"}, nil},
	} {
		if got, ok := wordsOf(c.typed); !slices.Equal(got, c.want) || ok != (c.want != nil) {
			t.Errorf("%.80q: got %d words, want %d", c.typed, len(got), len(c.want))
		}
	}
}
