package markup

import "slices"

// Text is a sentence, or some: pieces that are marked up, each as it is.
type Text []Span

// Span is a piece of a sentence.
type Span struct {
	Text  string
	Marks Marks
}

// Marks say how a span is marked up; they add up.
type Marks uint8

// The marks of spans.
const (
	AsCode     Marks = 1 << iota // it is a name or a value
	AsBold                       // it stands out
	AsInserted                   // it has come
	AsDeleted                    // it has gone
)

// Plain and Code make text of what somebody else has said: as it is, or as a name or a
// value.
func Plain(s string) Text { return Text{{Text: s}} }
func Code(s string) Text  { return Text{{Text: s, Marks: AsCode}} }

// Bold, Inserted and Deleted return text of which all is marked up as that too.
func Bold(t Text) Text     { return t.marked(AsBold) }
func Inserted(t Text) Text { return t.marked(AsInserted) }
func Deleted(t Text) Text  { return t.marked(AsDeleted) }

func (t Text) marked(as Marks) Text {
	all := slices.Clone(t)
	for i := range all {
		all[i].Marks |= as
	}
	return all
}

// And returns text with more behind it. It leaves t as it is.
func (t Text) And(more ...Text) Text { return append(slices.Clip(t), slices.Concat(more...)...) }

// tags are the elements of HTML that mark spans up, from the outside in, besides code. They
// are those of Markdown too: what ** and ~~ mean there depends on the characters on both sides
// of them (CommonMark, section 6.2), which may be anything.
var tags = [...]struct {
	of   Marks
	name string
}{{AsDeleted, "del"}, {AsInserted, "ins"}, {AsBold, "b"}}

// tagged returns a span that is escaped between its tags.
func (m Marks) tagged(escaped string) string {
	for i := len(tags) - 1; i >= 0; i-- {
		if m&tags[i].of != 0 {
			escaped = "<" + tags[i].name + ">" + escaped + "</" + tags[i].name + ">"
		}
	}
	return escaped
}
