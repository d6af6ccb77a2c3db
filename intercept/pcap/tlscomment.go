package pcap

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// Where socktrace itself ended TLS, packets have what was inside. What was agreed on is
// told by comments on the first packet that comes behind the beginning:
//
//	socktrace: connection 3 tls {"start":"2026-…","end":"2026-…","peer":"client","version":"TLS 1.3",…}
//
// as JSON lines tell it (docs/jsonl.md).
const tlsMark = " tls "

// maxHandshakes bounds how many are kept of a connection: it has one with each side.
const maxHandshakes = 2

// TLS keeps what was agreed on, for the next packet.
func (r *recorder) TLS(ev *wire.TLS) {
	if len(r.secured) < maxHandshakes {
		r.secured = append(r.secured, appendTLSComment(nil, r.conn.ID, ev))
		r.told.secured = false
	}
}

// appendTLSComment appends the comment that tells of ev. Where there is no room for all
// names and certificates, some are left out.
func appendTLSComment(b []byte, id int, ev *wire.TLS) []byte {
	n, c := len(b), *ev
	for _, less := range []func(){
		func() {},
		func() { c.Client, c.Server = first(c.Client), first(c.Server) },
		func() { c.Client, c.Server, c.Offered = nameless(c.Client), nameless(c.Server), nil },
		func() { c.Client, c.Server, c.ServerName = nil, nil, "" },
	} {
		less()
		w := jsontext.Writer{B: append(append(appendCommentID(b[:n], id), tlsMark...), '{')}
		if c.Dir == wire.ToClient {
			w.Word("dir", c.Dir.String())
		}
		for _, at := range []struct {
			key string
			t   time.Time
		}{{"start", c.Start}, {"end", c.End}} {
			if !at.t.IsZero() {
				w.Word(at.key, at.t.UTC().Format(time.RFC3339Nano))
			}
		}
		handshake.Write(&w, &c)
		if b = append(w.B, '}'); len(b)-n <= maxOption {
			break
		}
	}
	return b
}

// first returns the first certificate alone: whose it is.
func first(all []wire.Certificate) []wire.Certificate { return all[:min(len(all), 1)] }

// nameless returns certificates without their names.
func nameless(all []wire.Certificate) []wire.Certificate {
	var bare []wire.Certificate
	for _, c := range all {
		c.Names = nil
		bare = append(bare, c)
	}
	return bare
}

// parseTLSComment returns what a comment tells; nil if it is none of these. Its
// connection is missing.
func parseTLSComment(s string) *wire.TLS {
	p := commentParser{rest: s}
	p.need(commentPrefix)
	p.number()
	if p.need(tlsMark); p.bad {
		return nil
	}
	var n struct {
		Dir   string    `json:"dir"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		handshake.Note
	}
	if json.NewDecoder(strings.NewReader(p.rest)).Decode(&n) != nil {
		return nil
	}
	m := wire.Meta{Start: n.Start, End: n.End}
	if n.Dir == wire.ToClient.String() {
		m.Dir = wire.ToClient
	}
	return n.Event(m)
}

// tellTLS tells what the comments on a packet say of TLS.
func (c *conn) tellTLS(p *packet) {
	tap, ok := c.tap.(wire.TLSTap)
	if !ok {
		return
	}
	eachOption(p.order, p.options, func(code uint16, value []byte) {
		if code != optionComment {
			return
		}
		if ev := parseTLSComment(string(value)); ev != nil {
			ev.Conn = c.conn
			tap.TLS(ev)
		}
	})
}
