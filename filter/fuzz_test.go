package filter_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/wire"
)

// unordered are functions whose lists are in no order.
var unordered = regexp.MustCompile(`keys|values|toPairs|groupBy`)

// FuzzCompile compiles what it is given, and has it judge an exchange: bad
// expressions have an error of one line that points into them, good ones decide at
// the end at the latest, and early as they would have at the end.
func FuzzCompile(f *testing.F) {
	for _, h := range holds {
		f.Add(h.text)
	}
	for _, w := range wrong {
		f.Add(w.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 || unordered.MatchString(text) {
			return
		}
		s := created()
		compiled, err := filter.Compile(text)
		if err != nil {
			checkError(t, text, err)
			return
		}
		_, early := s.judged(compiled)
		late := s.judgedAtOnce(compiled)
		if early == wire.Undecided || early != late {
			t.Errorf("%q: is %d, and at the end %d", text, early, late)
		}
	})
}

func checkError(t *testing.T, text string, err error) {
	t.Helper()
	e, ok := err.(*filter.Error)
	if !ok || e.Message == "" || strings.Contains(e.Message, "goroutine ") {
		t.Fatalf("%q: %v", text, err)
	}
	if _, ok := rest(e); !ok || !slices.Contains(append(strings.Split(strings.ReplaceAll(text, "\r", ""), "\n"), ""), strings.ReplaceAll(e.Line, "\r", "")) {
		t.Errorf("%q: points at column %d of %q", text, e.Column, e.Line)
	}
}

// judgedAtOnce returns what a filter decides that is asked at the end alone.
func (s *session) judgedAtOnce(f *filter.Filter) wire.Verdict {
	x := &wire.Exchange{}
	for _, ev := range s.events {
		switch ev := ev.(type) {
		case *wire.Request:
			x.Request = ev
		case *wire.Response:
			x.Response = ev
		case *wire.End:
			x.Meta = ev.Meta
		}
		s.learn(ev, x)
	}
	s.learn(x, x)
	v, _ := f.Judge().Judge(x, x, func(func(wire.Event) bool) {})
	return v
}
