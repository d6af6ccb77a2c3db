package jsonl

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// lineNote is how one field was sent: its number, and its line; nothing else
// if it was masked. If that is not UTF-8 there are name, value and line instead.
type lineNote struct {
	index int
	text  []string
	exact [][]byte
}

func (l *lineNote) UnmarshalJSON(b []byte) error {
	var all []json.RawMessage
	err := json.Unmarshal(b, &all)
	if err == nil && len(all) > 0 {
		err = json.Unmarshal(all[0], &l.index)
	}
	if err == nil && len(all) == 2 {
		l.text = make([]string, 1)
		err = json.Unmarshal(all[1], &l.text[0])
	}
	for i := 1; err == nil && i < len(all) && len(all) > 2; i++ {
		var exact []byte
		err = json.Unmarshal(all[i], &exact)
		l.exact = append(l.exact, exact)
	}
	if err != nil || len(all) < 1 || len(all) > 4 {
		return errors.New("a line of a field is not as it should be")
	}
	return nil
}

// apply makes f what l says.
func (l *lineNote) apply(f *wire.Field) {
	if len(l.exact) > 0 {
		f.Name, f.Value, f.Line = string(l.exact[0]), string(l.exact[1]), ""
		if f.Masked = len(l.exact) == 2; !f.Masked {
			f.Line = string(l.exact[2])
		}
		return
	}
	f.Line = ""
	if f.Masked = len(l.text) == 0; !f.Masked {
		f.Line = l.text[0]
	}
}

// fieldsOf makes fields of pairs: those that masked names behind the prefix
// were masked, and the others were lines, if the protocol has them; but for what
// notes say.
func fieldsOf(pairs [][2]string, notes []lineNote, masked []string, prefix string, lines bool) []wire.Field {
	if len(pairs) == 0 {
		return nil
	}
	fields := make([]wire.Field, len(pairs))
	for i, p := range pairs {
		f := &fields[i]
		*f = wire.Field{Name: p[0], Value: p[1], Masked: isMasked(masked, prefix, p[0])}
		if lines && !f.Masked {
			f.Line = p[0] + ": " + p[1]
			f.Name, f.Value = f.Line[:len(p[0])], f.Line[len(p[0])+2:]
		}
	}
	for i := range notes {
		if n := &notes[i]; n.index >= 0 && n.index < len(fields) {
			n.apply(&fields[n.index])
		}
	}
	return fields
}

func isMasked(masked []string, prefix, field string) bool {
	for _, m := range masked {
		if name, ok := strings.CutPrefix(m, prefix); ok && name == field {
			return true
		}
	}
	return false
}

// hasLines reports whether heads of the version are made of lines.
func hasLines(version string) bool {
	return !strings.HasPrefix(version, "HTTP/2") && !strings.HasPrefix(version, "HTTP/3")
}

// request makes the head of a request.
func (n *note) request(m wire.Meta, h *headNote) *wire.Request {
	version := n.sent("version", n.Version)
	return &wire.Request{
		Meta: m, Method: n.sent("method", n.Method), Target: n.sent("target", n.Target), Version: version,
		Fields: fieldsOf(h.Headers, h.Lines, n.Masked, "request.headers.", hasLines(version)),
		Scheme: n.sent("scheme", n.Scheme), Authority: n.sent("authority", n.Authority), Stream: n.Stream,
		HeadBytes: h.Size, Operation: n.Operation,
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
