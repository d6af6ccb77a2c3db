package diff

// Kind says what became of an exchange in the other session.
type Kind uint8

const (
	Changed Kind = iota // it is there, and differs
	Missing             // only A has it
	Extra               // only B has it
	Moved               // it is there, in another order; it may differ besides
)

// String returns the name of the kind, as JSON spells it.
func (k Kind) String() string { return [...]string{"changed", "missing", "extra", "moved"}[k] }

// An Item is what two sessions differ in, of one exchange.
type Item struct {
	Kind    Kind
	A, B    *Exchange // nil if it is not there
	Changes []Change
	More    int // changes besides, which are not told one by one
	// Also are the others of the same operation of which the same is to be told.
	Also []Twin
}

// A Twin is an exchange of A and the one of B that belongs to it; nil if it is not there.
type Twin struct{ A, B *Exchange }

// A Common is a change that all exchanges share of which it can be told.
type Common struct {
	Change
	Exchanges int
}

// A Result is what two sessions did differently.
type Result struct {
	A, B   *Session
	Common []Common
	Items  []Item // in the order of A, what is extra where it came
	Pairs  int    // exchanges that both have
	Same   int    // exchanges that differ in nothing, or only in what is told once
	// Stand is how many ids of one session stand for others in the other.
	Stand int
	// Unused are the patterns of Options.Ignore that nothing has met.
	Unused []string
	// Skipped are the exchanges of A that were not compared.
	Skipped []Skipped
}

// Skipped is an exchange that was not compared, and why.
type Skipped struct {
	*Exchange
	Why string
}

// CommonChanges returns the changes that are told once.
func (r *Result) CommonChanges() []Change {
	all := make([]Change, len(r.Common))
	for i := range r.Common {
		all[i] = r.Common[i].Change
	}
	return all
}

// Differs reports whether the sessions did anything differently.
func (r *Result) Differs() bool {
	if len(r.Common) > 0 {
		return true
	}
	for i := range r.Items {
		if r.Items[i].differs() {
			return true
		}
	}
	return false
}

// differs reports whether an item is more than a note.
func (i *Item) differs() bool {
	if i.More > 0 {
		return true
	}
	for _, c := range i.Changes {
		if !c.Note {
			return true
		}
	}
	return i.Kind != Changed
}

// Count returns how many items of a kind there are.
func (r *Result) Count(k Kind) (n int) {
	for i := range r.Items {
		if r.Items[i].Kind == k && r.Items[i].differs() {
			n += 1 + len(r.Items[i].Also)
		}
	}
	return n
}
