package otlp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/httpclient"
	"github.com/socktrace/socktrace/internal/protowire"
)

// Bounds of what is read of an answer, in bytes.
const (
	maxAnswer  = 64 << 10
	maxMessage = 300
)

// verdict is what an answer means for what was sent.
type verdict uint8

const (
	taken   verdict = iota // it is over: also of what was rejected
	again                  // it may be sent again
	refused                // it is never taken
)

// answer is what became of a request.
type answer struct {
	verdict  verdict
	rejected int64         // items that were not taken
	says     string        // why, in the words of the collector; empty if it says nothing
	after    time.Duration // before which it is not to be sent again; 0: nobody says
	err      error         // why it is not taken
}

// poster sends requests to one endpoint.
type poster struct {
	endpoint Endpoint
	client   *httpclient.Client
	trust    *trust
}

// newPoster returns one whose connections have their ports noted in own.
func newPoster(e Endpoint, version string, own *ownPorts) *poster {
	dialer := &net.Dialer{Timeout: e.Timeout, Control: own.bindFirst}
	trust := new(trust)
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     trust.config(e.TLS),
		MaxIdleConnsPerHost: 1,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true, // of answers, which are short
		DialContext:         dialer.DialContext,
	}
	e.Headers = append([][2]string{{"User-Agent", "socktrace/" + version}}, e.Headers...)
	return &poster{endpoint: e, client: httpclient.New(t, e.Socket), trust: trust}
}

// post sends a request once, and reads what the answer means at now. Only an answer tells
// that it was taken: what is sent without one may have been, and is sent again all the same.
func (p *poster) post(ctx context.Context, body []byte, now func() time.Time) answer {
	ctx, cancel := context.WithTimeout(ctx, p.endpoint.Timeout)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint.URL, bytes.NewReader(body))
	if err != nil {
		return answer{verdict: refused, err: err}
	}
	q.Header.Set("Content-Type", "application/x-protobuf")
	if !p.endpoint.Plain {
		q.Header.Set("Content-Encoding", "gzip")
	}
	for _, h := range p.endpoint.Headers {
		q.Header.Set(h[0], h[1])
	}
	r, err := p.client.Do(q)
	if err != nil {
		if isGRPC(err) {
			return answer{verdict: refused, err: errGRPC}
		}
		return answer{verdict: again, err: p.trust.explain(err)}
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(r.Body, maxAnswer)) // the status has told
	if kind := r.Header.Get("Content-Type"); r.StatusCode/100 == 2 && len(text) > 0 && strings.HasPrefix(kind, "text/html") {
		return answer{verdict: refused, err: fmt.Errorf("%d with text/html, a page for people: no OTLP endpoint", r.StatusCode)}
	}
	if r.StatusCode/100 == 2 {
		a := answer{}
		a.rejected, a.says = partial(text)
		return a
	}
	a := answer{verdict: refused, says: statusMessageOf(r.Header.Get("Content-Type"), text), err: fmt.Errorf("the collector answers %d %s", r.StatusCode, http.StatusText(r.StatusCode))}
	switch r.StatusCode {
	case http.StatusNotFound:
		a.err = fmt.Errorf("%w (has it a pipeline for them?)", a.err)
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		a.verdict, a.after = again, retryAfter(r.Header.Get("Retry-After"), now())
	}
	return a
}

var errGRPC = errors.New("it speaks gRPC there: OTLP over HTTP is usually port 4318")

// isGRPC reports whether what was no HTTP/1 begins as a server of HTTP/2 does: with a frame
// SETTINGS of the whole connection (RFC 9113, sections 3.4 and 4.1).
func isGRPC(err error) bool {
	_, quoted, ok := strings.Cut(err.Error(), "malformed HTTP response ")
	if !ok {
		return false
	}
	begin, err := strconv.Unquote(quoted)
	const typ, end = 3, 9 // of the head of a frame
	return err == nil && len(begin) >= end && begin[:2] == "\x00\x00" && begin[typ:end] == "\x04\x00\x00\x00\x00\x00"
}

// close lets go of connections.
func (p *poster) close() { p.client.Close() }

// maxRetryAfter is the longest time that a collector can have us wait.
const maxRetryAfter = time.Hour

// retryAfter reads a value of Retry-After: seconds, or a date (RFC 9110, section 10.2.3).
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(s, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// partial reads how many items were rejected of those that were sent, and why.
func partial(b []byte) (rejected int64, says string) {
	fields(b, func(number protowire.Number, _ uint64, in []byte) {
		if number != partialSuccess {
			return
		}
		fields(in, func(number protowire.Number, n uint64, text []byte) {
			switch number {
			case partialRejected:
				rejected = max(int64(n), 0)
			case partialMessage:
				says = shown(text)
			}
		})
	})
	return rejected, says
}

// statusMessageOf returns the message of a google.rpc.Status, which errors are, or the
// beginning of a text, as one is that has no type: Go's servers say so what TLS lacks.
func statusMessageOf(contentType string, b []byte) (says string) {
	switch {
	case strings.HasPrefix(contentType, "application/x-protobuf"):
		fields(b, func(number protowire.Number, _ uint64, text []byte) {
			if number == 2 {
				says = shown(text)
			}
		})
	case contentType == "", strings.HasPrefix(contentType, "text/plain"), strings.HasPrefix(contentType, "application/json"):
		says = shown(b)
	}
	return says
}

// shown returns the beginning of a text in one line, without what could drive a terminal.
func shown(b []byte) string {
	s := strings.TrimSpace(string(b[:min(len(b), maxMessage)]))
	return strings.Trim(strconv.QuoteToGraphic(strings.ToValidUTF8(s, "\uFFFD")), `"`)
}

// fields tells the fields of a message up to what cannot be read: numbers, and bytes.
func fields(b []byte, each func(number protowire.Number, n uint64, text []byte)) {
	for len(b) > 0 {
		number, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return
		}
		size := protowire.ConsumeFieldValue(number, typ, b[n:])
		if size < 0 {
			return
		}
		value := b[n:][:size]
		switch typ {
		case protowire.VarintType:
			v, _ := protowire.ConsumeVarint(value)
			each(number, v, nil)
		case protowire.BytesType:
			v, _ := protowire.ConsumeBytes(value)
			each(number, 0, v)
		}
		b = b[n+size:]
	}
}
