package har

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// fromObject makes a value of the object that comes next.
func (n *normal) fromObject(s *shape) (ok bool, err error) {
	if !n.take(perObject) {
		return false, n.skip()
	}
	switch s.kind {
	case wantAnything:
		return true, n.any(0)
	case wantBody:
		return n.written()
	case wantObject:
		n.out = append(n.out, '{')
		return true, n.object(s, nil)
	case wantPairs:
		return n.pairMap()
	case wantList:
		n.fixes.add(oddMember)
		n.out = append(n.out, '[', '{')
		err := n.object(s.elem, nil)
		n.out = append(n.out, ']')
		return true, err
	}
	return n.reject()
}

// fromList makes a value of the list that comes next.
func (n *normal) fromList(s *shape) (ok bool, err error) {
	switch s.kind {
	case wantAnything:
		return true, n.any(0)
	case wantBody:
		return n.written()
	case wantList, wantPairs:
	default:
		return n.reject()
	}
	n.i++
	n.out = append(n.out, '[')
	for count := 0; ; count++ {
		more, err := n.item(']', count)
		if err != nil || !more {
			n.out = append(n.out, ']')
			return true, err
		}
		if err := n.element(s); err != nil {
			return false, err
		}
	}
}

// element reads an element of a list, and leaves it out if it is none.
func (n *normal) element(s *shape) (err error) {
	before := len(n.out)
	n.comma('[')
	ok := false
	switch c := n.next(); {
	case c == '{' && !n.takeOne(perObject):
		err = n.skip()
	case c == '{':
		n.out = append(n.out, '{')
		ok, err = true, n.object(s.elem, nil)
	case c == '"' && s.kind == wantPairs:
		n.out = n.out[:before]
		_, err = n.pairsIn(true)
		return err
	default:
		_, err = n.reject()
	}
	n.cut = false
	if !ok {
		n.out = n.out[:before]
	}
	return err
}

// comma appends a comma, unless what comes is the first behind bracket.
func (n *normal) comma(bracket byte) {
	if n.out[len(n.out)-1] != bracket {
		n.out = append(n.out, ',')
	}
}

// written appends the JSON that comes next as the text of a body.
func (n *normal) written() (bool, error) {
	n.fixes.add(oddText)
	before := len(n.out)
	n.flat = true
	err := n.any(0)
	n.flat = false
	if err != nil {
		return false, err
	}
	value := bytes.Clone(n.out[before:])
	n.out, _ = jsontext.AppendString(n.out[:before], value)
	return true, nil
}

// any appends the value that comes next as it is, as far as it is JSON.
func (n *normal) any(depth int) error {
	switch c := n.next(); {
	case c == '"':
		return n.string(maxEntry)
	case c == '{' || c == '[':
		return n.anyIn(c, depth)
	case c == ',' || c == '}' || c == ']':
		n.fixes.add(oddComma)
		n.out = append(n.out, "null"...)
		return nil
	}
	word, err := n.plainWord()
	switch {
	case err != nil:
		return err
	case !n.more(): // it may go on
		return n.end()
	}
	n.out = n.anyWord(n.out, string(word))
	return nil
}

// anyIn appends an object or list.
func (n *normal) anyIn(bracket byte, depth int) error {
	deep := depth > maxNested
	if deep {
		n.fixes.add(tooDeep)
	}
	if deep || !n.takeOne(perObject) {
		n.out = append(n.out, "null"...)
		return n.skip()
	}
	n.i++
	n.out = append(n.out, bracket)
	end := bracket + 2 // in ASCII, of both
	for count := 0; ; count++ {
		more, err := n.item(end, count)
		if err != nil || !more {
			n.out = append(n.out, end)
			return err
		}
		if !n.takeOne(perValue) {
			if err := n.rest(bracket == '{'); err != nil {
				return err
			}
			continue
		}
		n.comma(bracket)
		if bracket == '{' {
			if n.next() != '"' {
				return n.unexpected("instead of a name")
			}
			if err := n.string(maxHeadText); err != nil {
				return err
			}
			if n.next() != ':' {
				return n.unexpected("instead of a colon")
			}
			n.i++
			n.out = append(n.out, ':')
		}
		if err := n.any(depth + 1); err != nil {
			return err
		}
	}
}

// rest skips an item for which there is no room.
func (n *normal) rest(named bool) error {
	if named {
		if _, err := n.name(); err != nil {
			return err
		}
	}
	return n.missing()
}

// anyWord appends a word as JSON: a number or literal, or else a string.
func (n *normal) anyWord(dst []byte, w string) []byte {
	switch {
	case nothing[w]:
		if w != "null" {
			n.fixes.add(oddWord)
		}
		return append(dst, "null"...)
	case w == "true", w == "false", plainNumber(w):
		return append(dst, w...)
	case truth[w] != "":
		n.fixes.add(oddWord)
		return append(dst, truth[w]...)
	}
	n.fixes.add(oddWord)
	if f, ok := parseNumber(w); ok {
		return strconv.AppendFloat(dst, f, 'g', -1, 64)
	}
	if strings.HasSuffix(w, "NaN") || strings.HasSuffix(w, "Infinity") {
		return append(dst, "null"...)
	}
	dst, _ = jsontext.AppendString(dst, w)
	return dst
}
