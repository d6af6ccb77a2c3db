package jsonl

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/internal/handshake"
)

// note is what a line tells: the properties of all events, of which each has
// some (docs/jsonl.md).
type note struct {
	Event    string   `json:"event"`
	Time     string   `json:"time"`
	Conn     int      `json:"conn"`
	Exchange int      `json:"exchange"`
	Dir      string   `json:"dir"`
	Offset   int64    `json:"offset"`
	Start    string   `json:"start"`
	Masked   []string `json:"masked"`
	Latin1   []string `json:"latin1"`

	// Of open, and of the client in exchange.
	Client peerNote    `json:"client"`
	Server peerNote    `json:"server"`
	Parent *parentNote `json:"parent"`
	Via    string      `json:"via"`
	Back   bool        `json:"reversed"`

	// Of request and response, body, upgrade (content and reason), exchange.
	Method    string `json:"method"`
	Target    string `json:"target"`
	Stream    uint32 `json:"stream"`
	Scheme    string `json:"scheme"`
	Authority string `json:"authority"`
	Operation string `json:"operation"`
	headNote
	bodyNote
	Interim  json.RawMessage `json:"interim"` // true, or those of an exchange
	Protocol string          `json:"protocol"`

	// Of tls, with version and protocol.
	Peer        string                      `json:"peer"`
	Cipher      string                      `json:"cipher"`
	ServerName  string                      `json:"server_name"`
	Offered     []string                    `json:"offered"`
	Resumed     bool                        `json:"resumed"`
	ClientCerts []handshake.CertificateNote `json:"client_certificates"`
	ServerCerts []handshake.CertificateNote `json:"server_certificates"`
	Opaque      string                      `json:"opaque"`

	// Of message.
	Kind    string          `json:"kind"`
	Opcode  byte            `json:"opcode"`
	Name    string          `json:"name"`
	Type    string          `json:"type"`
	Index   int             `json:"index"`
	Size    int64           `json:"size"`
	Missing int64           `json:"missing"`
	JSON    json.RawMessage `json:"json"`
	Text    string          `json:"text"`
	Base64  []byte          `json:"base64"`

	// Of anomaly.
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Lost   int64  `json:"lost"`

	// Of exchange.
	State          string              `json:"state"`
	FirstByte      *float64            `json:"ttfb_ms"`
	Request        *sideNote           `json:"request"`
	Response       *sideNote           `json:"response"`
	Upgrade        *string             `json:"upgrade"`
	UpgradeContent string              `json:"upgrade_content"`
	UpgradeReason  string              `json:"upgrade_reason"`
	Anomalies      []anomalyNote       `json:"anomalies"`
	Streams        map[string]statNote `json:"streams"`
	Reset          *resetNote          `json:"reset"`
	about.Note                         // its error is also that of close

	// Of close and dropped.
	BytesToServer int64     `json:"bytes_to_server"`
	BytesToClient int64     `json:"bytes_to_client"`
	Stopped       bool      `json:"stopped"`
	Story         storyNote `json:"story"`
	Events        int64     `json:"events"`
	Bytes         int64     `json:"bytes"`
	Entries       bool      `json:"entries"`

	start, end time.Time // start is zero if the line has none
}

type (
	peerNote struct {
		Addr string `json:"addr"`
		PID  *int   `json:"pid"`
		UID  *int   `json:"uid"`
		Name string `json:"name"`
	}
	parentNote struct {
		Conn     int `json:"conn"`
		Exchange int `json:"exchange"`
	}
	headNote struct {
		Version string      `json:"version"`
		Status  int         `json:"status"`
		Reason  string      `json:"reason"`
		Headers [][2]string `json:"headers"`
		Size    int64       `json:"header_bytes"`
		Lines   []lineNote  `json:"header_lines"`
	}
	bodyNote struct {
		Content    string           `json:"content"`
		Coding     string           `json:"coding"`
		WireBytes  *int64           `json:"wire_bytes"`
		BodyBytes  int64            `json:"body_bytes"`
		Digest     string           `json:"digest"`
		Files      *about.FilesNote `json:"files"`
		Truncated  bool             `json:"truncated"`
		Incomplete bool             `json:"incomplete"`
		Trailers   [][2]string      `json:"trailers"`
		Begin      []byte           `json:"begin_base64"`
		Lines      []lineNote       `json:"trailer_lines"`
		Rest       []byte           `json:"rest_base64"`
		Body       string           `json:"body"`
		BodyBase64 []byte           `json:"body_base64"`
	}
	sideNote struct {
		headNote
		bodyNote
	}
	anomalyNote struct {
		Dir    string `json:"dir"`
		Code   string `json:"code"`
		Offset int64  `json:"offset"`
		Detail string `json:"detail"`
		Lost   int64  `json:"lost"`
	}
	statNote struct {
		Frames int64 `json:"frames"`
		Bytes  int64 `json:"bytes"`
	}
	resetNote struct {
		Dir  string `json:"dir"`
		Code uint32 `json:"code"`
	}
)

// headless reports whether the head of a message was not seen.
func (n *sideNote) headless() bool { return n.Headers == nil && n.headNote.Size == 0 }

// events are those that are known. Lines of others are ignored.
var events = map[string]bool{
	"open": true, "tls": true, "request": true, "response": true, "message": true, "body": true, "upgrade": true, "eof": true,
	"anomaly": true, "exchange": true, "close": true, "dropped": true,
}

// read makes n what a line tells. It returns false if the event is not known.
func (n *note) read(line []byte) (known bool, err error) {
	*n = note{}
	err = json.Unmarshal(line, n)
	known = events[n.Event]
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if err = nil; known {
			err = fmt.Errorf("%q is a %s", wrong.Field, wrong.Value)
		}
	}
	if err == nil && known {
		err = n.check()
	}
	return known, err
}

// check fails if n lacks what all events have, or has numbers that are none.
func (n *note) check() error {
	var err error
	if n.end, err = time.Parse(time.RFC3339Nano, n.Time); err != nil {
		return fmt.Errorf("%q is no time", n.Time)
	}
	if n.Start != "" {
		if n.start, err = time.Parse(time.RFC3339Nano, n.Start); err != nil {
			return fmt.Errorf("%q is no time", n.Start)
		}
	}
	switch n.Event {
	case "dropped":
	case "request", "response", "body", "exchange":
		if n.Exchange == 0 {
			return errors.New("it has no exchange")
		}
		fallthrough
	default:
		if n.Conn == 0 {
			return errors.New("it has no connection")
		}
	}
	all := n.Offset | n.headNote.Size | n.BodyBytes | n.Size | n.Missing | n.BytesToServer | n.BytesToClient | n.Events | n.Bytes |
		int64(n.Index) | int64(n.Exchange) | int64(n.Conn)
	for _, s := range []*sideNote{n.Request, n.Response} {
		if s != nil {
			all |= s.headNote.Size | s.BodyBytes | s.wireBytes()
		}
	}
	if uint64(all|n.wireBytes()) > maxCount || n.Conn > maxConn {
		return errors.New("it has a number that no count can be")
	}
	return nil
}

const (
	// maxCount is more than anything is counted to; two of them have a sum.
	maxCount = 1<<62 - 1
	// maxConn is more than a trace has connections.
	maxConn = 1<<32 - 1
)

func (b *bodyNote) wireBytes() int64 {
	if b.WireBytes == nil {
		return 0
	}
	return *b.WireBytes
}
