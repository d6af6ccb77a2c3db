package decode

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// requestHead waits for a request head and reads it.
func requestHead(d *Conn, h *half) bool {
	if d.skipEmptyLines(h) {
		return true
	}
	if len(h.win) == 0 {
		return d.ended(h)
	}
	if bytes.HasPrefix(h.win, preface) {
		return d.priorKnowledge()
	}
	if len(h.win) < len(preface) && bytes.HasPrefix(preface, h.win) && !h.eof {
		return false
	}
	s, ok := d.head(h, mayBeRequest, isRequestLine, codeBadRequestLine)
	if s == "" {
		return ok
	}
	line, rest, _ := nextLine(s)
	method, target, version, ok := parseRequestLine(line)
	if !ok {
		d.reject(h, codeBadRequestLine, line)
		return true
	}
	if len(d.open) >= maxOpen {
		d.anomaly(h, nil, h.off, codeTooManyOpen, strconv.Itoa(len(d.open)))
		d.giveUp(h, len(s))
		h.state = opaque // a request behind the gap would be paired with a wrong answer
		return true
	}
	d.forgoAnswers()
	ex := d.begin(h, h.off)
	h.ex = ex
	fields, faults := d.parseHead(&ex.side[h.dir], rest, len(s)-len(rest))
	ex.request = wire.Request{
		Meta:   d.meta(h, ex, h.off, h.off+int64(len(s))),
		Method: method, Target: target, Version: version, Fields: fields, HeadBytes: int64(len(s)),
	}
	ex.Request = &ex.request
	if d.o.Operation != nil {
		ex.Request.Operation = d.o.Operation(method, target)
	}
	ex.call = dockerCall(method, target)
	_, upgrade := joined(fields, "Upgrade")
	ex.maySwitch = upgrade || method == "CONNECT" || ex.call.hijacks()
	d.emit(ex.Request)
	d.faults(h, ex, faults)
	f, length, code, detail := bodyFraming(ex, ex.Request, nil)
	if code != "" {
		d.anomaly(h, ex, h.off, code, detail)
	}
	h.take(len(s))
	d.enter(h, f, length)
	return true
}

// responseHead waits for a response head and reads it.
func responseHead(d *Conn, h *half) bool {
	if d.skipEmptyLines(h) {
		return true
	}
	if len(h.win) == 0 {
		return d.ended(h)
	}
	s, ok := d.head(h, mayBeResponse, isStatusLine, codeBadStatusLine)
	if s == "" {
		return ok
	}
	line, rest, _ := nextLine(s)
	version, status, reason, ok := parseStatusLine(line)
	if !ok {
		d.reject(h, codeBadStatusLine, line)
		return true
	}
	h.missed = false
	ex := d.unanswered()
	orphan := ex == nil
	if orphan {
		ex = d.begin(h, 0)
		ex.State = wire.StatePartial
		ex.side[wire.ToServer].done = true
	}
	h.ex = ex
	resp, head := &ex.response, &ex.side[h.dir]
	interim := status/100 == 1 && status != 101
	if interim {
		resp, head = new(wire.Response), new(message) // there may be many
	}
	fields, faults := d.parseHead(head, rest, len(s)-len(rest))
	*resp = wire.Response{
		Meta:    d.meta(h, ex, h.off, h.off+int64(len(s))),
		Version: version, Status: status, Reason: reason, Fields: fields, HeadBytes: int64(len(s)),
		Interim: interim,
	}
	d.emit(resp)
	if orphan {
		d.anomaly(h, ex, h.off, codeNoRequest, line)
	}
	d.faults(h, ex, faults)
	if resp.Interim {
		h.take(len(s))
		h.ex = nil
		if orphan {
			ex.side[wire.ToClient].done = true
			d.finish(ex)
		}
		return true
	}
	ex.Response, ex.answered = resp, true
	f, length, code, detail := bodyFraming(ex, ex.Request, resp)
	if code != "" {
		d.anomaly(h, ex, h.off, code, detail)
	}
	h.take(len(s))
	d.enter(h, f, length)
	return true
}

// enter begins the body of h's message, or what comes instead.
func (d *Conn) enter(h *half, f framing, length int64) {
	h.left = length
	switch f {
	case framingNone:
		d.messageDone(h, true)
	case framingSized:
		d.startBody(h)
		h.state = sized
	case framingChunked:
		d.startBody(h)
		h.state = chunkSize
	case framingClose:
		d.startBody(h)
		h.state = untilClose
	case framingTunnel, framingUpgrade:
		d.upgrade(h, f)
	case framingBroken:
		d.breakOff(h)
	}
}

// messageDone ends h's message and makes h ready for the next.
func (d *Conn) messageDone(h *half, complete bool) {
	ex := h.ex
	h.state = responseHead
	if h.dir == wire.ToServer {
		h.state = requestHead
		switch {
		case ex.Upgrade != nil: // the answer came before the end of the request
			d.endBody(h, &ex.side[h.dir], complete)
			d.startStream(h, ex)
			return
		case ex.maySwitch && !ex.answered:
			h.state, h.waits = held, ex
		}
	}
	d.done(h, complete)
}

