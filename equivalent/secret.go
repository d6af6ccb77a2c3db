package equivalent

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// placeholder is what stands in the place of a secret, be it in a request target.
var placeholder = regexp.MustCompile(`\[masked \d{1,19} bytes(?: #[0-9a-f]{1,8})?\]|%5Bmasked%20\d{1,19}%20bytes(?:%20%23[0-9a-f]{1,8})?%5D`)

// secrets gives the secrets of a call names.
type secrets struct {
	made   *Names            // what earlier calls have made
	masked bool              // there are any; else what looks like a placeholder is none
	names  map[string]string // of secrets that are the same wherever they stand, by their placeholders
	taken  map[string]bool   // names
	next   map[string]int    // number for a name that is taken
	notes  []string
}

// secretsOf returns those of a request.
func secretsOf(x *wire.Exchange, o Options) *secrets {
	masked := len(x.Masked) > 0 || len(x.Request.Masked) > 0 || x.RequestBody != nil && len(x.RequestBody.Masked) > 0
	return &secrets{made: o.Names, masked: masked, names: make(map[string]string), taken: make(map[string]bool), next: make(map[string]int)}
}

// maxTellings bounds of how many secrets of a call is told what they are.
const maxTellings = 100

// cut cuts s at its placeholders, and at ids of what was made. A secret is called after what
// stands before it, else otherwise.
func (s *secrets) cut(text, otherwise string) []part {
	if !s.masked || !strings.Contains(text, "masked") {
		return s.made.cut(text)
	}
	var parts []part
	from := 0
	for _, at := range placeholder.FindAllStringIndex(text, -1) {
		if at[0] > from {
			parts = append(parts, s.made.cut(text[from:at[0]])...)
		}
		before := text[max(0, at[0]-maxBefore):at[0]]
		if text[at[0]] == '%' {
			before = dockerapi.Unescaped(before)
		}
		parts = append(parts, part{variable: s.variable(text[at[0]:at[1]], before, otherwise)})
		from = at[1]
	}
	if from < len(text) || from == 0 {
		parts = append(parts, s.made.cut(text[from:])...)
	}
	return parts
}

// maxBefore is how far before a secret its name is looked for, in bytes.
const maxBefore = 200

// named are the ways in which a name stands before its value: in JSON, in assignments,
// flags and queries, in a list of JSON, in front of a colon.
var named = []*regexp.Regexp{
	regexp.MustCompile(`"([^"\\]{1,64})"\s*:\s*"$`),
	regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]{0,63})=$`),
	regexp.MustCompile(`--?([A-Za-z][A-Za-z0-9-]{0,63})(?:"\s*,\s*"|[= ])$`),
	regexp.MustCompile(`"([^"\\]{1,64})"\s*:\s*\[[^\]]*"$`),
	regexp.MustCompile(`"([^"\\]{1,64})"\s*:\s*"[^"]*$`),
}

// variable returns the name for a secret with this placeholder.
func (s *secrets) variable(mark, before, otherwise string) string {
	if name := s.names[mark]; name != "" {
		return name
	}
	word := otherwise
	for _, r := range named {
		if m := r.FindStringSubmatch(before); m != nil {
			word = m[1]
			break
		}
	}
	name := s.name(word)
	if strings.Contains(mark, "#") {
		s.names[mark] = name
	}
	switch {
	case len(s.notes) == maxTellings:
		s.notes = append(s.notes, "More was masked: each secret has a variable of its own.")
		return name
	case len(s.notes) > maxTellings:
		return name
	}
	size := ""
	if m := maskedSize.FindStringSubmatch(mark); m != nil {
		n, _ := strconv.ParseInt(m[1], 10, 64)
		size = ", " + plural.Of(n, "byte")
	}
	if mark[0] == '%' {
		size += ", percent-encoded"
	}
	s.notes = append(s.notes, name+" is a secret that was masked: set it to the value"+size+".")
	return name
}

// maskedSize is what a placeholder says of the size of its secret.
var maskedSize = regexp.MustCompile(`masked(?: |%20)(\d+)`)

// name returns a name for a variable that no other secret of the call has.
func (s *secrets) name(word string) string {
	name := variableName(word)
	free := name
	for s.taken[free] {
		s.next[name]++
		free = name + "_" + strconv.Itoa(s.next[name]+1)
	}
	s.taken[free] = true
	return free
}

// variableName returns a name for a variable, of a word of the traffic.
func variableName(word string) string {
	var b strings.Builder
	for i := range len(word) {
		switch c := word[i]; {
		case 'a' <= c && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		case 'A' <= c && c <= 'Z':
			if i > 0 && 'a' <= word[i-1] && word[i-1] <= 'z' {
				b.WriteByte('_')
			}
			b.WriteByte(c)
		case '0' <= c && c <= '9' && b.Len() > 0:
			b.WriteByte(c)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	switch name := strings.Trim(b.String(), "_"); name {
	case "":
		return "SECRET"
	case "PATH", "HOME", "IFS", "SHELL", "USER", "PWD", "ENV", "TERM", "UID", "DOCKER_HOST": // which mean something already
		return "THE_" + name
	default:
		return name
	}
}
