package wire

// Kind says what bytes are: those of a message, from KindRaw on, or all of a body
// or stream.
type Kind uint8

const (
	KindNone        Kind = iota // nothing: there is no body
	KindBinary                  // of a body: nothing is known of it, or it is an archive
	KindMultiplexed             // of a body or stream: frames of stdin, stdout, stderr and systemerr
	KindParts                   // of a body: parts with types of their own, such as those of multipart/form-data
	KindTar                     // of a body: an archive; its entries are told one by one
	KindRaw                     // bytes that no decoder claimed
	KindJSON                    // one JSON value; of a body, one or many
	KindText                    // a piece of a textual body, not cut inside a UTF-8 sequence
	KindTerminal                // output of a container with a terminal: text with escape sequences
	KindStdin                   // input of a container
	KindStdout                  // one frame of a multiplexed stream
	KindStderr                  // the same
	KindSystemErr               // the same: the daemon's own error text
	KindWebSocket               // one WebSocket message or control frame; its Opcode says which
	KindGRPC                    // one message of gRPC, as JSON; its Type says what it is. Of a body: many
	KindEntry                   // one entry of an archive, without its content, as JSON
	KindCount                   // how many kinds there are
)

// kinds are what is known of each kind.
var kinds = [KindCount]struct {
	name   string
	framed bool
}{
	KindNone:        {name: "none"},
	KindBinary:      {name: "binary"},
	KindMultiplexed: {name: "multiplexed"},
	KindParts:       {name: "parts"},
	KindTar:         {name: "tar"},
	KindRaw:         {name: "raw"},
	KindJSON:        {name: "json", framed: true},
	KindText:        {name: "text"},
	KindTerminal:    {name: "terminal"},
	KindStdin:       {name: "stdin"},
	KindStdout:      {name: "stdout", framed: true},
	KindStderr:      {name: "stderr", framed: true},
	KindSystemErr:   {name: "systemerr", framed: true},
	KindWebSocket:   {name: "websocket", framed: true},
	KindGRPC:        {name: "grpc", framed: true},
	KindEntry:       {name: "entry", framed: true},
}

// String returns the kind's name as JSON lines spell it, such as "stdout".
func (k Kind) String() string {
	if k < KindCount {
		return kinds[k].name
	}
	return "unknown"
}

// Framed reports whether messages of the kind have borders of their own. The
// pieces of others follow the reads they came in: how many there are says
// nothing.
func (k Kind) Framed() bool { return k < KindCount && kinds[k].framed }

// IsJSON reports whether the data of messages of the kind is a JSON value.
func (k Kind) IsJSON() bool { return k == KindJSON || k == KindGRPC || k == KindEntry }

// KindNamed returns the kind that String calls name; false if there is none.
func KindNamed(name string) (Kind, bool) {
	for k := range KindCount {
		if kinds[k].name == name {
			return k, true
		}
	}
	return KindNone, false
}
