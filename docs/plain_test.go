package docs

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestPlain has paragraphs, lists, tables and examples as they are read.
func TestPlain(t *testing.T) {
	const markdown = "# A page\n\nOne **two** `three` four\nfive [six](https://x.y/z).\n\n## Next\n\n" +
		"- first item that\n  goes on\n  - inner\n12. second\n\n```\nan example that is   left as it is\n\n  | a | b |\n```\n" +
		"| flag | shows |\n|---|---|\n| `--a` | **much** that is said of it here |\n| `b\\|c` | |\nbehind\n"
	const want = "A PAGE\n\nOne two `three` four\nfive six\n(https://x.y/z).\n\nNext\n----\n\n" +
		"- first item that goes\n  on\n  - inner\n12. second\n\n  an example that is   left as it is\n\n    | a | b |\n" +
		"flag   shows\n`--a`  much that is\n       said of it here\n`b|c`\nbehind\n"
	if got := Plain(markdown, 23); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestPlainIndented leaves the lines of indented examples as they are, one by one, and
// knows them from text that goes on.
func TestPlainIndented(t *testing.T) {
	for _, c := range []struct{ markdown, want string }{
		{"text\n\n    socktrace run --tlsverify -- docker ps\n    socktrace   listen\n\nmore\n", "text\n\n  socktrace run --tlsverify -- docker ps\n  socktrace   listen\n\nmore\n"},
		{"    first\n\n      # within | it\n    - no item\nmore\n", "  first\n\n    # within | it\n  - no item\nmore\n"},
		{"# T\n    an example\n", "T\n  an example\n"},
		{"text that\n    goes on\n", "text that goes on\n"},
		{"- item\n    that goes on\n\n    and on\n\ntext\n\n    code\n", "- item that goes on\n\nand on\n\ntext\n\n  code\n"},
	} {
		if got := Plain(c.markdown, 24); got != c.want {
			t.Errorf("%q: got %q, want %q", c.markdown, got, c.want)
		}
	}
}

// TestFit makes no column narrower than can be read, and only the widest.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		widths []int
		room   int
		want   []int
	}{
		{[]int{5, 40, 60}, 80, []int{5, 35, 36}}, {[]int{5, 6}, 80, []int{5, 6}}, {[]int{30, 40}, 10, []int{12, 12}}, {[]int{5, 6}, 3, []int{5, 6}},
	} {
		fit(c.widths, c.room)
		for i := range c.want {
			if c.widths[i] != c.want[i] {
				t.Errorf("in %d: %d, want %d", c.room, c.widths, c.want)
				break
			}
		}
	}
}

// TestPlainPages: each fits in 80 and 110 columns, but for examples, and has nothing
// left of what it was marked up with.
func TestPlainPages(t *testing.T) {
	pages, err := Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		for _, width := range []int{80, 110} {
			for line := range strings.Lines(Plain(p.Text, width)) {
				line = strings.TrimRight(line, "\n")
				if n := utf8.RuneCountInString(line); n > width && !strings.HasPrefix(line, "  ") {
					t.Errorf("%s: %d columns: %s", p.Name, n, line)
				}
				if strings.Contains(line, "**") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "# ") || strings.Contains(line, "](http") {
					t.Errorf("%s: marked up: %s", p.Name, line)
				}
			}
		}
	}
}
