package otlp

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// spanContext is what others need to know of a span to be part of its trace.
type spanContext struct {
	trace [16]byte
	span  [8]byte
	flags byte   // of the trace; 1: it is sampled
	state string // tracestate, as it was sent
}

// valid reports whether it names a span.
func (c *spanContext) valid() bool { return c.trace != [16]byte{} && c.span != [8]byte{} }

// child returns the context of a span below it.
func (c *spanContext) child(span [8]byte) spanContext {
	return spanContext{trace: c.trace, span: span, flags: c.flags, state: c.state}
}

// maxTraceState is how long a tracestate may be that is passed along, in bytes (W3C
// Trace Context, section 3.3.1.5).
const maxTraceState = 512

// carried returns the context that a client has sent in the fields of a request, or in the
// metadata of a call, which are fields too.
func carried(fields []wire.Field) (c spanContext, ok bool) {
	var parents int
	for i := range fields {
		if f := &fields[i]; isParent(f.Name) {
			if c, ok = parseTraceparent(f.Value); f.Masked || !ok {
				return spanContext{}, false
			}
			parents++
		}
	}
	if parents != 1 { // W3C Trace Context, section 3.2: there is one
		return spanContext{}, false
	}
	if state, has := wire.JoinedValues(fields, "tracestate"); has && isTraceState(state) {
		c.state = state
	}
	return c, true
}

func isParent(name string) bool {
	return len(name) == len("traceparent") && strings.EqualFold(name, "traceparent")
}

// isTraceState reports whether a tracestate can be passed along: members are not looked at.
func isTraceState(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= maxTraceState
}

// parseTraceparent reads the value of a traceparent (W3C Trace Context, section 3.2.2):
// version, trace, span and flags. Later versions may have more behind that.
func parseTraceparent(s string) (c spanContext, ok bool) {
	const length = len("00-") + 32 + len("-") + 16 + len("-00")
	if len(s) < length || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return c, false
	}
	var version, flags [1]byte
	if !decodeHex(version[:], s[:2]) || version[0] == 0xff || len(s) > length && (version[0] == 0 || s[length] != '-') {
		return c, false
	}
	if !decodeHex(c.trace[:], s[3:35]) || !decodeHex(c.span[:], s[36:52]) || !decodeHex(flags[:], s[53:55]) {
		return spanContext{}, false
	}
	if c.flags = flags[0]; version[0] != 0 {
		c.flags &= 1 // of the others nobody knows the meaning
	}
	if !c.valid() {
		return spanContext{}, false
	}
	return c, true
}

// decodeHex reads lower-case hexadecimal digits, two for each byte.
func decodeHex(dst []byte, s string) bool {
	digit := func(c byte) (byte, bool) {
		switch {
		case '0' <= c && c <= '9':
			return c - '0', true
		case 'a' <= c && c <= 'f':
			return c - 'a' + 10, true
		}
		return 0, false
	}
	for i := range dst {
		high, ok := digit(s[2*i])
		low, ok2 := digit(s[2*i+1])
		if !ok || !ok2 {
			return false
		}
		dst[i] = high<<4 | low
	}
	return true
}
