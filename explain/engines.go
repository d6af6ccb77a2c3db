package explain

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// Engines says in words which engines take requests for a version of the API, and what
// those that find it too old want: "works with engines 20.10 to 28; 29.0 to 29.2 want 1.44
// or later". It is empty for what is no version of the API.
func Engines(version string) string {
	v, ok := dockerapi.ParseVersion(version)
	if !ok {
		return ""
	}
	var works, want []string
	tooNew := ""
	spans := dockerapi.Spans(v)
	for i, s := range spans {
		switch s.Refusal {
		case dockerapi.Accepted:
			works = append(works, series(s, i == 0))
		case dockerapi.TooOld:
			want = append(want, wants(s, i == 0, len(want) == 0))
		case dockerapi.TooNew:
			tooNew = s.To.Max.String()
		}
	}
	switch {
	case len(works) == 0 && tooNew != "":
		return "works with no engine that is known: they have " + tooNew + " at most"
	case len(works) == 0:
		return "works with no engine that is known: " + join(want)
	case len(want) == 0 && len(spans) == 1:
		return "works with all engines that are known"
	}
	text := "works with engines " + join(works)
	if len(want) > 0 {
		text += "; " + join(want)
	}
	return text
}

// join lists words.
func join(words []string) string { return strings.Join(words, ", ") }

// wants says what engines want that find a version too old; the first of several in full.
func wants(s dockerapi.Span, oldest, first bool) string {
	if first {
		return series(s, oldest) + " want " + s.From.Min.String() + " or later"
	}
	return series(s, oldest) + " " + s.From.Min.String()
}

// series names the engines of a span. The oldest that are known are not the first that
// there were, and the newest not the last.
func series(s dockerapi.Span, oldest bool) string {
	switch {
	case s.Newest:
		return s.From.Series + " and later"
	case oldest:
		return "up to " + last(s.To)
	}
	return s.From.Series + " to " + last(s.To)
}

// last names an engine that is the last of several: by its first number, if no other has
// that behind it.
func last(e dockerapi.Engine) string {
	major, _, _ := strings.Cut(e.Series, ".")
	if len(major) == 2 && major < "23" { // when they were numbered by years
		return e.Series
	}
	behind := false
	for _, o := range dockerapi.Engines() {
		if behind && strings.HasPrefix(o.Series, major+".") {
			return e.Series
		}
		behind = behind || o == e
	}
	return major
}
