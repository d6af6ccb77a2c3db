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
// is none, or not all of one.
func laidOut(b []byte) (text string, left int, ok bool) {
	if !json.Valid(b) {
		return "", 0, false
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
	members := d.kept(b)
	if len(members) == 0 {
		d.out.WriteString(string(b[0]) + string(b[len(b)-1]))
		return
	}
	if line, fits := oneLine(b, maxColumns-column); fits || depth >= maxDepth {
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

// kept returns the members of b that say something, and counts the others.
func (d *document) kept(b []byte) (all []member) {
	all, left := sayings(b)
	d.left += left
	return all
}

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
	switch string(b) {
	case "null", "false", `""`, "0", `"0001-01-01T00:00:00Z"`:
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

// oneLine returns a value on one line, if it has room for that and leaves nothing out.
// What is too deep is on one line in any case.
func oneLine(b []byte, room int) (string, bool) {
	if len(b) > 4*maxColumns && room < maxColumns*maxDepth {
		return compact(b), false
	}
	line := compact(b)
	whole := true
	for _, value := range jsontext.Members(b) {
		whole = whole && says(value, 0)
	}
	return line, whole && !strings.Contains(line, ":{") && utf8.RuneCountInString(line) <= room
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
	if b[0] != '"' || utf8.RuneCountInString(s) <= maxString {
		return s
	}
	return cutText(strings.TrimSuffix(s, `"`), maxString) + `"`
}
