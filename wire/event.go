package wire

import "time"

// Event is one thing that happened on a connection. The set is closed: Open, TLS,
// Request, Response, Message, Body, Upgrade, EOF, Anomaly, Exchange, Close and
// Dropped, always as pointers.
type Event interface{ EventMeta() *Meta }

// Meta says where and when an event happened. It is embedded in every event.
type Meta struct {
	Conn     *Conn
	Exchange int       // nth exchange of the connection, from 1; 0: of the connection itself
	Dir      Dir       // of the bytes the event was decoded from
	Off      int64     // of the first of these bytes, in its direction, from 0
	Start    time.Time // when the first of these bytes was seen
	End      time.Time // when the last of these bytes was seen
}

// EventMeta returns m.
func (m *Meta) EventMeta() *Meta { return m }

// Open is the first event of a connection.
type Open struct{ Meta }

// Field is one header or trailer field, as sent: case, order and repeats are
// kept (RFC 9110, section 5).
type Field struct {
	Name  string
	Value string // without the white space around it; obsolete line folds are one space
	// Line is the whole line as it was sent, without its line end; folded
	// lines are joined by "\r\n" or "\n" as sent. It is empty if Value is not
	// what was sent, because it was masked, and in protocols without lines.
	Line   string
	Masked bool // Value was replaced
}

// Request is the head of a request: its request line and header fields.
type Request struct {
	Meta
	Method  string
	Target  string
	Version string // "HTTP/1.1"
	Fields  []Field
	// Scheme and Authority are those of HTTP/2 (RFC 9113, section 8.3.1) and
	// empty before it, where the target and the field Host tell them.
	Scheme, Authority string
	Stream            uint32 // of HTTP/2, which the exchange is; 0 in HTTP/1
	HeadBytes         int64  // size on the wire, with the empty line that ends it
	Call              Call   // what it asks of the daemon
	// Masked names the parts whose values were replaced, such as
	// "request.headers.X-Registry-Auth".
	Masked []string
}

// Call is what a request asks of the daemon. It is zero if that is not known.
type Call struct {
	Operation string // such as "ContainerCreate"
	Version   string // of the API, as the path names it: "1.41"; empty if it does not
	// Subject is what the operation is about, percent-decoded: the id or the
	// name of a container, an exec instance, an image; empty if the path names
	// none.
	Subject string
	// Waits says that the answer lasts until something happens that is not the
	// daemon's doing, or until the client leaves.
	Waits bool
}

// Response is the head of a response.
type Response struct {
	Meta
	Version   string
	Status    int
	Reason    string // may be empty, and may be anything
	Fields    []Field
	HeadBytes int64
	Interim   bool     // 1xx, but not 101: another response follows
	Masked    []string // as in Request
}

// Message is one decoded unit of a body or an upgraded stream: a JSON value,
// a frame, a piece of text. It is sent the moment its last byte arrives.
//
// Kinds raw, text, terminal and stdin have no borders of their own; their
// pieces follow the reads they came in. A JSON value longer than the decoder's
// limit comes cut (Truncated); a frame longer than that comes in several
// messages with the same Index.
type Message struct {
	Meta
	Kind      Kind
	Opcode    byte     // of a WebSocket message, such as OpText
	Name      string   // of the field of a form, or of the channel, that it is; empty if it has none
	Type      string   // of a gRPC message: its full name, such as "moby.buildkit.v1.SolveRequest"; empty if it is not known
	Index     int      // counts the messages of a body or stream, per direction, from 0; of KindGRPC behind KindJSON with the same: that value, told otherwise
	Data      []byte   // what was kept of it
	Size      int64    // its true size in bytes
	Missing   int64    // bytes of Size that never came: the stream ended within it
	Truncated bool     // Data is only the beginning, or the stream ended within it
	Aside     bool     // Data is there for what it tells of the exchange, since no sink needs Messages
	Masked    []string // as in Request
}

// Body is the end of a message body. A message without a body has none.
// Meta.Off and Start are those of the body's first byte.
type Body struct {
	Meta
	Content Kind // none, binary, text, json, parts, tar, grpc, multiplexed or terminal
	// Coding names the content codings that were removed, as sent, such as
	// "gzip"; empty if there were none, or they were not understood (RFC 9110,
	// section 8.4).
	Coding    string
	WireBytes int64 // as sent, with chunk framing
	Bytes     int64 // without transfer and content coding
	// Data is the beginning of the body, at least the first 64 bytes of it:
	// without transfer and content coding.
	Data []byte
	// Digest is that of the whole binary body, as in Data, such as
	// "sha256:9f86d0…", if decoders were asked for it; empty for others.
	Digest    string
	Files     *Files   // what an archive or a transfer of files has carried; nil if it is none
	Truncated bool     // Data is not all of it
	Complete  bool     // false: it ended before its framing said so, or the framing broke
	Trailer   []Field  // RFC 9110, section 6.5
	Masked    []string // as in Request
}

// Upgrade says that the connection has left HTTP: both directions are streams
// of another protocol from here on.
type Upgrade struct {
	Meta
	// Protocol is the field value that agreed on it, such as "tcp", "h2c" or
	// "websocket"; "connect" for a tunnel; "hijack" for Docker's 200 response
	// without framing.
	Protocol string
	Content  Kind   // of the direction to the client, as far as known
	Reason   string // how Content is known: "content-type", "tty", "sniffed"; empty if it is not
}

// EOF says that one direction of an upgraded connection, or of a connection
// between exchanges, has ended; the other may go on (half-close).
type EOF struct{ Meta }

// Anomaly says that the traffic broke a rule, or that some of it is missing.
// It is data about the peers, not an error of socktrace.
type Anomaly struct {
	Meta
	Code   string // one of the codes of package decode, such as "bad-chunk-size"
	Detail string // what was found, in words; quotes at most a line of the traffic
	Lost   int64  // bytes that were not captured, if that is the anomaly; -1: unknown
}

// FaultOnPurpose is the code of the anomaly that tells of a fault that was asked for; its detail
// is the rule. Nothing is wrong where it stands.
const FaultOnPurpose = "fault-on-purpose"

// Close is the last event of a connection.
type Close struct {
	Meta
	Bytes   [2]int64 // carried, by direction
	Stopped bool     // it did not end before the trace did
	// Err says why the connection ended, such as "connection reset by peer";
	// empty if both sides closed it in order.
	Err string
	// Story is what the connections of its client were for, told with the last of them;
	// nil if nobody knows, see flow.Options.Explain.
	Story *Story
}

// Dropped stands where an output was too slow and events were left out.
type Dropped struct {
	Meta
	Events int64
	Bytes  int64 // of message and body data in them
	// Recorded says that it is read from a recording, whose output was too slow
	// when it was made; not that of the sink that is told.
	Recorded bool
	// Entries says that Events counts the entries of a HAR file, each an exchange or
	// a part of one, and Bytes their size.
	Entries bool
}
