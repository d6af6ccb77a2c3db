package har

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// pairMap makes pairs of an object whose members they are. A name with a list of
// values is a pair for each.
func (n *normal) pairMap() (bool, error) {
	n.fixes.add(oddPairs)
	n.i++
	n.out = append(n.out, '[')
	for count := 0; ; count++ {
		more, err := n.item('}', count)
		if err != nil || !more {
			n.out = append(n.out, ']')
			return true, err
		}
		if n.next() != '"' {
			return false, n.unexpected("instead of a name")
		}
		name, _, err := n.quoted(nil, maxHeadText)
		if err != nil {
			return false, err
		}
		if n.next() != ':' {
			return false, n.unexpected("instead of a colon")
		}
		n.i++
		if err := n.namedValues(name); err != nil {
			return false, err
		}
	}
}

// namedValues appends a pair for the value that comes next, or for each of them.
func (n *normal) namedValues(name []byte) error {
	if n.next() != '[' {
		return n.namedValue(name)
	}
	n.i++
	for count := 0; ; count++ {
		more, err := n.item(']', count)
		if err != nil || !more {
			return err
		}
		if err := n.namedValue(name); err != nil {
			return err
		}
	}
}

func (n *normal) namedValue(name []byte) error {
	if !n.takeOne(perObject + len(name)) {
		return n.missing()
	}
	before := len(n.out)
	n.comma('[')
	n.out = append(append(append(n.out, `{"name":`...), name...), `,"value":`...)
	ok, err := n.value(one(wantBody))
	n.cut = false
	if !ok {
		n.out = n.out[:before]
		return err
	}
	n.out = append(n.out, '}')
	return err
}

// pairLines makes pairs of a text with a line for each.
func (n *normal) pairLines() (bool, error) {
	n.out = append(n.out, '[')
	ok, err := n.pairsIn(false)
	n.out = append(n.out, ']')
	return ok, err
}

// pairsIn appends the pairs in a text, each "name: value", behind others.
func (n *normal) pairsIn(behind bool) (bool, error) {
	n.fixes.add(oddPairs)
	b, cut, err := n.quoted(nil, min(maxHeadText, n.room))
	if err != nil {
		return false, err
	}
	if cut {
		n.fixes.add(cutText)
	}
	inside, _ := jsontext.Unquote(b)
	for line := range strings.Lines(string(inside)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if !n.takeOne(perObject + len(line)) {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		n.comma('[')
		n.out = append(n.out, `{"name":`...)
		n.out, _ = jsontext.AppendString(n.out, name)
		n.out = append(n.out, `,"value":`...)
		n.out, _ = jsontext.AppendString(n.out, strings.TrimSpace(value))
		n.out = append(n.out, '}')
	}
	return true, nil
}
