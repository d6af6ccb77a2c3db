package policy

import "strings"

// words returns the words of a line, without what may stand before a variable.
func words(line string) []string {
	for _, prefix := range []string{"export ", "-e ", "--env ", "-l ", "--label "} {
		line = strings.TrimPrefix(line, prefix)
	}
	if anEnv().MatchString(line) && !strings.ContainsAny(line, `"'`) {
		return []string{line} // as it stands in a file of variables
	}
	return shellWords(line)
}

// anEnv is how a variable begins that is set.
var anEnv = lazily(`^[A-Z][A-Z0-9_]*=`)

// shellWords returns the words of a line as a shell reads them, as far as quotes go. A comment
// ends it.
func shellWords(s string) (all []string) {
	var b strings.Builder
	word := false
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, word = c, true
		case c == ' ' || c == '\t':
			if word {
				all = append(all, b.String())
				b.Reset()
				word = false
			}
		case c == '#' && !word:
			i = len(s)
		default:
			b.WriteByte(c)
			word = true
		}
	}
	if word {
		all = append(all, b.String())
	}
	return all
}
