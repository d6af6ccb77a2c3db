package http1

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/wire"
)

// message waits for the start of a message.
func (d *Decoder) message(s *side) bool {
	if d.skipEmptyLines(s) {
		return true
	}
	if s.w.Len() == 0 {
		return d.ended(s)
	}
	if s.dir == wire.ToClient {
		return d.responseHead(s)
	}
	switch whole, may := http2.IsPreface(s.w.Bytes()); {
	case whole && d.answeredAs1(s) == content.TooFew, may && !s.w.Ended():
		return false
	case whole && d.answeredAs1(s) == content.No:
		d.handOver()
		return true
	}
	return d.requestHead(s)
}

// handOver ends the exchanges that are open, and lets HTTP/2 go on.
func (d *Decoder) handOver() {
	d.End()
	d.h2(d.begun, [2]bool{d.sides[0].told, d.sides[1].told})
}

// answeredAs1 tells whether the preface of HTTP/2, which s is at, is answered by a
// server that speaks HTTP/1 all the same, and takes it for a request.
func (d *Decoder) answeredAs1(s *side) content.Looks {
	o := d.other(s)
	x, _ := d.waiting()
	switch {
	case o.w.Ended() && o.w.Len() == 0, s.w.Ended(), s.w.Len() > d.limit.Held, o.state == stream, o.state == opaque:
		return content.No
	case x != nil, o.state != start:
		return content.TooFew
	}
	return Looks(wire.ToClient, o.w.Bytes())
}

// requestHead reads a request head.
func (d *Decoder) requestHead(s *side) bool {
	head, ok := d.head(s)
	if head == "" {
		return ok
	}
	line, rest, bare := nextLine(head)
	r, ok := parseRequestLine(line)
	whole := ok
	if s.torn && r.version == "" {
		r, whole = parseTornLine(line)
		ok = r.method != ""
	}
	if !ok {
		d.reject(s, line)
		return true
	}
	if n := strayBefore(line); n > 0 && d.begun > 0 {
		d.wrong(s, nil, anomaly.NotHTTP, "begins with "+strconv.Quote(clip(line[:n])))
		d.giveUp(s, n)
		return true
	}
	if len(d.open) >= maxOpen {
		d.tooMany(s, anomaly.TooManyOpen, len(head))
		return true
	}
	kept, ok := d.fit(s, body.ExchangeRoom, line, rest, len(d.open) == 0)
	if !ok {
		d.env.Account.Missed(len(head))
		d.tooMany(s, anomaly.Spent, len(head))
		return true
	}
	size := len(head) + s.w.Gone()
	if s.inside.heads > 0 && s.inside.ends == s.w.Off() && !isMethod(r.method) {
		d.swallowed(s) // it may be the end of another head
	}
	d.asks()
	x := d.begin(s, s.w.Off())
	s.exchange, x.charged = x, kept.room
	faults := d.parseHead(x, s.dir, kept, len(head)-len(rest), lineFaults(anomaly.BadRequestLine, line, r.odd, bare))
	x.request = wire.Request{
		Meta:   d.env.Meta(s.w, s.dir, x.Number, s.w.Off(), s.w.Off()+int64(size)),
		Method: kept.shorten(r.method), Target: kept.shorten(r.target), Version: kept.shorten(r.version),
		Fields: d.told(x.fields[s.dir]), HeadBytes: int64(size),
	}
	if whole { // what is cut may look like something else
		x.Recognise(&x.request, x.fields[s.dir])
	}
	x.maySwitch = r.method == "CONNECT" || x.Call.Hijacks() || wire.HasField(x.fields[s.dir], "Upgrade")
	d.env.Tell(&x.request)
	d.shortened(s, x, kept, size)
	d.faults(s, x, faults)
	d.asked(x)
	d.enter(s, requestFraming(&x.request, x.fields[s.dir]), len(head))
	return true
}

