package stats

import "github.com/socktrace/socktrace/wire"

// maxOperations and maxClients bound the rows. What comes then is added up in
// another.
const (
	maxOperations = 512
	maxClients    = 256
)

// rows are what is known of each of several things, by their names. There may be
// most of them, and those that are in any case.
type rows[T any] struct {
	most int
	of   map[string]*T
}

// find returns the row of a name, which it makes if it is not there yet; nil if
// there is no room for it.
func (r *rows[T]) find(name []byte) *T {
	if row := r.of[string(name)]; row != nil {
		return row
	}
	if len(r.of) >= r.most {
		return nil
	}
	return r.make(string(name))
}

// make makes the row of a name.
func (r *rows[T]) make(name string) *T {
	if r.of == nil {
		r.of = make(map[string]*T)
	}
	row := new(T)
	r.of[name] = row
	return row
}

// operation is the row of an operation.
type operation struct {
	Operation
	times times
}

// count counts an exchange.
func (t *Totals) count(x *wire.Exchange) {
	t.counted(x)
	t.carried(sent(x))
}

// counted adds x without its bytes.
func (t *Totals) counted(x *wire.Exchange) {
	t.Count++
	if x.Failed() {
		t.Errors++
	}
	if x.State == wire.StateOpen {
		t.Open++
	}
}

// carried adds bytes.
func (t *Totals) carried(bytes [2]int64) {
	for dir, n := range bytes {
		t.Bytes[dir] += n
	}
}
