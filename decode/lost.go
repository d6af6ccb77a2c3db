package decode

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/wire"
)

// torn is a connection of which something was lost before anything came. What comes is
// kept until it is known: frames of one side are enough, since what would have said more
// may be lost.
type torn struct {
	d    *Conn
	kept []wire.Chunk
	said [2][]byte // by direction: the bytes of them
	held int       // of the account
}

// maxTorn bounds what is kept, and keptCost is what a chunk costs besides its bytes.
const (
	maxTorn  = 64 << 10
	keptCost = 128
)

// remember notes a loss before anything has come.
func (d *Conn) remember(lost wire.Chunk) {
	d.ahead = (&torn{d: d, kept: []wire.Chunk{lost}}).keep
}

// keep keeps c, unless nothing more comes. If what has come by then is enough, all of it
// goes on.
func (t *torn) keep(c wire.Chunk, over bool) bool {
	last := &t.kept[len(t.kept)-1]
	goesOn := c.Dir == last.Dir && c.Time.Equal(last.Time) && c.Lost == 0 && !last.EOF
	cost := 2 * len(c.Data)
	if !goesOn {
		cost += keptCost
	}
	if over || c.Lost != 0 && len(t.said[c.Dir]) > 0 || !t.charge(cost) {
		t.decide(true)
		return false
	}
	if goesOn { // as if both had been read at once
		last.Data, last.EOF = append(last.Data, c.Data...), c.EOF
	} else {
		c.Data = bytes.Clone(c.Data)
		t.kept = append(t.kept, c)
	}
	t.said[c.Dir] = append(t.said[c.Dir], c.Data...)
	t.decide(c.EOF)
	return true
}

// charge takes n bytes of the account, if it and maxTorn allow that.
func (t *torn) charge(n int) bool {
	if t.held+n > maxTorn || !t.d.env.Account.Charge(n) {
		return false
	}
	t.held += n
	return true
}

// decide goes on with what was kept, if it is known what it is, or if over says that
// nothing else will tell.
func (t *torn) decide(over bool) {
	if !t.d.within && (tls.Recognize(t.said[wire.ToServer]) == tls.Client || tls.Recognize(t.said[wire.ToClient]) == tls.Server) {
		t.d.speaksTLS()
		t.release(0, false)
		return
	}
	looks := content.No
	if !over && t.mayAnswerTLS() {
		looks = content.TooFew
	}
	for dir := range wire.Dir(2) {
		said := t.said[dir]
		asked, may := http2.IsPreface(said)
		joins, sender, known := http2.Joins(said, over)
		switch {
		case len(said) == 0 && !over:
		case asked:
			t.begins(dir)
			return
		case joins == content.Yes:
			if !known {
				sender, known = http2.Sender(t.said[dir.Other()])
				dir = dir.Other()
			}
			t.goesOn(dir, sender, known)
			return
		case may && !over, joins == content.TooFew:
			looks = content.TooFew
		}
	}
	if looks == content.TooFew || len(t.said[0])+len(t.said[1]) == 0 && !over {
		return
	}
	t.d.gaveUp()
	t.release(0, false)
}

// mayAnswerTLS reports whether the server may still say that the connection is one of TLS,
// of which the client has said something that is no text: the rest of a ClientHello.
func (t *torn) mayAnswerTLS() bool {
	client, server := t.said[wire.ToServer], t.said[wire.ToClient]
	return !t.d.within && len(client) > 0 && !isText(client) && (len(server) == 0 || tls.Answers(server) == tls.TooFew)
}

// isText reports whether b begins with nothing that HTTP/1 does not have in a head.
func isText(b []byte) bool {
	return !bytes.ContainsFunc(b[:min(len(b), 256)], func(r rune) bool { return r != '\n' && isControl(r) })
}

// begins goes on with a connection of HTTP/2 whose client, by its preface, is the one
// that dir comes from: nothing of that direction is lost.
func (t *torn) begins(dir wire.Dir) {
	t.speaks(dir, http2.Start{})
	t.release(dir, true)
}

// goesOn goes on with a connection of HTTP/2 that had begun. What dir carries is what
// sender sends, if that is known.
func (t *torn) goesOn(dir, sender wire.Dir, known bool) {
	asks := wire.ToServer
	if known && dir != sender {
		asks = wire.ToClient
	}
	t.speaks(asks, http2.Start{Late: true})
	t.release(0, false)
}

// speaks notes that the connection is of HTTP/2, whose requests come from asks. Docker's
// daemon is the client of the sessions of BuildKit, which are inside of what has opened
// them.
func (t *torn) speaks(asks wire.Dir, s http2.Start) {
	if asks == wire.ToClient && t.d.depth() < maxDepth {
		t.d.carry(wire.Conn{Via: "h2c", Start: t.kept[0].Time, Reversed: true})
	} else {
		t.d.speaksHTTP2(s)
	}
}

// release gives back what was kept. If it begins with the first byte of dir, what is lost
// of that was before it.
func (t *torn) release(dir wire.Dir, begins bool) {
	t.d.ahead = nil
	t.d.env.Account.Refund(t.held)
	for _, c := range t.kept {
		if begins && c.Dir == dir && c.Lost != 0 {
			w := &t.d.windows[dir]
			m := wire.Meta{Conn: t.d.conn, Dir: dir, Off: w.Next(), Start: c.Time, End: c.Time}
			t.d.env.Tell(&wire.Anomaly{Meta: m, Code: anomaly.Lost, Lost: int64(max(c.Lost, -1))})
			w.Skip(int64(max(c.Lost, 0)))
			c.Lost = 0
		}
		t.d.Chunk(c)
	}
}
