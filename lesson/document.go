package lesson

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// Bounds of how a document is laid out.
const (
	maxColumns = 88  // of an object or an array on one line
	maxDepth   = 32  // deeper ones are not broken into lines
	maxString  = 240 // characters of a string
)

// document is a JSON document that is laid out to be read: without members that say
// nothing, which are null, "", 0, false, [], {} and a time that was not set in Go.
type document struct {
	out  bytes.Buffer
	left int // members that were left out
}

// laidOut returns a document in lines, and how many members it is without; false if it
// is none, or not all of one. A short one is all there.
func laidOut(b []byte) (text string, left int, ok bool) {
	if !json.Valid(b) {
		return "", 0, false
	}
	if line := compact(b); utf8.RuneCountInString(line) <= maxColumns {
		return asTyped(line), 0, true
	}
	d := &document{}
	d.value(bytes.TrimSpace(b), 0, 0)
	return d.out.String(), d.left, true
}

// value adds a value that begins in a column, inside so many others.
func (d *document) value(b []byte, depth, column int) {
	if b[0] != '{' && b[0] != '[' {
		d.out.WriteString(scalar(b))
		return
	}
	if depth >= maxDepth {
		d.out.WriteString(cutText(compact(b), maxString))
		return
	}
	members, left := sayings(b)
	d.left += left
	if len(members) == 0 {
		d.out.WriteString(string(b[0]) + string(b[len(b)-1]))
		return
	}
	if line, fits := oneLine(members, b[0], maxColumns-column); fits {
		d.out.WriteString(line)
		return
	}
	indent := strings.Repeat("  ", depth+1)
	d.out.WriteByte(b[0])
	for i, m := range members {
		if i > 0 {
			d.out.WriteByte(',')
		}
		d.out.WriteString("\n" + indent)
		at := len(indent)
		if m.name != nil {
			name := scalar(m.name) + ": "
			d.out.WriteString(name)
			at += utf8.RuneCountInString(name)
		}
		d.value(m.value, depth+1, at)
	}
	d.out.WriteString("\n" + indent[2:])
	d.out.WriteByte(b[len(b)-1])
}

// member is one of an object, or an element of an array, which has no name.
type member struct{ name, value []byte }

// sayings returns the members of b that say something, and how many others there are.
func sayings(b []byte) (all []member, left int) {
	if b[0] == '[' {
		for value := range jsontext.Elements(b) {
			all = append(all, member{nil, value})
		}
		return all, 0
	}
	for name, value := range jsontext.Members(b) {
		if says(value, 0) {
			all = append(all, member{name, value})
		} else {
			left++
		}
	}
	return all, left
}

// says reports whether a value says something.
func says(b []byte, depth int) bool {
	if jsontext.IsZero(b) {
		return false
	}
	if b[0] != '{' && b[0] != '[' || depth >= maxDepth {
		return true
	}
	if b[0] == '[' {
		for value := range jsontext.Elements(b) {
			if says(value, depth+1) {
				return true
			}
		}
		return false
	}
	for _, value := range jsontext.Members(b) {
		if says(value, depth+1) {
			return true
		}
	}
	return false
}

// oneLine returns an object or array of members on one line, if it has room for that and
// they are no objects and arrays themselves.
func oneLine(members []member, bracket byte, room int) (string, bool) {
	var line strings.Builder
	line.WriteByte(bracket)
	for i, m := range members {
		if i > 0 {
			line.WriteString(", ")
		}
		if m.name != nil {
			line.WriteString(scalar(m.name) + ": ")
		}
		if m.value[0] == '{' || m.value[0] == '[' || line.Len() > 4*maxColumns {
			return "", false
		}
		line.WriteString(scalar(m.value))
	}
	line.WriteByte(bracket + 2) // ']' and '}' are two behind in ASCII
	text := line.String()
	return text, utf8.RuneCountInString(text) <= room
}

// compact returns a value on one line.
func compact(b []byte) string {
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return string(b)
	}
	return out.String()
}

// scalar returns a string, number or literal as it is shown.
func scalar(b []byte) string {
	s := string(b)
	if b[0] != '"' {
		return s
	}
	if s = asTyped(s); utf8.RuneCountInString(s) <= maxString {
		return s
	}
	return cutText(strings.TrimSuffix(s, `"`), maxString) + `"`
}

// asTyped returns JSON with <, > and & in place of the escapes that Go's encoders write
// for them, for the sake of HTML.
func asTyped(s string) string {
	if !strings.Contains(s, `\u00`) {
		return s
	}
	return typed.Replace(s)
}

// typed leaves a backslash that is escaped itself as it is.
var typed = strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
