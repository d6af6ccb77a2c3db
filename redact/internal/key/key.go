// Package key knows what the keys of JSON objects say of the values behind them.
package key

import "github.com/socktrace/socktrace/redact/internal/words"

// Key says what is known of a JSON value by the key before it: what its words say,
// and what it is.
type Key uint32

// What the words of a key say.
const (
	Secret  = Key(words.Secret)
	Deep    = Key(words.Deep)
	Members = Key(words.Members)
	Number  = Key(words.Strict)
)

const (
	Data    Key = 1 << (iota + 16) // all strings in it are secrets, where Docker's secrets and configs are talked of
	Pairs                          // names and values: an object, or an array of "NAME=value"
	Words                          // words of a command line, or a text with such
	Text                           // a text that may quote command lines
	Quoted                         // copied from another exchange, for an authorization plugin: a body in base64
	Headers                        // the same: an object of header fields
	Target                         // the same: a request target
	Names                          // an object of lists of names, which are no secrets
	Valued                         // an object among secrets, whose value is one
	Called                         // what the value beside it goes by
	Shown                          // what is said to a daemon that logs in to a registry, and is no secret
)

// Excuses says whether value, which is whole, is none that a secret has.
func (k Key) Excuses(value []byte) bool { return k.Meaning().Excuses(value) }

// Meaning returns what the words of the key say.
func (k Key) Meaning() words.Meaning { return words.Meaning(k) }
