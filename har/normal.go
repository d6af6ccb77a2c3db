package har

import (
	"github.com/socktrace/socktrace/internal/jsontext"
)

// normal reads entries by their shape, and makes of each what HAR 1.2 would have
// in its place: valid JSON with values of the right types, and nothing that is
// not needed. It stands in memory as a whole, so it is bounded.
type normal struct {
	*lexer
	out   []byte
	room  int  // bytes of memory that the entry may still take
	floor int  // what a body or a list must leave of that
	cut   bool // a text was, since this was looked at last
	flat  bool // what is read becomes a text
}

const (
	// maxEntry bounds what an entry takes in memory, roughly: its texts, and what
	// becomes of its parts.
	maxEntry = 64 << 20
	// maxHeadText bounds texts that are no bodies, as in heads that are seen live.
	maxHeadText = 1 << 20
	// perValue and perObject are what a value takes, beside its text.
	perValue  = 32
	perObject = 256
	// perFlat is the same in JSON that becomes a text.
	perFlat = 8
	// maxNested bounds what is nested in values of any shape.
	maxNested = 64
)

// begin begins an entry.
func (n *normal) begin() {
	if cap(n.out) > maxHeadText {
		n.out = nil
	}
	n.out, n.room, n.floor = append(n.out[:0], '{'), maxEntry, 0
	n.cut, n.flat = false, false
}

// take takes k bytes of the room, and reports false if there are not so many.
func (n *normal) take(k int) bool {
	if n.room < k {
		n.fixes.add(tooMuch)
		return false
	}
	n.room -= k
	return true
}

// takeOne is take for a part of a body or a list.
func (n *normal) takeOne(k int) bool {
	if n.flat {
		k = perFlat
	}
	if n.room-k < n.floor {
		n.fixes.add(tooMuch)
		n.cut = n.cut || n.flat
		return false
	}
	return n.take(k)
}

// value reads the next value as one of shape s, and appends what it should be.
// ok is false, and nothing appended, if it is nothing of the kind. A body or a
// list takes no more than half of what room there is: so there is some for all
// else.
func (n *normal) value(s *shape) (ok bool, err error) {
	if n.floor > 0 || !s.kind.large() {
		return n.sized(s)
	}
	n.floor = n.room / 2
	ok, err = n.sized(s)
	n.floor = 0
	return ok, err
}

func (n *normal) sized(s *shape) (ok bool, err error) {
	switch c := n.next(); {
	case c == ',' || c == '}' || c == ']':
		n.fixes.add(oddComma)
		return false, nil
	case !n.take(perValue):
		return false, n.skip()
	case c == '"':
		return n.fromString(s)
	case c == '{':
		return n.fromObject(s)
	case c == '[':
		return n.fromList(s)
	}
	word, err := n.plainWord()
	switch {
	case err != nil:
		return false, err
	case !n.more(): // it may go on
		return false, n.end()
	}
	return n.fromWord(s, word), nil
}

// reject leaves out a value, which is read, or is skipped now.
func (n *normal) reject() (bool, error) {
	if n.next() == 0 {
		return false, n.end()
	}
	n.fixes.add(oddMember)
	return false, n.skip()
}

// object reads the members of an object, of which n.out has the bracket. done
// is called behind each, unless it is nil.
func (n *normal) object(s *shape, done func()) error {
	n.lexer.i++
	return n.members(s, 0, done)
}

// members reads members of an object behind count others.
func (n *normal) members(s *shape, count int, done func()) error {
	var o open
	for {
		more, err := n.item('}', count)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		name, err := n.name()
		if err != nil {
			return err
		}
		if err := n.member(s, &o, name); err != nil {
			return err
		}
		count++
		if done != nil {
			done()
		}
	}
	n.endObject(s, &o)
	return nil
}

// open is an object that is being read.
type open struct {
	seen uint64 // members, by their bits
	cut  bool   // a text in it was
}

// member reads the value of the member called name.
func (n *normal) member(s *shape, o *open, name []byte) error {
	m, odd := s.find(name)
	if m == nil {
		return n.missing()
	}
	if odd {
		n.fixes.add(oddName)
	}
	before := len(n.out)
	if n.out[before-1] != '{' {
		n.out = append(n.out, ',')
	}
	n.out = append(append(append(n.out, '"'), m.name...), '"', ':')
	ok, err := n.value(m.shape)
	switch {
	case err != nil:
		return err
	case !ok:
		n.out = n.out[:before]
		return nil
	case o.seen&m.bit != 0:
		n.fixes.add(twice)
	}
	o.seen |= m.bit
	o.cut = o.cut || n.cut
	n.cut = false
	return nil
}

// missing skips a value that nobody needs.
func (n *normal) missing() error {
	if c := n.next(); c == ',' || c == '}' {
		n.fixes.add(oddComma)
		return nil
	}
	return n.skip()
}

// endObject ends an object.
func (n *normal) endObject(s *shape, o *open) {
	if o.cut && s.cut != "" {
		if n.out[len(n.out)-1] != '{' {
			n.out = append(n.out, ',')
		}
		n.out = append(append(append(n.out, '"'), s.cut...), `":true`...)
	}
	n.out = append(n.out, '}')
}

// string appends the string that comes next, as far as there is room.
func (n *normal) string(limit int) error {
	if limit > maxHeadText {
		limit = min(limit, n.room-n.floor)
	}
	before := len(n.out)
	var cut bool
	var err error
	n.out, cut, err = n.quoted(n.out, max(min(limit, n.room), 0))
	n.room -= min(n.room, len(n.out)-before)
	if cut {
		n.fixes.add(cutText)
		n.cut = true
	}
	return err
}

// short reads the string that comes next, which should be a short one.
func (n *normal) short() (string, error) {
	const most = 256
	b, _, err := n.quoted(n.word[:0], most)
	n.word = b
	if err != nil {
		return "", err
	}
	inside, _ := jsontext.Unquote(b)
	return string(inside), nil
}
