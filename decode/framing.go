package decode

import (
	"strconv"
	"strings"

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

// bodyFraming decides how the body of a message is framed: RFC 9112, section
// 6.3, in its order. resp is nil for a request. code and detail are the
// anomaly that it found on the way, if any.
func bodyFraming(ex *exchange, req *wire.Request, resp *wire.Response) (f framing, length int64, code, detail string) {
	if resp != nil {
		method := ""
		if req != nil {
			method = req.Method
		}
		switch {
		// 1. Responses that never have a body.
		case resp.Status == 101:
			return framingUpgrade, 0, "", ""
		case method == "HEAD", resp.Status/100 == 1, resp.Status == 204, resp.Status == 304:
			return framingNone, 0, "", ""
		// 2. A tunnel.
		case method == "CONNECT" && resp.Status/100 == 2:
			return framingTunnel, 0, "", ""
		}
	}
	fields, version := fieldsOf(req, resp)
	te, hasTE := joined(fields, "Transfer-Encoding")
	cl, hasCL := joined(fields, "Content-Length")
	if hasTE {
		switch {
		case version == "HTTP/1.0":
			code, detail = codeBadTransfer, "Transfer-Encoding in HTTP/1.0"
		// 3. Transfer-Encoding overrides Content-Length.
		case hasCL:
			code, detail = codeBothLengths, "Transfer-Encoding: "+te+", Content-Length: "+cl
		}
		// 4. Chunked must come last.
		switch {
		case lastCoding(te) == "chunked":
			return framingChunked, 0, code, detail
		case resp != nil:
			return framingClose, 0, code, detail
		}
		return framingBroken, 0, codeBadTransfer, "Transfer-Encoding: " + te
	}
	if hasCL {
		n, ok := contentLength(cl)
		switch {
		// 6. A valid length.
		case ok && n == 0:
			return framingNone, 0, "", ""
		case ok:
			return framingSized, n, "", ""
		// 5. An invalid length is not recoverable.
		case resp != nil:
			return framingClose, 0, codeBadLength, "Content-Length: " + cl
		}
		return framingBroken, 0, codeBadLength, "Content-Length: " + cl
	}
	// 7. A request without either has no body.
	if resp == nil {
		return framingNone, 0, "", ""
	}
	// Not in the RFC: Docker hijacks with a 200 response without framing.
	if ex.call.hijacks() && resp.Status == 200 && isStream(wire.MediaType(wire.FieldValue(fields, "Content-Type"))) {
		return framingUpgrade, 0, "", ""
	}
	// 8. Until the connection ends.
	return framingClose, 0, "", ""
}

func fieldsOf(req *wire.Request, resp *wire.Response) ([]wire.Field, string) {
	if resp != nil {
		return resp.Fields, resp.Version
	}
	return req.Fields, req.Version
}

func isStream(typ string) bool { return typ == typeRaw || typ == typeMultiplexed }

// joined returns the values of all fields of a name as one list (RFC 9110,
// section 5.3).
func joined(fields []wire.Field, name string) (v string, ok bool) {
	var all []byte // if there are several
	for i := range fields {
		if len(fields[i].Name) != len(name) || !strings.EqualFold(fields[i].Name, name) {
			continue
		}
		if !ok {
			v, ok = fields[i].Value, true
			continue
		}
		if all == nil {
			all = append(all, v...)
		}
		all = append(append(all, ", "...), fields[i].Value...)
	}
	if all != nil {
		v = string(all)
	}
	return v, ok
}

// lastCoding returns the last element of a list, in lower case, without
// parameters.
func lastCoding(list string) string {
	return wire.MediaType(list[strings.LastIndexByte(list, ',')+1:])
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
