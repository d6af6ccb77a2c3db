// Package key knows what the keys of JSON objects say of the values behind them.
package key

// Key says what is known of a JSON value by the key before it.
type Key uint16

const (
	Secret  Key = 1 << iota // a string is a secret
	Deep                    // so are all strings within an array or object
	Number                  // so are numbers
	Data                    // a string is a secret, where Docker's secrets and configs are talked of
	Pairs                   // names and values: an object, or an array of "NAME=value"
	Words                   // words of a command line, or a text with such
	Text                    // a text that may quote command lines
	Tokens                  // an object of secrets
	Quoted                  // copied from another exchange, for an authorization plugin: a body in base64
	Headers                 // the same: an object of header fields
	Target                  // the same: a request target
)
