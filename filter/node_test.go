package filter

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// fixed are answers.
type fixed []wire.Verdict

func (f fixed) answer(part int) wire.Verdict { return f[part] }

// TestLogic has and, or and not be those of three values: as what is not known may
// turn out either way.
func TestLogic(t *testing.T) {
	all := []wire.Verdict{wire.Undecided, wire.Shown, wire.Hidden}
	for _, a := range all {
		for _, b := range all {
			for name, n := range map[string]struct {
				node  node
				truth func(a, b bool) bool
			}{
				"and": {and{leaf(0), leaf(1)}, func(a, b bool) bool { return a && b }},
				"or":  {or{leaf(0), leaf(1)}, func(a, b bool) bool { return a || b }},
				"not": {not{leaf(1)}, func(_, b bool) bool { return !b }},
			} {
				if got, want := n.node.eval(fixed{a, b}), outcome(a, b, n.truth); got != want {
					t.Errorf("%s of %d and %d is %d, want %d", name, a, b, got, want)
				}
			}
		}
	}
}

// outcome returns what all that a and b may be have in common.
func outcome(a, b wire.Verdict, truth func(a, b bool) bool) wire.Verdict {
	may := map[bool]bool{}
	for _, x := range mayBe(a) {
		for _, y := range mayBe(b) {
			may[truth(x, y)] = true
		}
	}
	if len(may) == 2 {
		return wire.Undecided
	}
	return verdict(may[true])
}

func mayBe(v wire.Verdict) []bool {
	if v == wire.Undecided {
		return []bool{true, false}
	}
	return []bool{v == wire.Shown}
}

// TestAll joins filters by and, and leaves them as they are.
func TestAll(t *testing.T) {
	a, _ := Compile(`method == "GET" or not left`)
	b, _ := Compile(`request.body == "" or path == ""`)
	if All() != nil || All(nil, nil) != nil || All(nil, a, nil) != a {
		t.Error("what is none is one, or one is not itself")
	}
	ab := All(a, nil, b)
	abc := All(ab, Grep("x"))
	if len(a.parts) != 2 || len(ab.parts) != 4 || len(abc.parts) != 5 {
		t.Errorf("there are %d, %d and %d parts", len(a.parts), len(ab.parts), len(abc.parts))
	}
	for n := range 1 << 4 {
		v := fixed{verdict(n&1 > 0), verdict(n&2 > 0), verdict(n&4 > 0), verdict(n&8 > 0)}
		want := verdict((n&1 > 0 || n&2 == 0) && (n&4 > 0 || n&8 > 0))
		if got := ab.root.eval(v); got != want {
			t.Errorf("%v: %d", v, got)
		}
	}
	want := wire.Needs{Lines: true, Body: wholeBodies}
	if ab.Needs() != want || b.WithBodies(99).Needs().Body != 99 || a.WithBodies(99).Needs().Body != 0 || b.Needs().Body != wholeBodies {
		t.Errorf("needs %+v", ab.Needs())
	}
}

// TestNeeds asks for what the fields are made of.
func TestNeeds(t *testing.T) {
	for text, want := range map[string]wire.Needs{
		`status == 1 and duration > "1s" or upgrade == ""`: {Lines: true},
		`"a" in request.headers`:                           {Lines: true, Fields: true},
		`response.headers.a == ""`:                         {Lines: true, Fields: true},
		`request.bytes > 1`:                                {Lines: true, Sizes: true},
		`request.body == ""`:                               {Lines: true, Body: wholeBodies},
		`any(frames, # == "")`:                             {Lines: true, Messages: true},
		`error == ""`:                                      {Lines: true, Telling: true},
	} {
		f, err := Compile(text)
		if err != nil || f.Needs() != want {
			t.Errorf("%s: needs %+v, want %+v (%v)", text, f.Needs(), want, err)
		}
	}
	if got, want := Grep("x").Needs(), (wire.Needs{Lines: true, Fields: true, Messages: true, Body: wholeBodies}); got != want {
		t.Errorf("grep needs %+v", got)
	}
	if got, want := Container("x").Needs(), (wire.Needs{Lines: true, Messages: true, Body: wholeBodies}); got != want {
		t.Errorf("container needs %+v", got)
	}
	if f, err := Operations(nil, "*"); err != nil || f.Needs() != (wire.Needs{Lines: true}) {
		t.Errorf("an operation needs %+v, %v", f.Needs(), err)
	}
}
