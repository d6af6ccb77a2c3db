package filter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

const (
	tooLong  = "filtering: exchange 7.1: it takes too long to decide"
	noMemory = "filtering: exchange 7.1: there is no memory to decide it (--max-memory)"
)

// numbers is a document of n numbers.
func numbers(n int) string { return "[" + strings.Repeat("1,", n-1) + "1]" }

// TestGivenUp shows what would take too long to decide, and what would not hold by
// that, and says so.
func TestGivenUp(t *testing.T) {
	s, long := created(), created()
	s.setRequestBody(numbers(20_000), false)
	long.setRequestBody(`"`+strings.Repeat("x", 1_000_000)+`"`, false)
	for _, c := range []struct {
		of   *session
		text string
	}{
		{s, `all(request.json, none(request.json, # == 2))`},
		{s, `any(1..900000, any(1..900000, # == 0))`},
		{s, `none(1..900000, request.json != request.json)`},
		{s, `all(1..900000, 1 in request.json and 2 not in request.json)`},
		{s, `len(uniq(request.json)) > 9`},
		{s, `none(1..90000, len(sort(request.json)) == 0)`},
		{s, `none(1..90000, sum(request.json) == 0)`},
		{s, `none(1..90000, toJSON(request.json) == "")`},
		{s, `none(1..90000, len(map(request.json, 1)) == 0)`},
		{long, `request.body matches "(x?x?x?){900}y"`},
		{long, `"x" matches request.body`},
		{long, `none(1..9000, "x" matches "^((z{10}){10}){" + string(1 + # % 9) + "}")`},
		{long, `none(1..90000, request.body contains "zz")`},
		{long, `none(1..90000, request.body > request.body)`},
		{long, `none(1..90000, request.body + "y" == "y")`},
		{long, `none(1..90000, lower(request.body) == "")`},
		{long, `none(1..90000, len(split(request.body, "")) == 0)`},
		{long, `none(1..90000, fromJSON(request.body) == "")`},
		{long, `reduce(1..64, #acc + #acc, "x") == ""`},
	} {
		for _, text := range []string{c.text, "not (" + c.text + ")"} {
			at, failures := c.of.shown(compiled(t, text))
			if at != atTheEnd || !slices.Equal(failures, []string{tooLong}) {
				t.Errorf("%s: shown with event %d, %q", text, at, failures)
			}
		}
	}
}

// TestGivenUpElsewhere decides by what else there is, if that does.
func TestGivenUpElsewhere(t *testing.T) {
	s := created()
	const costly = `none(1..900000, none(1..900000, # == 0))`
	for text, at := range map[string]int{
		costly + ` and left`: atTheEnd, costly + ` and not left`: never, costly + ` or left`: atTheEnd, costly + ` and method == "GET"`: never,
		costly + ` or method == "POST"`: asRequest, `left or ` + costly: atTheEnd, `method == "GET" and ` + costly: never,
	} {
		got, failures := s.shown(compiled(t, text))
		if undecided := text == costly+` and left`; got != at || undecided != slices.Equal(failures, []string{tooLong}) || !undecided && len(failures) > 0 {
			t.Errorf("%s: shown with event %d, want %d; %q", text, got, at, failures)
		}
	}
}

// TestBound gives all parts of an expression together what one may have, for each
// exchange, and much more where nobody waits.
func TestBound(t *testing.T) {
	s := created()
	const one = `none(1..800000, # == 0)` // most of what one may have
	s.checkShown(t, "one", compiled(t, one), atTheEnd-9)
	two := compiled(t, `left and `+one+` and `+one)
	if _, failures := s.shown(two); !slices.Equal(failures, []string{tooLong}) {
		t.Errorf("two: %q", failures)
	}
	s.checkShown(t, "two, unhurried", two.Within(nil, true), atTheEnd)
	j := compiled(t, one).Judge()
	for range 3 {
		x := &wire.Exchange{Request: &wire.Request{}}
		if v, err := j.Judge(x.Request, x, nil); v != wire.Shown || err != nil {
			t.Fatalf("%v, %v", v, err)
		}
		j.Reset()
	}
}

// TestMemory has documents be values only if there is memory for those, and reads what
// is named in one that is large all the same. All is given back.
func TestMemory(t *testing.T) {
	s := created()
	s.setRequestBody(numbers(100_000), false)
	for _, c := range []struct {
		text string
		held int64
		want string
	}{
		{`request.json[99999] == 1 and request.json[100000] == nil and request.json[-1] == 1`, 0, ""},
		{`len(request.json) == 100000`, 64 << 20, ""},
		{`len(request.json) == 100000`, 1 << 20, noMemory},
		{`len(map(request.json, 1)) == 100000`, 64 << 20, ""},
		{`len(map(map(request.json, 1), 1)) == 100000`, 11 << 20, noMemory},
		{`text == "outerrput" and query.all == "1" and "x-many" in request.headers`, 0, ""},
	} {
		m := memory.New(c.held)
		at, failures := s.shown(compiled(t, c.text).Within(m, false))
		if at != atTheEnd || strings.Join(failures, "") != c.want {
			t.Errorf("%s with %d bytes: shown with event %d, %q", c.text, c.held, at, failures)
		}
		if m.Left() != c.held {
			t.Errorf("%s: %d bytes are left of %d", c.text, m.Left(), c.held)
		}
	}
}

// TestMemoryOfText has lists, tables and texts of what came be made only if there is
// memory for them.
func TestMemoryOfText(t *testing.T) {
	long := strings.Repeat("x", 8<<10)
	for _, text := range []string{
		`stdout contains "o"`, `any(frames, # contains "o")`, `query.all == "1"`, `request.headers.a == ""`, `lower(request.body) != ""`,
	} {
		s := created()
		s.setRequestBody(long, false)
		q := *s.events[1].(*wire.Request)
		q.Target += strings.Repeat("&a=b", 2<<10)
		q.Fields = slices.Repeat(q.Fields, 100)
		s.events[1] = &q
		m := *s.events[4].(*wire.Message)
		m.Data = []byte("o" + long)
		s.events[4] = &m
		at, failures := s.shown(compiled(t, text).Within(memory.New(0), false))
		if at != atTheEnd || !slices.Equal(failures, []string{noMemory}) {
			t.Errorf("%s: shown with event %d, %q", text, at, failures)
		}
		if at, failures := s.shown(compiled(t, text).Within(memory.New(8<<20), false)); at == never && text != `request.headers.a == ""` || len(failures) > 0 {
			t.Errorf("%s with memory: shown with event %d, %q", text, at, failures)
		}
	}
	s := created()
	s.events[1].(*wire.Request).Target = "/containers/json?filters=" + numbers(20_000)
	if at, failures := s.shown(filter.Container("web").Within(memory.New(0), false)); at != asRequest || len(failures) > 0 {
		t.Errorf("a container by its subject: %d, %q", at, failures)
	}
}
