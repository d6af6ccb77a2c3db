// Package words is the one rule of names: whether what is called so is a secret,
// by the words in its name. It is the same for variables, JSON keys, parameters of
// queries and forms, header fields, labels and flags. Case and the borders of words
// make no difference to it: "dbPassword", "DB_PASSWORD" and "db-password" are one
// name, and most are known without borders, too.
package words

// Meaning says what a name tells of the value behind it: nothing, if it is zero.
type Meaning uint16

const (
	Secret  Meaning = 1 << iota // it is a secret, unless it is excused
	Deep                        // so are all strings within it
	Members                     // so are the strings in it that do not tell which one it is
	Strict                      // so are numbers, and words such as "no"
	Weak                        // where all things have names, this is one of many
	Dir                         // excused: what begins with a slash
	Count                       // excused: numbers
	Code                        // excused: codes of errors
	Asks                        // excused: the answer to a question
)

// Max is how much of a name is looked at: its end, if it is longer.
const Max = 96
