package filter

import (
	"reflect"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/socktrace/socktrace/internal/spelling"
)

// kinds are our words for types, by those of the compiler.
var kinds = map[string]string{
	"bool": "a condition", "int": "a number", "float64": "a number", "string": "text", "time.Duration": "a duration", "time.Time": "a time",
	"any": "anything", "unknown": "anything",
}

// kindOf returns what the compiler calls a type; "any" if it may be anything.
func kindOf(t reflect.Type) string {
	if t == nil || t.Kind() == reflect.Interface {
		return "any"
	}
	return t.String()
}

// kind returns our word for a type.
func kind(name string) string {
	k, known := kinds[name]
	switch {
	case known:
		return k
	case strings.HasPrefix(name, "[]"):
		return "a list"
	case strings.HasPrefix(name, "map["):
		return "a table"
	case strings.HasPrefix(name, "func("):
		return "a function"
	}
	return name
}

// saying is a message of the compiler, and ours in its place.
type saying struct {
	theirs *regexp.Regexp
	ours   func(m []string) string
}

// endsEarly is what is wrong with an expression that goes on nowhere.
const endsEarly = "it ends where something has to follow"

// sayings are those that we say in our own words. The first that fits counts. Few who
// run the program need them.
var sayings = sync.OnceValue(func() []saying {
	return []saying{
		{regexp.MustCompile(`^unknown name (.+)$`), func(m []string) string { return unknown(m[1]) }},
		{regexp.MustCompile(`^unexpected token EOF$|^unexpected end of expression$`), func([]string) string { return endsEarly }},
		{regexp.MustCompile(`^unexpected token \w+\("(.+)"\)$`), func(m []string) string { return unexpected(m[1]) }},
		{regexp.MustCompile(`^literal not terminated$`), func([]string) string { return "text without its closing quote" }},
		{regexp.MustCompile(`^bad number syntax: (.+)$`), func(m []string) string {
			return m[1] + ` is no number (text stands in quotes, also that of a duration: "500ms")`
		}},
		{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)$`), func(m []string) string {
			return m[1] + " cannot have " + kind(m[2]) + " and " + kind(m[3]) + " on its sides"
		}},
		{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (.+)\)$`), func(m []string) string {
			return m[1] + " cannot have " + kind(m[2]) + " behind it"
		}},
		{regexp.MustCompile(`^type (.+) has no (?:field|method) (.+)$`), func(m []string) string { return kind(m[1]) + " has no field " + m[2] }},
		{regexp.MustCompile(`^invalid argument for (\w+) \(type (.+)\)$`), func(m []string) string { return m[1] + "() cannot take " + kind(m[2]) }},
		{regexp.MustCompile(`^builtin (\w+) takes only array \(got (.+)\)$`), func(m []string) string { return m[1] + "() takes a list, not " + kind(m[2]) }},
		{regexp.MustCompile(`^predicate should return boolean \(got (.+)\)$`), func(m []string) string { return "a condition is wanted, not " + kind(m[1]) }},
		{regexp.MustCompile(`^cannot use (.+) as type (.+) in array$`), func(m []string) string { return kind(m[1]) + " is never in a list of " + kind(m[2]) }},
		{regexp.MustCompile(`^cannot use (.+) as argument \(type (.+)\) to call (\w+) $`), func(m []string) string { return m[3] + "() takes " + kind(m[2]) + ", not " + kind(m[1]) }},
		{regexp.MustCompile(`^error parsing regexp: (.+)$`), func(m []string) string { return "wrong regular expression: " + m[1] }},
	}
})

// inWords returns a message of the compiler in our words.
func inWords(message string) string {
	for _, s := range sayings() {
		if m := s.theirs.FindStringSubmatch(message); m != nil {
			return s.ours(m)
		}
	}
	return message
}

// unexpected says that a word, or a sign, is where it cannot be.
func unexpected(word string) string {
	says := `unexpected "` + word + `"`
	switch near := spelling.Nearest(strings.ToLower(word), between); {
	case word == "=":
		return says + ": == compares"
	case word == "&":
		return says + `: write "and" and "or", or && and ||`
	case near == word:
		return says + ": it stands between two values"
	case near != "":
		return says + `: did you mean "` + near + `"?`
	}
	return says
}

// between are the words that stand between values.
var between = []string{"and", "or", "in", "contains", "startsWith", "endsWith", "matches", "not"}

// unknown says that there is no such name, and which may be meant.
func unknown(name string) string {
	says := "unknown name " + name
	if group, member, ok := strings.Cut(name, "."); ok && groups[group] {
		if near := spelling.Nearest(member, membersOf(group)); near != "" {
			return says + ": did you mean " + group + "." + near + "?"
		}
		return says + ": " + group + " has " + strings.Join(membersOf(group), ", ")
	}
	switch {
	case named[strings.ToLower(name)] != nil:
		return says + ": did you mean " + strings.ToLower(name) + "?"
	case unicode.IsUpper(rune(name[0])): // no name is so
		return says + ` (text stands in quotes: "` + name + `")`
	case spelling.Nearest(name, names) != "":
		return says + ": did you mean " + spelling.Nearest(name, names) + "?"
	case spelling.Nearest(name, members) != "":
		return says + ": did you mean " + strings.Join(endingIn(spelling.Nearest(name, members)), " or ") + "?"
	}
	return says + ` (text stands in quotes: "` + name + `")`
}
