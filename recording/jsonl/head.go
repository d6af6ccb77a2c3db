package jsonl

import (
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// request makes the head of a request.
func (n *note) request(m wire.Meta, h *headNote) *wire.Request {
	version, method, target := n.sent("version", n.Version), n.sent("method", n.Method), n.sent("target", n.Target)
	return &wire.Request{
		Meta: m, Method: method, Target: target, Version: version,
		Fields: fieldsOf(h.Headers, h.Lines, n.Masked, "request.headers.", hasLines(version)),
		Scheme: n.sent("scheme", n.Scheme), Authority: n.sent("authority", n.Authority), Stream: n.Stream,
		HeadBytes: h.Size, Call: dockerapi.Tell(n.Operation, method, target),
	}
}

// response makes the head of a response whose status line is told by line.
func (n *note) response(m wire.Meta, line, h *headNote) *wire.Response {
	version := n.sent("version", h.Version)
	return &wire.Response{
		Meta: m, Version: version, Status: line.Status, Reason: n.sent("reason", line.Reason),
		Fields:    fieldsOf(h.Headers, h.Lines, n.Masked, "response.headers.", hasLines(version)),
		HeadBytes: h.Size,
	}
}

// sent returns the text of a property as it was sent.
func (n *note) sent(key, value string) string {
	if len(n.Latin1) > 0 && slices.Contains(n.Latin1, key) {
		return fromLatin1(value)
	}
	return value
}

// fromLatin1 returns the bytes that the characters of s stand for. Characters
// that stand for none are left as they are.
func fromLatin1(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}
