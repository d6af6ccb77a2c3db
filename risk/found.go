package risk

import (
	"iter"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

const (
	// maxRisks bounds the reasons that are told of a request; of a mark that it has not yet
	// there is always room for one.
	maxRisks = 32
	// maxWhys bounds those of a mark.
	maxWhys = 5
	// maxWhy is how long a reason may be, in bytes.
	maxWhy = 200
)

// more is the last reason of a mark that has more than are told.
const more = "and for more reasons than are told"

// Add adds a risk to those of a request, once. No mark is lost; of many reasons for one
// some are.
func Add(all []Risk, r Risk) []Risk {
	whys := 0
	for _, known := range all {
		if known == r {
			return all
		}
		if known.Mark == r.Mark {
			whys++
		}
	}
	switch {
	case whys > maxWhys, whys > 0 && len(all) >= maxRisks:
		return all
	case whys == maxWhys:
		r.Why = more
	}
	return append(all, r)
}

// Known is what is known of a daemon.
type Known struct {
	Sockets []string // the paths of its sockets, and of those that lead to it
	Hosts   []string // the ids of networks that are the host's
}

// found are the risks of a request, so far.
type found struct {
	risks   []Risk
	known   Known
	sockets []string // those that are known, in one spelling; nil: nobody has asked yet
}

// add notes a risk.
func (f *found) add(mark, why string) { f.risks = Add(f.risks, Risk{mark, clip(why)}) }

// clip returns s, or its beginning if it is too long to be told.
func clip(s string) string {
	if len(s) > maxWhy {
		s = strings.ToValidUTF8(s[:maxWhy], "") + "…"
	}
	return s
}

// masked is how a value begins that is not what was sent.
const masked = "[masked "

// hidden notes that a value which decides something is masked, and reports whether
// that is so.
func (f *found) hidden(at, value string) bool {
	is := strings.Contains(value, masked)
	if is {
		f.add(Unjudged, at+" is masked")
	}
	return is
}

// members goes through the members of an object: their names folded, their values. Names may
// be masked too.
func (f *found) members(at string, value []byte) iter.Seq2[string, []byte] {
	f.hidden(at, text(value))
	return func(yield func(string, []byte) bool) {
		for name, v := range members(value) {
			if strings.HasPrefix(name, masked) {
				f.hidden(at, name)
			} else if !yield(name, v) {
				return
			}
		}
	}
}

// elements goes through the elements of a list.
func (f *found) elements(at string, value []byte) iter.Seq[[]byte] {
	f.hidden(at, text(value))
	return jsontext.Elements(value)
}

// named goes through the names of the members of an object, as they are.
func (f *found) named(at string, doc []byte) iter.Seq[string] {
	f.hidden(at, text(doc))
	return func(yield func(string) bool) {
		for name := range jsontext.Members(doc) {
			if !yield(text(name)) {
				return
			}
		}
	}
}

// listed returns the strings of a list: see words. at is what it is called.
func (f *found) listed(at string, value []byte) []string {
	for _, word := range words(value) {
		if f.hidden(at, word) {
			break
		}
	}
	return words(value)
}
