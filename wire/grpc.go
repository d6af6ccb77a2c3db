package wire

import (
	"strconv"
	"strings"
	"time"
)

// GRPC is what a call of gRPC over HTTP/2 says of itself, in its target, its trailers
// and its messages (gRPC over HTTP2, "Protocol").
type GRPC struct {
	Method   string        // "moby.buildkit.v1.Control/Solve"
	Status   string        // "OK", "NotFound"; empty if the call has none yet
	Message  string        // of an error; percent-decoded
	Details  string        // of an error: the value of StatusDetails, as it was sent, or as JSON where it was masked
	Messages [2]int64      // by direction
	Timeout  time.Duration // how long its client waits for it; 0: it does not say
}

// StatusDetails is the field that has the whole status of a call that has failed: a
// google.rpc.Status in base64.
const StatusDetails = "grpc-status-details-bin"

// IsGRPC reports whether a media type is that of gRPC's bodies, whatever encodes the
// messages: "application/grpc", "application/grpc+proto".
func IsGRPC(mediaType string) bool {
	rest, ok := strings.CutPrefix(mediaType, "application/grpc")
	return ok && (rest == "" || rest[0] == '+')
}

// isGRPC reports whether x is a call of gRPC: the type of its request says so, or, where
// that may be among the fields that are not known, its messages.
func (x *Exchange) isGRPC() bool {
	r := x.Request
	if r == nil || r.Stream == 0 {
		return false
	}
	t := FieldValue(r.Fields, "content-type")
	if t == "" && HasField(r.Fields, UnknownField) {
		holds := func(b *Body) bool { return b != nil && b.Content == KindGRPC }
		return holds(x.RequestBody) || holds(x.ResponseBody)
	}
	return IsGRPC(MediaType(t))
}

// GRPC returns what is known of x as a call of gRPC; false if it is none.
func (x *Exchange) GRPC() (GRPC, bool) {
	r := x.Request
	if !x.isGRPC() {
		return GRPC{}, false
	}
	g := GRPC{Method: strings.TrimPrefix(r.Target, "/"), Messages: x.Messages, Timeout: timeout(FieldValue(r.Fields, grpcTimeout))}
	fields := []Field(nil)
	if x.ResponseBody != nil {
		fields = x.ResponseBody.Trailer
	}
	if x.Response != nil && !HasField(fields, grpcStatus) { // only trailers were sent
		fields = x.Response.Fields
	}
	if HasField(fields, grpcStatus) {
		g.Status = grpcCode(FieldValue(fields, grpcStatus))
		g.Message = DecodeMessage(FieldValue(fields, "grpc-message"))
		g.Details = FieldValue(fields, StatusDetails)
	}
	return g, true
}

const (
	grpcStatus  = "grpc-status"
	grpcTimeout = "grpc-timeout"
)

// Overdue reports whether x is a call that its client gave up when its time was over.
// That began before the client's first byte was seen, so that a little is missing.
func (g *GRPC) Overdue(x *Exchange) bool {
	return g.Timeout > 0 && g.Status == "" && x.Reset != nil && x.Reset.Dir == ToServer && x.Reset.Code == resetCancel &&
		x.End.Sub(x.Start) >= g.Timeout-g.Timeout/early
}

// early is which part of the time may be missing.
const early = 20

// resetCancel is the code of a stream that is not needed any more (RFC 9113, section 7).
const resetCancel = 8

// maxTimeoutDigits is how long a timeout may be (gRPC over HTTP2, "TimeoutValue").
const maxTimeoutDigits = 8

// timeout returns the time that a value of grpc-timeout says; 0 if it says none.
func timeout(s string) time.Duration {
	units := [...]struct {
		name byte
		is   time.Duration
	}{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}, {'m', time.Millisecond}, {'u', time.Microsecond}, {'n', time.Nanosecond}}
	digits := len(s) - 1
	if digits < 1 || digits > maxTimeoutDigits {
		return 0
	}
	n, err := strconv.ParseUint(s[:digits], 10, 32)
	for _, u := range units {
		switch {
		case err != nil || s[digits] != u.name:
		case n > uint64(maxTimeout/u.is): // 99,999,999 hours
			return maxTimeout
		default:
			return time.Duration(n) * u.is
		}
	}
	return 0
}

// maxTimeout is the longest time that there is.
const maxTimeout = time.Duration(1<<63 - 1)

// grpcCodes are the names of the status codes (gRPC, "Status codes and their use in
// gRPC"), as its libraries for Go print them.
var grpcCodes = [...]string{"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists",
	"PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal",
	"Unavailable", "DataLoss", "Unauthenticated"}

// grpcCode returns the name of a status code, or what was sent in its place.
func grpcCode(s string) string {
	if n, err := strconv.ParseUint(s, 10, 8); err == nil && n < uint64(len(grpcCodes)) {
		return grpcCodes[n]
	}
	return s
}

// DecodeMessage returns what a grpc-message says, without percent-encoding (gRPC over
// HTTP2, Responses); what is no encoding stays.
func DecodeMessage(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// EncodeMessage returns s as a grpc-message: what is no visible ASCII, and the percent
// sign, is percent-encoded.
func EncodeMessage(s string) string {
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '%' {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}
