package equivalent

import (
	"iter"

	"github.com/socktrace/socktrace/wire"
)

// Call is how to ask for the same in one form.
type Call struct {
	// Text is lines as one types them, without a line end behind the last; empty if
	// there is no such call. All bytes of the traffic in it are quoted: a terminal shows
	// them and does nothing else.
	Text string
	// Notes are sentences: what it does otherwise, or why there is none. They have bytes
	// of the traffic in them as they are.
	Notes []string
	// Setup are lines that Text needs before it, once: "import os". Of those that set
	// the same variable, the last one counts.
	Setup []string
	// Aside says that it lasts while others are made, whatever the exchange does.
	Aside bool
}

// note adds a sentence.
func (c *Call) note(sentence string) { c.Notes = append(c.Notes, sentence) }

// Options are what exchanges do not tell.
type Options struct {
	// Daemon is the address of the daemon, such as "unix:///run/docker.sock"; empty: that
	// of the server of the exchange's connection.
	Daemon string
	TLS    bool // it is spoken to with TLS
	// CACert, Cert and Key are the files for that; empty if they are not known.
	CACert, Cert, Key string
	Insecure          bool   // whoever the daemon is
	ServerName        string // that its certificate must be for; empty: the host of its address

	// Names are what earlier calls have made, and each call adds to them; nil: ids are those
	// of the trace. Calls are then to be asked for in the order of their requests.
	Names *Names
	// During are the requests that were sent behind that of the exchange, and before it
	// ended; nil: they are not known.
	During iter.Seq[*wire.Request]
}

// Form is one way to write calls.
type Form struct {
	Name    string // "curl"
	Says    string // what it shows, in a few words
	Comment string // what a comment begins with: "# "
	// Of returns how to ask for the same as x. x stays the caller's.
	Of func(x *wire.Exchange, o Options) Call
	// Aside returns a call that goes on while those behind it are made, with a number of its
	// own; nil: calls do so by themselves. One that is endless has to be stopped. AsideSetup is
	// needed before it, Pause stands between it and the next call. Await returns what stands
	// behind all calls, so that the endless ones stop and the others end.
	Aside      func(text string, n int, endless bool) string
	AsideSetup []string
	Pause      string
	Await      func(endless []int) string
	// Head and Foot stand around calls, to make them a program; they may be empty.
	Head, Foot string
	Indent     string // before each line between them
	// Begins are the first lines of what is written in this form, other than comments
	// about an exchange.
	Begins []string
}

// MaxBody is how much of a body is needed for a call, in bytes: of a longer one the call
// reads a file.
const MaxBody = 64 << 10

// cannot is the call of what cannot be asked for in this form, and why.
func cannot(why string) Call { return Call{Notes: []string{why}} }