// head returns the head at the beginning of h's window as a string, without
// taking it. If that is not all there, or is no head, it returns "" and what
// the state function has to return.
// A first line that is no start line ends the wait at once.
func (d *Conn) head(h *half, mayBe func([]byte) bool, isLine func(string) bool, code string) (string, bool) {
	if !mayBe(h.win) {
		d.anomaly(h, nil, h.off, codeNotHTTP, "begins with "+offending(h.win, mayBe))
		d.giveUp(h, 1)
		return "", true
	}
	from := h.searched
	n := h.findHead()
	if (n == 0 || n > maxHead) && !h.lineSeen {
		if i := bytes.IndexByte(h.win[from:], '\n'); i >= 0 {
			line, _, _ := nextLine(string(h.win[:from+i+1]))
			if !isLine(line) {
				d.reject(h, code, line)
				return "", true
			}
			h.lineSeen = true
		}
	}
	switch {
	case n > maxHead, n == 0 && len(h.win) > maxHead:
		d.anomaly(h, nil, h.off, codeHeadTooLarge, fmt.Sprintf("more than %d bytes", maxHead))
		d.giveUp(h, maxHead)
		return "", true
	case n > 0:
		return string(h.win[:n]), true
	case h.eof:
		if !d.stopped() {
			d.anomaly(h, nil, h.off, codeIncomplete, "the connection ended within a head")
		}
		d.giveUp(h, len(h.win))
		return "", true
	}
	return "", false
}

// parseHead reads the field lines of m's head: see parseFields.
func (d *Conn) parseHead(m *message, s string, at int) ([]wire.Field, []fault) {
	fields, faults := parseFields(s, at, m.spare.fields)
	if d.o.Transient {
		m.spare.fields = fields[:0]
	}
	return fields, faults
}

// faults reports what is wrong with a head, each kind once.
func (d *Conn) faults(h *half, ex *exchange, faults []fault) {
	var told []string
	for _, f := range faults {
		if slices.Contains(told, f.code) {
			continue
		}
		told = append(told, f.code)
		d.anomaly(h, ex, h.off+int64(f.at), f.code, f.detail)
	}
}

// reject reports that line is no start line, and gives it up as raw bytes.
func (d *Conn) reject(h *half, code, line string) {
	d.anomaly(h, nil, h.off, code, strconv.Quote(clip(line)))
	d.giveUp(h, bytes.IndexByte(h.win, '\n')+1)
}

// giveUp makes the next n bytes raw, and searches for a message behind them.
func (d *Conn) giveUp(h *half, n int) {
	d.breakOff(h)
	h.gaveUp = true
	h.midLine = h.win[n-1] != '\n'
	d.raw(h, n)
}

// skipEmptyLines takes line ends before a start line (RFC 9112, section 2.2).
func (d *Conn) skipEmptyLines(h *half) bool {
	n := 0
	for n < len(h.win) && (h.win[n] == '\n' || h.win[n] == '\r') {
		n++
	}
	if n > 0 {
		h.take(n)
	}
	return n > 0
}

// maxMethod is more than the longest registered method has.
const maxMethod = 32

// mayBeRequest reports whether b may be the beginning of a request: a method
// and a space.
func mayBeRequest(b []byte) bool {
	for i, c := range b {
		if c == ' ' {
			return i > 0
		}
		if !wire.IsTokenChar(c) || i == maxMethod {
			return false
		}
	}
	return true
}

// mayBeResponse reports whether b may be the beginning of a response.
func mayBeResponse(b []byte) bool {
	const start = "HTTP/1."
	n := min(len(b), len(start))
	return string(b[:n]) == start[:n]
}

// preface begins an HTTP/2 connection (RFC 9113, section 3.4).
var preface = []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

// priorKnowledge makes both directions raw: the client speaks HTTP/2.
func (d *Conn) priorKnowledge() bool {
	h := &d.half[wire.ToServer]
	d.emit(&wire.Upgrade{Meta: d.meta(h, nil, h.off, h.off+int64(len(preface))), Protocol: "h2"})
	for i := range d.half {
		d.half[i].state = opaque
	}
	return true
}

// offending quotes b up to the byte that made it impossible: a longer quote
// would depend on how the bytes were cut.
func offending(b []byte, mayBe func([]byte) bool) string {
	n := 1
	for n < len(b) && mayBe(b[:n]) {
		n++
	}
	return strconv.Quote(string(b[:n]))
}

func clipBytes(b []byte, n int) string { return string(b[:min(n, len(b))]) }

func isRequestLine(line string) bool {
	_, _, _, ok := parseRequestLine(line)
	return ok
}

func isStatusLine(line string) bool {
	_, _, _, ok := parseStatusLine(line)
	return ok
}

// isStartLine reports whether line, without its end, begins a message in
// direction dir. Among raw bytes only methods in capitals are believed, and
// lines without control characters.
func isStartLine(dir wire.Dir, line string) bool {
	if dir == wire.ToServer {
		method, _, _, ok := parseRequestLine(line)
		return ok && len(method) <= maxMethod && method == strings.ToUpper(method) && plain([]byte(line))
	}
	return isStatusLine(line)
}
