package compare

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// own are header fields that say nothing of what was asked or answered: they are about the
// connection, the message's form, or this one time.
var own = set("host, content-length, transfer-encoding, connection, date, traceparent, tracestate, baggage, trailer, " +
	":authority, :method, :path, :scheme, grpc-timeout, socktrace-fault, x-docker-expose-session-uuid, x-reference-id, te, keep-alive, sec-websocket-key, sec-websocket-accept, sec-websocket-extensions")

// Fields returns in what the header fields of two messages differ that matter.
func (s *Session) Fields(a, b []wire.Field) (all []Difference) {
	inA, inB := valuesByField(a), valuesByField(b)
	told := make(map[string]bool)
	for _, f := range slices.Concat(a, b) {
		n := strings.ToLower(f.Name)
		if own[n] || told[n] {
			continue
		}
		told[n] = true
		x, y := strings.Join(inA[n], ", "), strings.Join(inB[n], ", ")
		if inAnyOrder[n] {
			x, y = sorted(x), sorted(y)
		}
		hasA, hasB := len(inA[n]) > 0, len(inB[n]) > 0
		if hasA == hasB && (s.Text(x, y) || s.encoded(x, y)) {
			continue
		}
		all = append(all, Difference{Place: "header " + f.Name, A: x, B: y, HasA: hasA, HasB: hasB})
	}
	return all
}

// valuesByField returns the values of fields by their names in lower case: of a name that stands
// there several times they are one list (RFC 9110, section 5.3).
func valuesByField(fields []wire.Field) map[string][]string {
	all := make(map[string][]string, len(fields))
	for _, f := range fields {
		n := strings.ToLower(f.Name)
		all[n] = append(all[n], f.Value)
	}
	return all
}

// inAnyOrder are header fields whose values have no order: a client sends them as they come.
var inAnyOrder = set("x-docker-expose-session-grpc-method")

// sorted returns a list with its values in order.
func sorted(list string) string {
	all := strings.Split(list, ", ")
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// encoded reports whether two values are documents in base64 that say the same, as what is told of
// a file in an archive is.
func (s *Session) encoded(a, b string) bool {
	x, errX := base64.StdEncoding.DecodeString(a)
	y, errY := base64.StdEncoding.DecodeString(b)
	if errX != nil || errY != nil || !json.Valid(x) || !json.Valid(y) {
		return false
	}
	return len(s.document("", x, y, false)) == 0
}
