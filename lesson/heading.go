package lesson

import "strings"

// imperative returns what a sentence as "Creates a container from an image, without
// starting it." tells to do: "Create a container from an image".
func imperative(sentence string) string {
	clause := strings.TrimSuffix(sentence, ".")
	for _, mark := range []string{", ", ": ", ". "} {
		clause, _, _ = strings.Cut(clause, mark)
	}
	verb, rest, _ := strings.Cut(clause, " ")
	return strings.TrimSpace(infinitive(verb) + " " + rest)
}

// infinitive returns a verb that stands in the third person without what makes it that.
func infinitive(verb string) string {
	for _, end := range []struct{ has, becomes string }{
		{"ries", "ry"}, {"ches", "ch"}, {"shes", "sh"}, {"sses", "ss"}, {"ss", "ss"}, {"s", ""},
	} {
		if stem, ok := strings.CutSuffix(verb, end.has); ok {
			return stem + end.becomes
		}
	}
	return verb
}
