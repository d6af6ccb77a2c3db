package lesson

import (
	"slices"
	"strings"
)

// imperative returns what a sentence as "Creates a container from an image, without
// starting it." tells to do: "Create a container from an image".
func imperative(sentence string) string {
	clause := strings.TrimSuffix(sentence, ".")
	for _, mark := range []string{": ", ". "} {
		clause, _, _ = strings.Cut(clause, mark)
	}
	words := strings.Fields(clause)
	for i, word := range words {
		if i > 0 && strings.HasSuffix(words[i-1], ",") && slices.Contains(besides, word) {
			words = words[:i]
			words[i-1] = strings.TrimSuffix(words[i-1], ",")
			break
		}
	}
	for i := 0; i < len(words); i++ {
		words[i] = infinitive(words[i])
		if i+1 < len(words) && (words[i+1] == "and" || words[i+1] == "or") {
			i++ // "Stops and removes"
		} else if !strings.HasSuffix(words[i], ",") {
			break
		}
	}
	return wanted(strings.Join(words, " "))
}

// besides are words behind a comma that begin what is not the matter. Behind others a list
// goes on.
var besides = []string{"and", "as", "but", "for", "of", "or", "such", "takes", "those", "to", "with", "without"}

// wanted returns what a client does who has the daemon tell something.
func wanted(clause string) string {
	for _, says := range [][2]string{
		{"Tell all about ", "Ask for all about "}, {"Tell the version", "Ask for the version"},
		{"Tell about ", "Ask about "}, {"Tell how ", "Ask how "},
	} {
		if rest, ok := strings.CutPrefix(clause, says[0]); ok {
			return says[1] + rest
		}
	}
	return clause
}

// irregular are verbs that do not become what they are by the rules.
var irregular = map[string]string{"Caches": "Cache", "Does": "Do", "Drew": "Draw", "Goes": "Go", "Has": "Have", "Is": "Be"}

// infinitive returns a verb that stands in the third person without what makes it that.
func infinitive(verb string) string {
	if comma, ok := strings.CutSuffix(verb, ","); ok {
		return infinitive(comma) + ","
	}
	if is := irregular[verb]; is != "" {
		return is
	}
	for _, end := range []struct{ has, becomes string }{
		{"ies", "y"}, {"ches", "ch"}, {"shes", "sh"}, {"sses", "ss"}, {"xes", "x"}, {"ss", "ss"}, {"s", ""},
	} {
		if stem, ok := strings.CutSuffix(verb, end.has); ok {
			return stem + end.becomes
		}
	}
	return verb
}
