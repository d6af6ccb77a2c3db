package protobuf

import (
	"cmp"

	"github.com/socktrace/socktrace/internal/protowire"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// walker writes one message.
type walker struct {
	schema *Schema
	limits Limits
	out    jsontext.Writer
	end    int                 // of out, beyond which nothing begins any more
	inner  func(*Type, []byte) // writes a message inside of another
	lead   []byte              // members that the next message begins with
	whole  bool                // all bytes are shown
	cut    bool                // the JSON is too long, and the message does not say so yet
	depth  int
	info   Info

	values []occurrence
	groups []group
	oneofs []int32 // which group of each was the last one
}

// occurrence is a value among those of its message.
type occurrence struct {
	value
	next int32 // of the same field; none: there is none
}

// group is the values of one field of a message, or of what its type does not name
// under one number and wire type.
type group struct {
	field       *field // nil: it is not known
	number      protowire.Number
	typ         protowire.Type
	first, last int32 // none: what there was, another field of its oneof has replaced
}

const none = -1

// frame is a message that is being written: where its parts are in the walker's
// memory. Those of messages inside of it come behind them.
type frame struct {
	typ                    *Type // nil: it is not known
	values, groups, oneofs int
	index                  map[groupKey]int32 // of many groups
	fault                  Fault              // why the rest of it is not shown
	rest                   []byte             // what is left of it, if it cannot be read
}

type groupKey struct {
	number protowire.Number
	typ    protowire.Type
}

// begin makes w ready for a message, whose JSON comes behind have bytes.
func (w *walker) begin(s *Schema, l Limits, have int) {
	w.schema, w.info, w.depth, w.cut, w.whole = s, Info{}, 0, false, s.HasBytes()
	w.limits = Limits{
		Depth:  cmp.Or(l.Depth, defaultDepth),
		Fields: cmp.Or(l.Fields, defaultFields),
		Size:   cmp.Or(l.Size, defaultSize),
		Files:  l.Files, Missing: l.Missing,
	}
	w.end = have + w.limits.Size
	w.values, w.groups, w.oneofs = w.values[:0], w.groups[:0], w.oneofs[:0]
}

// note remembers the first fault.
func (w *walker) note(f Fault) {
	if w.info.Fault == "" {
		w.info.Fault = f
	}
}

// full reports whether the JSON is as long as it may be. It is asked where something
// more would come: that is missing in the message that is being written.
func (w *walker) full() bool {
	if len(w.out.B) > w.end {
		w.cut = true
	}
	return w.cut
}
