package serve

import (
	"errors"
	"io"
	"net/http"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// What is kept of the bodies of requests until they are compared: of one, and of those of
// all connections together. What is longer is read, and not compared.
const (
	maxCompared = 1 << 20
	comparedAll = 64 << 20
)

// errBusy says that the bodies of other requests need all the memory that there is.
var errBusy = errors.New("too many large requests at once")

// readBody reads all of the body of r. What it returns is charged to held. kept is false
// if it is of no kind that is compared, or too long.
func readBody(r *http.Request, held *memory.Account) (body []byte, kept bool, err error) {
	if !textual(r.Header) {
		_, err = io.Copy(io.Discard, r.Body)
		return nil, r.ContentLength == 0, err
	}
	buf := make([]byte, 4<<10)
	for len(body) <= maxCompared {
		n, err := r.Body.Read(buf)
		if n > 0 && !held.Take(2*n) { // what append may have
			return nil, false, errBusy
		}
		body = append(body, buf[:n]...)
		if err == io.EOF {
			return body, true, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	_, err = io.Copy(io.Discard, r.Body)
	return nil, false, err
}

// textual reports whether a body is of a kind that is compared.
func textual(h http.Header) bool {
	if h.Get("Content-Encoding") != "" {
		return false
	}
	switch wire.MediaType(h.Get("Content-Type")) {
	case "", "application/json", "text/plain", "application/x-www-form-urlencoded":
		return true
	}
	return false
}

// saysJSON reports whether fields say that a body is JSON.
func saysJSON(fields []wire.Field) bool {
	switch wire.MediaType(wire.FieldValue(fields, "Content-Type")) {
	case "application/json", "application/x-ndjson", "application/json-seq":
		return true
	}
	return false
}

// isJSON reports whether a body looks like a document.
func isJSON(b []byte) bool {
	for _, c := range b {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{' || c == '['
		}
	}
	return false
}
