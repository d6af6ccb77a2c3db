package markup

import (
	"regexp"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

// inMarkdown returns a sentence, for the beginning of a line, and inCell one in a table.
func inMarkdown(t Text) string { return atBeginning(spans(t, codeSpan)) }
func inCell(t Text) string     { return spans(t, codeInCell) }

// spans returns a sentence, with code as it is written by a function. Backticks of two pieces
// are kept apart: together they would be others (CommonMark, section 6.1).
func spans(t Text, code func(string) string) string {
	var out strings.Builder
	for _, s := range t {
		write := escapeMarkdown
		if s.Marks&AsCode != 0 {
			write = code
		}
		text := s.Marks.tagged(write(s.Text))
		if strings.HasPrefix(text, "`") && strings.HasSuffix(out.String(), "`") {
			text = nothing + text
		}
		out.WriteString(text)
	}
	return out.String()
}

// nothing is what is not seen, and no text: Markdown takes comments of HTML.
const nothing = "<!-- -->"

// escapeMarkdown returns text in which nothing is marked up. Addresses in it may become links
// to where they say, since GitHub looks for them by itself.
func escapeMarkdown(s string) string {
	var out strings.Builder
	for _, r := range escape.Line(s) {
		if strings.ContainsRune("\\`*_[]<>&~|$", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// begins finds what is no text at the beginning of a line: the mark of a heading or of a list,
// the number of a list, a line that parts others, the space of a block of code (CommonMark,
// sections 4 and 5). What else there may be is escaped wherever it stands.
var begins = regexp.MustCompile(`^(?:[-+# ]|\d+[.)])`)

// atBeginning returns a sentence for the beginning of a line.
func atBeginning(s string) string {
	at := begins.FindStringIndex(s)
	if at == nil {
		return s
	}
	last := at[1] - 1
	if s[last] == ' ' {
		return "&#32;" + s[1:]
	}
	return s[:last] + `\` + s[last:]
}

// inHeading returns the text of a heading, in which hashes at its end, but for spaces, would be
// taken for the end of it (CommonMark, section 4.2).
func inHeading(s string) string {
	s = escapeMarkdown(s)
	if text := strings.TrimRight(s, " "); strings.HasSuffix(text, "#") {
		last := len(text) - 1
		return s[:last] + `\` + s[last:]
	}
	return s
}

// codeSpan returns text as code in a sentence (CommonMark, section 6.1).
func codeSpan(s string) string {
	s = escape.Line(s)
	if s == "" {
		return `""`
	}
	ticks := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// codeInCell returns text as code in a table, where a bar ends the cell also in code. It would
// not with a backslash before it (GitHub Flavored Markdown, section 4.10); but of two
// backslashes, of which one is of the text, readers think differently.
func codeInCell(s string) string {
	if !strings.Contains(s, "|") {
		return codeSpan(s)
	}
	return "<code>" + strings.ReplaceAll(escapeMarkdown(s), `\|`, "&#124;") + "</code>"
}

// fence returns text that stands as it is, between fences that are longer than any run of
// backticks in it (CommonMark, section 4.5).
func fence(lang, text string) string {
	text = escape.Lines(strings.TrimRight(text, "\n"))
	ticks := strings.Repeat("`", max(longestRun(text)+1, 3))
	return ticks + lang + "\n" + text + "\n" + ticks
}

// longestRun returns how many backticks are in a row at most.
func longestRun(s string) (most int) {
	n := 0
	for i := range len(s) {
		if s[i] != '`' {
			n = 0
			continue
		}
		n++
		most = max(most, n)
	}
	return most
}
