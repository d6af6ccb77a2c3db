package har

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/wire"
)

// trace is the member _socktrace of an entry, as private writes it.
type trace struct {
	Exchange  int    `json:"exchange"`
	State     string `json:"state"`
	Part      int    `json:"part"`
	Start     int64  `json:"start"`
	End       *int64 `json:"end"`
	FirstByte *int64 `json:"first_byte"`
	Offset    int64  `json:"offset"`
	connNote
	TLS []tlsNote `json:"tls"`
	about.Note
	Target       string          `json:"target"`
	TargetLatin1 string          `json:"target_latin1"`
	Request      *headNote       `json:"request"`
	Response     *headNote       `json:"response"`
	Interim      []interimNote   `json:"interim"`
	Headless     []headlessNote  `json:"headless"`
	Upgrade      *upgradeNote    `json:"upgrade"`
	Streams      map[string]stat `json:"streams"`
	Anomalies    []anomalyNote   `json:"anomalies"`
	Reset        *resetNote      `json:"reset"`
	EOF          []eofNote       `json:"eof"`
	Masked       []string        `json:"masked"`
	Close        *closeNote      `json:"close"`
	Dropped      *droppedNote    `json:"dropped"`

	base time.Time // startedDateTime
}

type (
	placeNote struct {
		Offset int64  `json:"offset"`
		Start  *int64 `json:"start"`
		End    *int64 `json:"end"`
	}
	peerNote struct {
		Addr string `json:"addr"`
		PID  *int   `json:"pid"`
		UID  *int   `json:"uid"`
		Comm string `json:"comm"`
	}
	headNote struct {
		placeNote
		Type            string    `json:"type"` // of a request: "send" if it is empty
		Version         *string   `json:"version"`
		ReasonLatin1    string    `json:"reason_latin1"`
		Stream          uint32    `json:"stream"`
		Scheme          string    `json:"scheme"`
		SchemeLatin1    string    `json:"scheme_latin1"`
		Authority       string    `json:"authority"`
		AuthorityLatin1 string    `json:"authority_latin1"`
		Masked          []string  `json:"masked"`
		Body            *bodyNote `json:"body"`
	}
	bodyNote struct {
		placeNote
		Content    string           `json:"content"`
		Coding     string           `json:"coding"`
		Bytes      int64            `json:"bytes"`
		Digest     string           `json:"digest"`
		Files      *about.FilesNote `json:"files"`
		Incomplete bool             `json:"incomplete"`
		Masked     []string         `json:"masked"`
	}
	interimNote struct {
		placeNote
		Status       int      `json:"status"`
		Reason       string   `json:"reason"`
		ReasonLatin1 string   `json:"reason_latin1"`
		Version      string   `json:"version"`
		Headers      []Pair   `json:"headers"`
		HeaderBytes  int64    `json:"header_bytes"`
		Masked       []string `json:"masked"`
	}
	upgradeNote struct {
		placeNote
		Type           string `json:"type"` // "receive" if it is empty
		Protocol       string `json:"protocol"`
		ProtocolLatin1 string `json:"protocol_latin1"`
		Content        string `json:"content"`
		Reason         string `json:"reason"`
	}
	stat struct {
		Frames int64 `json:"frames"`
		Bytes  int64 `json:"bytes"`
	}
	anomalyNote struct {
		placeNote
		Type         string `json:"type"`
		Code         string `json:"code"`
		Detail       string `json:"detail"`
		DetailLatin1 string `json:"detail_latin1"`
		Lost         int64  `json:"lost"`
	}
	resetNote struct {
		Type string `json:"type"`
		Code uint32 `json:"code"`
	}
	eofNote struct {
		placeNote
		Type string `json:"type"`
	}
	closeNote struct {
		At       int64  `json:"at"`
		ToServer int64  `json:"to_server"`
		ToClient int64  `json:"to_client"`
		Error    string `json:"error"`
	}
	messageNote struct {
		Type        string      `json:"type"`
		Time        json.Number `json:"time"`
		Opcode      float64     `json:"opcode"`
		Channel     string      `json:"channel"`
		Name        string      `json:"name"`
		Latin1      string      `json:"name_latin1"`
		MessageType string      `json:"messageType"`
		Data        string      `json:"data"`
		Encoding    string      `json:"encoding"`
		Index       int         `json:"index"`
		Offset      int64       `json:"offset"`
		Start       *int64      `json:"start"`
		Size        *int64      `json:"size"`
		Truncated   bool        `json:"truncated"`
		Masked      []string    `json:"masked"`
	}
)

// readTrace returns what a Writer noted in e, which began at start, or nil if
// none did.
func (f *file) readTrace(e *Entry, start time.Time) *trace {
	raw, ok := e.Extra["_socktrace"]
	if !ok {
		return nil
	}
	t := &trace{base: start}
	if json.Unmarshal(raw, t) != nil {
		f.fixes.add(noNotes)
		return nil
	}
	return t
}

// startOf returns when e began. If it does not say so, that is when it was
// answered by the clock of the server, or when the entry before began.
func (f *file) startOf(e *Entry) time.Time {
	at, err := time.Parse(time.RFC3339Nano, e.StartedDateTime)
	if err != nil {
		f.fixes.add(noTime)
		at = later(time.Unix(0, 0).UTC(), f.before)
		for i := range e.Response.Headers {
			if h := &e.Response.Headers[i]; strings.EqualFold(h.Name, "Date") {
				if date, how := parseMoment(h.Value); how != momentUnknown {
					at = date
				}
			}
		}
	}
	f.before = at
	return at
}

// clipped returns what is kept of a name as long as a connection is open.
func clipped(s string) string {
	const most = 256
	return strings.Clone(s[:min(len(s), most)])
}

// wire returns the end of a connection.
func (p *peerNote) wire() wire.Peer {
	if p == nil {
		return wire.Peer{}
	}
	peer := wire.Peer{Addr: clipped(p.Addr)}
	if p.PID != nil {
		peer.Process = &wire.Process{PID: *p.PID, UID: -1, Name: clipped(p.Comm)}
		if p.UID != nil {
			peer.Process.UID = *p.UID
		}
	}
	return peer
}

// The names that JSON has for the values of wire.

func stateOf(s string) wire.State {
	for _, st := range []wire.State{wire.StateDone, wire.StateOpen, wire.StateAborted} {
		if st.String() == s {
			return st
		}
	}
	return wire.StatePartial
}

func kindNamed(s string) wire.Kind {
	k, _ := wire.KindNamed(s)
	return k
}

// messageKind returns the kind of a message; raw if it is not known.
func messageKind(s string) wire.Kind { return max(kindNamed(s), wire.KindRaw) }

// dirNamed returns the direction that programs call s.
func dirNamed(s string) wire.Dir {
	switch strings.ToLower(s) {
	case "receive", "received", "recv", "incoming", "inbound", "in", "response", "server":
		return wire.ToClient
	}
	return wire.ToServer
}
