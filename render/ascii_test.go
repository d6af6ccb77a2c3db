package render

import (
	"bytes"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestGlyphs: everything beyond ASCII that this package writes has a form in ASCII.
func TestGlyphs(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	look := func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != gotoken.STRING {
			return true
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.ReplaceAll(s, asEmoji, "") {
			if r >= 0x80 {
				seen[string(r)] = true
			}
		}
		return true
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, look)
	}
	for i, s := range glyphs {
		switch {
		case i%2 == 0 && !seen[s]:
			t.Errorf("%s has a form that nobody needs", s)
		case i%2 == 1 && strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }):
			t.Errorf("%s is not ASCII", s)
		}
	}
	for s := range seen {
		if i := slices.Index(glyphs, s); i < 0 || i%2 == 1 {
			t.Errorf("%s has no form in ASCII", s)
		}
	}
}

// TestASCII: no byte beyond ASCII is shown that the traffic did not send.
func TestASCII(t *testing.T) {
	for name, events := range scripts() {
		for _, width := range []int{0, 60, 80, 160} {
			for _, heads := range []Heads{HeadsFull, HeadsShort, HeadsNone} {
				for _, bodies := range []Bodies{BodiesFull, BodiesShort, BodiesNone} {
					o := Options{ASCII: true, Width: func() int { return width }, Zone: time.UTC, Heads: heads, Bodies: bodies}
					out := []byte(textWith(t, o, events...))
					for _, sent := range []string{"世", "界"} {
						out = bytes.ReplaceAll(out, []byte(sent), nil)
					}
					if i := bytes.IndexFunc(out, func(r rune) bool { return r >= 0x80 }); i >= 0 {
						t.Errorf("%s in %d columns, heads %d, bodies %d: %q", name, width, heads, bodies, out[i:min(len(out), i+40)])
					}
				}
			}
		}
	}
}

// TestWidths: no line is wider than the terminal.
func TestWidths(t *testing.T) {
	for name, events := range scripts() {
		for _, width := range []int{60, 80, 100, 160} {
			for _, color := range []bool{false, true} {
				for _, ascii := range []bool{false, true} {
					o := Options{Color: color, ASCII: ascii, Width: func() int { return width }, Heads: HeadsShort, Bodies: BodiesShort}
					for line := range strings.Lines(textWith(t, o, events...)) {
						if n := columns([]byte(strings.TrimSuffix(line, "\n"))); n > width {
							t.Errorf("%s: %d columns in %d: %s", name, n, width, line)
						}
					}
				}
			}
		}
	}
}
