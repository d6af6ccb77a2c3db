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
	":authority, :method, :path, :scheme, grpc-timeout, socktrace-fault, x-docker-expose-session-uuid, x-reference-id, te, keep-alive")

// Fields returns in what the header fields of two messages differ that matter.
func (s *Session) Fields(a, b []wire.Field) (all []Difference) {
	var names []string
	for _, f := range slices.Concat(a, b) {
		if n := strings.ToLower(f.Name); !own[n] && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, n := range names {
		x, hasX := wire.JoinedValues(a, n)
		y, hasY := wire.JoinedValues(b, n)
		if inAnyOrder[n] {
			x, y = sorted(x), sorted(y)
		}
		if hasX == hasY && (s.Text(x, y) || s.encoded(x, y)) {
			continue
		}
		all = append(all, Difference{Place: "header " + shown(n, a, b), A: x, B: y, HasA: hasX, HasB: hasY})
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

// shown returns how a field's name is written.
func shown(name string, all ...[]wire.Field) string {
	for _, fields := range all {
		for _, f := range fields {
			if strings.EqualFold(f.Name, name) {
				return f.Name
			}
		}
	}
	return name
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
