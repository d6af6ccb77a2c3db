package jsonmask

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/mask"
)

// Where says what a JSON text is part of, which decides what is secret in it.
type Where struct {
	Login bool     // POST /auth: more is secret, and what is not JSON is masked whole
	Data  bool     // Docker's secrets and configs: the data are secret, and what is not JSON is masked whole
	Maybe bool     // nobody knows: the data may be secret
	Pairs bool     // an outermost array or object is one of names and values
	Whole []string // members whose values are secret, whatever they hold
	// Unknown says that so are members whose keys are numbers of fields, as "5:len", and
	// what could not be read, as package protobuf writes it.
	Unknown bool
	// Texts says that every string may quote command lines.
	Texts bool
	// Values are secret wherever they stand in a string.
	Values [][]byte
	// Quotes finds secrets in what the text quotes of other exchanges, if it
	// is a call of an authorization plugin; nil if it is none.
	Quotes *Quotes
	depth  int // of the text, in strings of others
}

// whole reports whether the value of the member with this key is secret.
func (in *Where) whole(key []byte) bool {
	for _, name := range in.Whole {
		if string(key) == name {
			return true
		}
	}
	return in.Unknown && (len(key) > 0 && '0' <= key[0] && key[0] <= '9' && bytes.IndexByte(key, ':') > 0 || string(key) == "!rest")
}

// wholes reports whether there may be members whose values are secret.
func (in *Where) wholes() bool { return in.Whole != nil || in.Unknown }

// looks reports whether every string is looked into.
func (in *Where) looks() bool { return in.Texts || in.Values != nil }

// alert reports whether what stands anywhere may be a secret.
func (in *Where) alert() bool { return in.looks() || in.wholes() || in.Login }

// inside returns what a text is part of that a string of this one holds.
func (in *Where) inside() Where {
	return Where{Data: in.Data, Maybe: in.Maybe, Texts: in.Texts, Values: in.Values, depth: in.depth + 1}
}

// maxNested bounds how deep texts in strings of others are looked into: what is
// deeper is known by how it looks only.
const maxNested = 4

// Quotes finds secrets in what is quoted of another exchange. What it finds is
// named behind the name of the string.
type Quotes struct {
	Target, Body func(found mask.Spans, s []byte, ended bool) mask.Spans
}
