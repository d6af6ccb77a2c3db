package policy

import (
	"strconv"
	"strings"
)

// words returns the words of a line without quotes and what may stand around them: "NAME: value"
// of YAML is NAME=value.
func words(line string, yaml bool) []string {
	if yaml {
		line = strings.TrimSpace(strings.TrimPrefix(line, "- "))
		if m := aPair().FindStringSubmatch(line); m != nil {
			if m[2] != "" && strings.HasPrefix(m[2], "[") {
				return compose(quotedOnes(m[2]))
			}
			if m[1] == "command" {
				return compose(shellWords(m[2]))
			}
			return compose([]string{strings.Trim(m[1], `"'`) + "=" + unquote(m[2])})
		}
		if line != "" && (line[0] == '\'' || line[0] == '"') {
			return compose([]string{unquote(line)})
		}
		return compose(shellWords(line))
	}
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

// aPair is a key with its value.
var aPair = lazily(`^(["']?[A-Za-z][\w.-]*["']?):(?:[ \t]+(.*))?$`)

// compose puts the one $ in the place of two that stand for it.
func compose(words []string) []string {
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "$$", "$")
	}
	return words
}

// unquote returns what a scalar of YAML stands for, without the comment behind it.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	switch s[0] {
	case '\'':
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			if s[i] == '\'' {
				if i+1 == len(s) || s[i+1] != '\'' {
					break
				}
				i++
			}
			b.WriteByte(s[i])
		}
		return b.String()
	case '"':
		if prefix, err := strconv.QuotedPrefix(s); err == nil {
			if v, err := strconv.Unquote(prefix); err == nil {
				return v
			}
		}
		return strings.Trim(s, `"`)
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = strings.TrimSpace(s[:i])
	}
	return s
}

// quotedOnes returns what stands in quotes in a list of YAML in one line.
func quotedOnes(s string) (all []string) {
	for i := 0; i < len(s); i++ {
		if s[i] != '\'' && s[i] != '"' {
			continue
		}
		all = append(all, unquote(s[i:]))
		quote := s[i]
		for i++; i < len(s) && s[i] != quote; i++ {
			if quote == '"' && s[i] == '\\' {
				i++
			}
		}
	}
	return all
}

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
