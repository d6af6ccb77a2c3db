package pcap

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// Packet comments of our recordings say what packets cannot. They are made to
// be read by people, and to give back exactly what was written:
//
//	socktrace: connection 3 from docker[4711] uid 1000 to unix:///run/docker.sock
//	socktrace: connection 4 from tcp://10.0.0.7:51034 to tcp://10.0.0.2:2375
//	socktrace: connection 3 lost 512 bytes before this
//	socktrace: connection 3 lost bytes before this
//	socktrace: connection 3 closed
//	socktrace: connection 3 closed: "client: connection reset by peer"
//	socktrace: connection 3 open until here
//	socktrace: 12 packets with 34567 bytes are missing before this
//
// The first kind stands on the packet that begins a connection, and each of its
// ends is an address, a process, both in this order, or ? if nothing is known.
// The closed kinds stand on the first packet of the end; a connection without
// one was open when the recording ended, and if that ended in order the kind after
// them says when. The last kind is about all connections,
// and stands on a block of statistics. Addresses and names that are not plain
// words are Go strings in double quotes.
const commentPrefix = "socktrace: connection "

// appendOpenComment appends the comment on the begin of c.
func appendOpenComment(b []byte, c *wire.Conn) []byte {
	b = appendCommentID(b, c.ID)
	b = appendPeer(append(b, " from "...), c.Client)
	return appendPeer(append(b, " to "...), c.Server)
}

// appendLostComment appends the comment on what follows n lost bytes; n is
// negative if their number is not known.
func appendLostComment(b []byte, id, n int) []byte {
	b = append(appendCommentID(b, id), " lost "...)
	if n > 0 {
		b = append(strconv.AppendInt(b, int64(n), 10), ' ')
	}
	return append(b, "bytes before this"...)
}

// appendCloseComment appends the comment on an end for the reason err, or in
// order if it is nil.
func appendCloseComment(b []byte, id int, err error) []byte {
	b = append(appendCommentID(b, id), " closed"...)
	if err != nil {
		b = strconv.AppendQuote(append(b, ": "...), err.Error())
	}
	return b
}

// appendStopComment appends the comment on the last packet of a connection that
// was open when the recording ended.
func appendStopComment(b []byte, id int) []byte {
	return append(appendCommentID(b, id), stopped...)
}

const stopped = " open until here"

// gapComment returns the comment on packets that were left out.
func gapComment(n, bytes int64) []byte {
	return fmt.Appendf(nil, "socktrace: %s with %s %s missing before this", plural.Of(n, "packet"), plural.Of(bytes, "byte"), plural.Verb(n, "is", "are"))
}

func appendCommentID(b []byte, id int) []byte {
	return strconv.AppendInt(append(b, commentPrefix...), int64(id), 10)
}

// unknownPeer stands for a peer without an address and a process.
const unknownPeer = "?"

func appendPeer(b []byte, p wire.Peer) []byte {
	if p == (wire.Peer{}) {
		return append(b, unknownPeer...)
	}
	if p.Addr != "" {
		b = appendWord(b, p.Addr, strings.Contains(p.Addr, addrMark) && !strings.Contains(p.Addr, " "))
	}
	if p.Process == nil {
		return b
	}
	if p.Addr != "" {
		b = append(b, ' ')
	}
	b = appendWord(b, p.Process.Name, p.Process.Name != "" && !strings.ContainsAny(p.Process.Name, "[]:? "))
	b = strconv.AppendInt(append(b, '['), int64(p.Process.PID), 10)
	b = append(b, ']')
	if p.Process.UID != -1 {
		b = strconv.AppendInt(append(b, " uid "...), int64(p.Process.UID), 10)
	}
	return b
}

// addrMark is in every address that is not quoted, and in no such name.
const addrMark = "://"

// appendWord appends s as it is if it is plain and has nothing to escape, and
// else quoted.
func appendWord(b []byte, s string, plain bool) []byte {
	n := len(b)
	b = strconv.AppendQuote(b, s)
	if plain && len(b)-n == len(s)+2 {
		return append(b[:n], s...)
	}
	return b
}

// comment is what a packet comment of ours says.
type comment struct {
	kind   commentKind
	id     int
	client wire.Peer // of an open comment
	server wire.Peer
	lost   int   // of a lost comment: as in wire.Chunk
	err    error // of a close comment: why, or nil
}

type commentKind uint8

const (
	notOurs commentKind = iota
	openComment
	lostComment
	closeComment
	stopComment
)

// parseComment reads a comment. What it does not understand is not ours.
func parseComment(s string) comment {
	p := commentParser{rest: s}
	p.need(commentPrefix)
	c := comment{id: p.number()}
	switch {
	case p.skip(" from "):
		c.kind = openComment
		c.client = p.peer()
		p.need(" to ")
		c.server = p.peer()
	case p.skip(" lost bytes before this"):
		c.kind, c.lost = lostComment, -1
	case p.skip(" lost "):
		c.kind, c.lost = lostComment, p.number()
		p.bad = p.bad || c.lost <= 0
		p.need(" bytes before this")
	case p.skip(" closed: "):
		c.kind, c.err = closeComment, errors.New(p.quoted())
	case p.skip(" closed"):
		c.kind = closeComment
	case p.skip(stopped):
		c.kind = stopComment
	}
	if p.bad || p.rest != "" {
		return comment{}
	}
	return c
}

// commentParser takes a comment apart from its beginning. Once something is
// not as it must be it is bad, and what it returns means nothing.
type commentParser struct {
	rest string
	bad  bool
}

// skip takes s, and reports whether it was there.
func (p *commentParser) skip(s string) (ok bool) {
	p.rest, ok = strings.CutPrefix(p.rest, s)
	return ok
}

func (p *commentParser) need(s string) {
	p.bad = !p.skip(s) || p.bad
}

func (p *commentParser) number() int {
	n := 0
	for n < len(p.rest) && (p.rest[n] == '-' || '0' <= p.rest[n] && p.rest[n] <= '9') {
		n++
	}
	v, err := strconv.Atoi(p.rest[:n])
	p.bad = p.bad || err != nil
	p.rest = p.rest[n:]
	return v
}

func (p *commentParser) quoted() string {
	q, err := strconv.QuotedPrefix(p.rest)
	if err == nil {
		p.rest = p.rest[len(q):]
		q, err = strconv.Unquote(q)
	}
	p.bad = p.bad || err != nil
	return q
}

func (p *commentParser) peer() (peer wire.Peer) {
	if p.skip(unknownPeer) {
		return peer
	}
	word := p.word()
	if !strings.HasPrefix(p.rest, "[") {
		peer.Addr = word
		if p.rest == "" || strings.HasPrefix(p.rest, " to ") {
			return peer
		}
		p.need(" ")
		word = p.word()
	}
	peer.Process = &wire.Process{Name: word, UID: -1}
	p.need("[")
	peer.Process.PID = p.number()
	p.need("]")
	if p.skip(" uid ") {
		peer.Process.UID = p.number()
	}
	return peer
}

// word takes an address or a name.
func (p *commentParser) word() string {
	if strings.HasPrefix(p.rest, `"`) {
		return p.quoted()
	}
	word, _, _ := strings.Cut(p.rest, " ")
	if !strings.Contains(word, addrMark) {
		word, _, _ = strings.Cut(word, "[")
	}
	p.bad = p.bad || word == ""
	p.rest = p.rest[len(word):]
	return word
}
