package wire

import (
	"strconv"
	"strings"
)

// GRPC is what a call of gRPC over HTTP/2 says of itself, in its target, its trailers
// and its messages (gRPC over HTTP2, "Protocol").
type GRPC struct {
	Method   string   // "moby.buildkit.v1.Control/Solve"
	Status   string   // "OK", "NotFound"; empty if the call has none yet
	Message  string   // of an error; percent-decoded
	Messages [2]int64 // by direction
}

// IsGRPC reports whether a media type is that of gRPC's bodies, whatever encodes the
// messages: "application/grpc", "application/grpc+proto".
func IsGRPC(mediaType string) bool {
	rest, ok := strings.CutPrefix(mediaType, "application/grpc")
	return ok && (rest == "" || rest[0] == '+')
}

// GRPC returns what is known of x as a call of gRPC; false if it is none.
func (x *Exchange) GRPC() (GRPC, bool) {
	r := x.Request
	if r == nil || r.Stream == 0 || !IsGRPC(MediaType(FieldValue(r.Fields, "content-type"))) {
		return GRPC{}, false
	}
	g := GRPC{Method: strings.TrimPrefix(r.Target, "/"), Messages: x.Messages}
	fields := []Field(nil)
	if x.ResponseBody != nil {
		fields = x.ResponseBody.Trailer
	}
	if x.Response != nil && !HasField(fields, grpcStatus) { // only trailers were sent
		fields = x.Response.Fields
	}
	if HasField(fields, grpcStatus) {
		g.Status = grpcCode(FieldValue(fields, grpcStatus))
		g.Message = percentDecoded(FieldValue(fields, "grpc-message"))
	}
	return g, true
}

const grpcStatus = "grpc-status"

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

// percentDecoded returns s without percent-encoding; what is no encoding stays.
func percentDecoded(s string) string {
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
