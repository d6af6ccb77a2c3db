package http1

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/dockerapi"
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
	case whole:
		d.h2([2]bool{d.sides[0].told, d.sides[1].told})
		return true
	case may && !s.w.Ended():
		return false
	}
	return d.requestHead(s)
}

// requestHead reads a request head.
func (d *Decoder) requestHead(s *side) bool {
	head, ok := d.head(s)
	if head == "" {
		return ok
	}
	line, rest, _ := nextLine(head)
	method, target, version, ok := parseRequestLine(line)
	if !ok {
		d.reject(s, line)
		return true
	}
	if len(d.open) >= maxOpen {
		d.tooMany(s, anomaly.TooManyOpen, len(head))
		return true
	}
	d.forgoAnswers()
	kept, ok := d.fit(s, exchangeRoom, line, rest, len(d.open) == 0)
	if !ok {
		d.env.Account.Missed(len(head))
		d.tooMany(s, anomaly.Spent, len(head))
		return true
	}
	size := len(head) + s.w.Gone()
	x := d.begin(s, s.w.Off())
	s.exchange, x.charged = x, kept.room
	faults := d.parseHead(x, s.dir, kept, len(head)-len(rest))
	x.request = wire.Request{
		Meta:   d.env.Meta(s.w, s.dir, x.Number, s.w.Off(), s.w.Off()+int64(size)),
		Method: kept.shorten(method), Target: kept.shorten(target), Version: kept.shorten(version),
		Fields: d.told(x.fields[s.dir]), HeadBytes: int64(size),
	}
	d.recognise(x)
	x.maySwitch = method == "CONNECT" || x.Call.Hijacks() || wire.HasField(x.fields[s.dir], "Upgrade")
	d.env.Tell(&x.request)
	d.shortened(s, x, kept, size)
	d.faults(s, x, faults)
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

// recognise notes what the request of x asks for. What is only like an operation
// of the table is decoded as one, but not called so.
func (d *Decoder) recognise(x *exchange) {
	r, named := &x.request, false
	if x.Call, named = dockerapi.Match(r.Method, r.Target); !named {
		x.Call, _ = dockerapi.Akin(r.Method, r.Target)
	} else if d.env.Needs.Lines {
		r.Call = x.Call.Told()
	}
}

// responseHead reads a response head.
func (d *Decoder) responseHead(s *side) bool {
	head, ok := d.head(s)
	if head == "" {
		return ok
	}
	line, rest, _ := nextLine(head)
	version, status, reason, ok := parseStatusLine(line)
	if !ok {
		d.reject(s, line)
		return true
	}
	s.missed = false
	x := d.unanswered()
	orphan := x == nil
	if orphan {
		x = d.orphan(s)
	}
	s.exchange = x
	interim := status/100 == 1 && status != 101
	size := len(head) + s.w.Gone()
	kept, _ := d.fit(s, 0, line, rest, true)
	resp, faults := &x.response, []fault(nil)
	if interim { // there may be many
		resp = new(wire.Response)
		resp.Fields, faults = parseFields(kept.lines, len(head)-len(rest), nil)
		d.env.Account.Refund(kept.room) // nothing is held of it
	} else {
		x.charged += kept.room
		faults = d.parseHead(x, s.dir, kept, len(head)-len(rest))
		resp.Fields = x.fields[s.dir]
	}
	*resp = wire.Response{
		Meta:    d.env.Meta(s.w, s.dir, x.Number, s.w.Off(), s.w.Off()+int64(size)),
		Version: kept.shorten(version), Status: status, Reason: kept.shorten(reason), Fields: d.told(resp.Fields), HeadBytes: int64(size),
		Interim: interim,
	}
	d.env.Tell(resp)
	d.shortened(s, x, kept, size)
	if orphan {
		d.wrong(s, x, anomaly.NoRequest, strings.Clone(clip(line))) // it is told of for longer than the head is
	}
	d.faults(s, x, faults)
	if interim {
		d.interim(s, x, orphan, len(head))
		return true
	}
	x.answered = true
	d.enter(s, responseFraming(resp, x.fields[s.dir], x.request.Method, x.Call), len(head))
	return true
}

// orphan begins an exchange with a response that no request asked for.
func (d *Decoder) orphan(s *side) *exchange {
	x := d.begin(s, 0)
	x.charged = exchangeRoom
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
		x.Sides[wire.ToClient].Done = true
		d.finish(x)
	}
}

// enter takes a head, and begins the body behind it, or what comes instead.
func (d *Decoder) enter(s *side, f framed, head int) {
	if f.fault.Code != "" {
		d.fault(s, s.exchange, s.w.Off(), f.fault)
	}
	s.take(head)
	switch f.framing {
	case framingNone:
		d.messageDone(s)
	case framingSized:
		d.beginBody(s, bodySized, f.length)
	case framingChunked:
		d.beginBody(s, bodyChunked, 0)
	case framingClose:
		d.beginBody(s, bodyClose, 0)
	case framingTunnel, framingUpgrade:
		d.upgrade(s, f.framing)
	case framingBroken:
		d.breakOff(s)
	}
}
