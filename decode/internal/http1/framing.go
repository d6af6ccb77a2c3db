package http1

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// framing says how the end of a message body is found.
type framing uint8

const (
	framingNone framing = iota
	framingSized
	framingChunked
	framingClose  // until the connection ends: responses only
	framingTunnel // a 2xx response to CONNECT
	framingUpgrade
	framingBroken // requests only: there is no telling where the body ends
)

// framed is how a message is framed, and what is wrong with that, if anything
// is.
type framed struct {
	framing
	length  int64  // of the body, or, if there must be none, of the one that the head promises
	codings string // of the transfer besides chunked, in the order in which they were applied
	fault   anomaly.Fault
}

// requestFraming decides how the body of a request is framed: RFC 9112, section
// 6.3, in its order.
func requestFraming(r *wire.Request, fields []wire.Field) framed {
	if f, ok := transferFraming(r.Version, fields, framingBroken); ok {
		return f
	}
	if f, ok := lengthFraming(fields, framingBroken); ok {
		return f
	}
	return framed{framing: framingNone} // 7. A request without either has no body.
}

// responseFraming decides how the body of a response is framed. The method is
// that of the request, empty if it was not seen.
func responseFraming(r *wire.Response, fields []wire.Field, method string, call dockerapi.Call) framed {
	switch {
	// 1. Responses that never have a body.
	case r.Status == 101:
		return framed{framing: framingUpgrade}
	case method == "HEAD" && r.Status == 400 && r.Version == "HTTP/1.0" && len(fields) == 0:
		// Not in the RFC: whatever it is asked, a server of TLS in Go says so in a text to
		// who sends it plain HTTP, and closes.
		return framed{framing: framingClose}
	case method == "HEAD", r.Status/100 == 1, r.Status == 204, r.Status == 304:
		length, _ := lengthFraming(fields, framingNone)
		return framed{framing: framingNone, length: length.length}
	// 2. A tunnel.
	case method == "CONNECT" && r.Status/100 == 2:
		return framed{framing: framingTunnel}
	}
	if f, ok := transferFraming(r.Version, fields, framingClose); ok {
		return f
	}
	if f, ok := lengthFraming(fields, framingClose); ok {
		return f
	}
	// Not in the RFC: Docker hijacks with a 200 response without framing.
	if call.Hijacks() && r.Status == 200 && body.IsStream(wire.MediaType(wire.FieldValue(fields, "Content-Type"))) {
		return framed{framing: framingUpgrade}
	}
	return framed{framing: framingClose} // 8. Until the connection ends.
}

// transferFraming is what Transfer-Encoding says, if it is there; without is
// what holds if its last coding is not chunked.
func transferFraming(version string, fields []wire.Field, without framing) (f framed, ok bool) {
	te, ok := wire.JoinedValues(fields, "Transfer-Encoding")
	if !ok {
		return f, false
	}
	codings := transferCodings(te)
	if len(codings) == 0 { // Not in the RFC any more: identity, which changes nothing.
		if f, ok = lengthFraming(fields, without); !ok && without != framingBroken {
			f.framing = without
		}
		if f.fault.Code == "" {
			f.fault = anomaly.Fault{Code: anomaly.BadTransfer, Detail: "Transfer-Encoding: " + te}
		}
		return f, true
	}
	cl, hasLength := wire.JoinedValues(fields, "Content-Length")
	switch {
	case version == "HTTP/1.0":
		f.fault = anomaly.Fault{Code: anomaly.BadTransfer, Detail: "Transfer-Encoding in HTTP/1.0"}
	// 3. Transfer-Encoding overrides Content-Length.
	case hasLength:
		f.fault = anomaly.Fault{Code: anomaly.BothLengths, Detail: "Transfer-Encoding: " + te + ", Content-Length: " + cl}
	}
	// 4. Chunked must come last.
	last := len(codings) - 1
	switch f.framing = without; {
	case codings[last] == "chunked":
		f.framing = framingChunked
		codings = codings[:last]
	case without == framingBroken:
		f.fault = anomaly.Fault{Code: anomaly.BadTransfer, Detail: "Transfer-Encoding: " + te}
	}
	f.codings = strings.Join(codings, ", ")
	return f, true
}

var onlyChunked = []string{"chunked"}

// transferCodings returns the codings of a list, in lower case, without
// parameters, and without those that change nothing.
func transferCodings(list string) (all []string) {
	if list == "chunked" {
		return onlyChunked
	}
	for c := range strings.SplitSeq(list, ",") {
		if c = wire.MediaType(c); c != "" && c != "identity" {
			all = append(all, c)
		}
	}
	return all
}

// lengthFraming is what Content-Length says, if it is there; without is what
// holds if it is none.
func lengthFraming(fields []wire.Field, without framing) (f framed, ok bool) {
	cl, ok := wire.JoinedValues(fields, "Content-Length")
	if !ok {
		return f, false
	}
	n, valid := contentLength(cl)
	switch {
	// 6. A valid length.
	case valid && n == 0:
		return framed{framing: framingNone}, true
	case valid:
		return framed{framing: framingSized, length: n}, true
	}
	// 5. An invalid length is not recoverable.
	return framed{framing: without, fault: anomaly.Fault{Code: anomaly.BadLength, Detail: "Content-Length: " + cl}}, true
}

// contentLength reads a Content-Length value, or several that agree.
func contentLength(list string) (int64, bool) {
	if n, err := strconv.ParseUint(list, 10, 63); err == nil {
		return int64(n), true
	}
	length := int64(-1)
	for s := range strings.SplitSeq(list, ",") {
		s = strings.TrimSpace(s)
		n, err := strconv.ParseUint(s, 10, 63)
		if err != nil || length >= 0 && int64(n) != length {
			return 0, false
		}
		length = int64(n)
	}
	return length, true
}
