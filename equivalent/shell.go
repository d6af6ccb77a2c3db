package equivalent

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// shellQuoted returns s as one word of a shell that stands for its bytes: within single
// quotes; within $'…' (POSIX.1-2024, section 2.2.4), if there is something in it that a
// terminal does not simply show. Line ends stay. s has no zero bytes, which no word can
// have.
func shellQuoted(s string) string {
	if !isShown(s, "\n") {
		return dollarQuoted(s)
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// shellWord is shellQuoted without quotes where none are needed.
func shellWord(s string) string {
	if s == "" || s[0] == '~' {
		return shellQuoted(s)
	}
	for _, r := range s {
		if !isPlain(r) {
			return shellQuoted(s)
		}
	}
	return s
}

// shellParts returns one word of pieces of a text, of which quoted quotes those as they were
// sent: within double quotes, if no piece has anything in it that means something there.
func shellParts(parts []part, quoted func(string) string) string {
	double := len(parts) > 1
	for _, p := range parts {
		double = double && isInert(p.text)
	}
	var b strings.Builder
	for i, p := range parts {
		switch {
		case p.variable == "" && double:
			b.WriteString(p.text)
		case p.variable == "":
			b.WriteString(quoted(p.text))
		case !double:
			b.WriteString(`"$` + p.variable + `"`)
		case i+1 < len(parts) && goesOn(parts[i+1].text):
			b.WriteString("${" + p.variable + "}")
		default:
			b.WriteString("$" + p.variable)
		}
	}
	if double {
		return `"` + b.String() + `"`
	}
	return b.String()
}

// inBackground has a command go on while those behind it run. One that is endless can be
// killed.
func inBackground(command string, n int, endless bool) string {
	command += " &"
	if endless {
		command += "\naside" + strconv.Itoa(n) + "=$!"
	}
	return command
}

// killed returns what kills the endless commands in the background, and awaits the others.
func killed(endless []int) string {
	text := ""
	for _, n := range endless {
		text += "kill $aside" + strconv.Itoa(n) + " 2>/dev/null\n" // it may have ended now
	}
	return text + "wait"
}

// isInert says whether s stands for itself within double quotes (POSIX.1-2024, section
// 2.2.3), also where a "!" asks for the history.
func isInert(s string) bool { return isShown(s, "") && !strings.ContainsAny(s, "\"$`\\!") }

// goesOn says whether a shell would read s as more of the variable before it: of its name, a
// subscript, a modifier.
func goesOn(s string) bool {
	return s != "" && (strings.IndexByte("_[:", s[0]) >= 0 || idLen(s[:1]) == 1)
}

// isPlain says whether r means nothing to a shell, wherever it is in a word.
func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("@%+=:,./_-", r)
}

// dollarQuoted returns s within $'…'. What is not shown is written byte by byte, so that
// the locale does not matter.
func dollarQuoted(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("$'")
	each(s, func(piece string, shown bool) {
		if shown {
			for i := range len(piece) {
				if c := piece[i]; c == '\'' || c == '\\' {
					b.WriteByte('\\')
				}
				b.WriteByte(piece[i])
			}
			return
		}
		for i := range len(piece) {
			switch c := piece[i]; c {
			case '\n':
				b.WriteString(`\n`)
			case '\t':
				b.WriteString(`\t`)
			case '\r':
				b.WriteString(`\r`)
			default:
				b.WriteString(`\x` + string([]byte{hex[c>>4], hex[c&15]}))
			}
		}
	})
	b.WriteString("'")
	return b.String()
}

// each calls do for one character of s after the other, or one byte that is none, and
// says whether a terminal shows it.
func each(s string, do func(piece string, shown bool)) {
	var marks scan.Marks
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		over := marks.Over(r)
		do(s[i:i+n], !over && (r != utf8.RuneError || n > 1) && scan.Shown(s, i, r))
		i += n
	}
}

// isShown says whether a terminal shows all of s, but for those of also.
func isShown(s, also string) bool {
	if scan.Graphic(s) == len(s) {
		return true
	}
	all := true
	each(s, func(piece string, shown bool) {
		all = all && (shown || strings.Contains(also, piece))
	})
	return all
}
