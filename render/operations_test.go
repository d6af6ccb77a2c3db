package render

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/explain"
)

// someOperations are of every API, and of every kind of remark.
func someOperations() (list []explain.Found) {
	for _, name := range []string{"ContainerList", "ContainerWait", "CheckpointDelete", "Session", "ImageViz", "ManifestPushLibpod", "Control/Solve", "Task/Kill"} {
		list = append(list, explain.Found{Entry: explain.Of(name)})
	}
	return list
}

// TestOperationsGolden compares what is shown at some widths with golden files.
func TestOperationsGolden(t *testing.T) {
	for name, o := range map[string]Options{
		"operations":       {},
		"operations80":     {Color: true, Width: func() int { return 80 }},
		"operations160":    {Width: func() int { return 160 }},
		"operations-small": {Width: func() int { return 30 }, ASCII: true},
	} {
		got := Operations(someOperations(), o)
		got = append(append(got, '\n'), Operations(explain.Find("condition"), o)...)
		got = append(append(got, '\n'), Operations(explain.Find("409"), o)...)
		got = append(append(got, '\n'), Overview(explain.All(), o)...)
		for _, name := range []string{"ContainerCreate", "Secrets/GetSecret", "HTTP2Preface"} {
			got = append(append(got, '\n'), Operation(explain.Of(name), o)...)
		}
		got = append(got, Example("docker ps", o)...)
		golden := filepath.Join("testdata", "golden", name+".txt")
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v; got\n%s", name, err, got)
		}
	}
	if got := Operations(nil, Options{}); len(got) != 0 {
		t.Errorf("of none: %q", got)
	}
}

// TestOperationsWidth: no line is wider than the terminal, but for what cannot be broken.
func TestOperationsWidth(t *testing.T) {
	for _, width := range []int{80, 100, 129, 130, 160, 200} {
		o := Options{Width: func() int { return width }}
		text := append(Operations(explain.Find(), o), Overview(explain.All(), o)...)
		for _, words := range []string{"NetworkMode", "404", "docker run", "Container*", "filters"} {
			text = append(text, Operations(explain.Find(words), o)...)
		}
		for _, e := range explain.All() {
			text = append(text, Operation(e, o)...)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if n := columns([]byte(line)); n > width || strings.TrimRight(line, " ") != line {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
		}
	}
}