// tooMany gives up a request for which there is no room among those that wait for
// an answer, and all that follow: behind the gap they would be paired with wrong
// answers.
func (d *Decoder) tooMany(s *side, code string, head int) {
	d.wrong(s, nil, code, strconv.Itoa(len(d.open)))
	d.giveUp(s, head)
	s.on(silenced)
}

// responseHead reads a response head.
func (d *Decoder) responseHead(s *side) bool {
	head, ok := d.head(s)
	if head == "" {
		return ok
	}
	line, rest, bare := nextLine(head)
	r, ok := parseStatusLine(line)
	if !ok {
		d.reject(s, line)
		return true
	}
	interim := r.status/100 == 1 && r.status != 101
	x := d.answers(s, interim)
	orphan := x == nil
	if orphan {
		x = d.orphan(s)
	}
	s.exchange = x
	size := len(head) + s.w.Gone()
	kept, _ := d.fit(s, 0, line, rest, true)
	resp, faults := &x.response, lineFaults(anomaly.BadStatusLine, line, r.odd, bare)
	if interim { // there may be many
		resp = new(wire.Response)
		resp.Fields, faults = parseFields(kept.lines, len(head)-len(rest), nil, faults)
		d.env.Account.Refund(kept.room) // nothing is held of it
	} else {
		x.charged += kept.room
		faults = d.parseHead(x, s.dir, kept, len(head)-len(rest), faults)
		resp.Fields = x.fields[s.dir]
	}
	*resp = wire.Response{
		Meta:    d.env.Meta(s.w, s.dir, x.Number, s.w.Off(), s.w.Off()+int64(size)),
		Version: kept.shorten(r.version), Status: r.status, Reason: kept.shorten(r.reason), Fields: d.told(resp.Fields), HeadBytes: int64(size),
		Interim: interim,
	}
	d.env.Tell(resp)
	d.shortened(s, x, kept, size)
	if orphan {
		d.wrong(s, x, anomaly.NoRequest, strings.Clone(clip(line))) // it is told of for longer than the head is
	}
	d.faults(s, x, faults)
	if interim {
		x.goOn = x.goOn || r.status == 100
		d.interim(s, x, orphan, len(head))
		return true
	}
	x.answered = true
	if client := d.other(s); client.exchange == x && client.inBody() {
		client.mayEndHere()
	}
	d.enter(s, responseFraming(resp, x.fields[s.dir], x.request.Method, x.Call), len(head))
	return true
}

// orphan begins an exchange with a response that no request asked for.
func (d *Decoder) orphan(s *side) *exchange {
	x := d.begin(s, 0)
	x.charged = body.ExchangeRoom
	d.env.Account.Force(x.charged)
	x.state = wire.StatePartial
	x.Sides[wire.ToServer].Done = true
	return x
}

// interim goes on behind a 1xx response.
func (d *Decoder) interim(s *side, x *exchange, orphan bool, head int) {
	s.take(head)
	s.exchange = nil
	if orphan {
		d.finish(x)
	}
}

// enter takes a head, and begins the body behind it, or what comes instead.
func (d *Decoder) enter(s *side, f framed, head int) {
	if f.fault.Code != "" {
		d.fault(s, s.exchange, s.w.Off(), f.fault)
	}
	s.take(head)
	if s.torn && f.framing != framingTunnel && f.framing != framingUpgrade {
		return // nobody knows where the body begins
	}
	switch f.framing {
	case framingNone:
		if s.dir == wire.ToClient {
			d.pairs.unasked = f.length
		}
		d.messageDone(s)
	case framingSized:
		d.beginBody(s, bodySized, f)
	case framingChunked:
		d.beginBody(s, bodyChunked, f)
	case framingClose:
		d.beginBody(s, bodyClose, f)
	case framingTunnel, framingUpgrade:
		d.upgrade(s, f.framing)
	case framingBroken:
		d.breakOff(s)
	}
}
