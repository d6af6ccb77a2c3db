package decode_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// onlyHTTP2 is prior knowledge.
func onlyHTTP2() *http.Protocols {
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	return p
}

// frameMessage puts the prefix before a message, and compresses it if that is asked for.
func frameMessage(b []byte, zip bool) []byte {
	flags := byte(0)
	if zip {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		w.Write(b)
		w.Close()
		flags, b = 1, z.Bytes()
	}
	return append(binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(b))), b...)
}

// readMessage reads a message with its prefix; io.EOF if there is none.
func readMessage(r io.Reader) ([]byte, error) {
	var prefix [5]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint32(prefix[1:]))
	if _, err := io.ReadFull(r, b); err != nil || prefix[0] == 0 {
		return b, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// webClient speaks gRPC by net/http.
type webClient struct {
	*http.Transport
	address string
}

func newWebClient(_ testing.TB, address string) grpcClient {
	return webClient{&http.Transport{Protocols: onlyHTTP2(), DisableCompression: true}, address}
}

func (c webClient) close() { c.CloseIdleConnections() }

func (c webClient) call(ctx context.Context, method string, zip bool, head map[string]string) (clientCall, error) {
	pr, pw := io.Pipe()
	q, err := http.NewRequestWithContext(ctx, "POST", "http://"+c.address+method, pr)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/grpc+proto")
	q.Header.Set("Te", "trailers")
	if zip {
		q.Header.Set("Grpc-Encoding", "gzip")
	}
	if deadline, ok := ctx.Deadline(); ok {
		q.Header.Set("Grpc-Timeout", strconv.Itoa(int(time.Until(deadline).Seconds()))+"S")
	}
	for name, value := range head {
		q.Header.Set(name, value)
	}
	call := &webClientCall{ctx: ctx, out: pw, zip: zip, answered: make(chan struct{})}
	context.AfterFunc(ctx, func() { pw.CloseWithError(ctx.Err()) }) // the transport sees it when it reads
	go func() {
		call.resp, call.err = c.RoundTrip(q)
		close(call.answered)
	}()
	return call, nil
}

type webClientCall struct {
	ctx      context.Context
	out      *io.PipeWriter
	zip      bool
	answered chan struct{}
	resp     *http.Response // when it is closed
	err      error
}

func (c *webClientCall) send(b []byte) error {
	_, err := c.out.Write(frameMessage(b, c.zip))
	return err
}

func (c *webClientCall) closeSend() { c.out.Close() }

func (c *webClientCall) receive() ([]byte, error) {
	<-c.answered
	if c.err != nil {
		return nil, c.failed(c.err)
	}
	b, err := readMessage(c.resp.Body)
	switch {
	case err == nil:
		return b, nil
	case err != io.EOF:
		return nil, c.failed(err)
	}
	c.resp.Body.Close()
	c.out.Close() // nobody listens any more
	end := c.resp.Trailer
	if end.Get("Grpc-Status") == "" {
		end = c.resp.Header // only trailers were sent
	}
	code, err := strconv.Atoi(end.Get("Grpc-Status"))
	if err != nil {
		return nil, status.Errorf(codes.Internal, "status %q", end.Get("Grpc-Status"))
	}
	if code == 0 {
		return nil, io.EOF
	}
	if details, err := base64.RawStdEncoding.DecodeString(end.Get("Grpc-Status-Details-Bin")); len(details) > 0 || err != nil {
		return nil, statusOf(details)
	}
	said, err := url.PathUnescape(end.Get("Grpc-Message"))
	if err != nil {
		return nil, err
	}
	return nil, status.Error(codes.Code(code), said)
}

// failed returns the status of a call that its client, or the connection, has ended.
func (c *webClientCall) failed(err error) error {
	c.out.CloseWithError(err)
	if c.resp != nil {
		c.resp.Body.Close()
	}
	if c.ctx.Err() != nil {
		return status.FromContextError(c.ctx.Err()).Err()
	}
	return status.Error(codes.Unavailable, err.Error())
}

// webServer answers calls of gRPC by net/http.
type webServer struct{ *http.Server }

func newWebServer(h handle, streams uint32) grpcServer {
	answer := func(w http.ResponseWriter, q *http.Request) {
		c := &webServerCall{w: w, q: q, zip: q.Header.Get("Grpc-Encoding") == "gzip"}
		w.Header().Set("Content-Type", "application/grpc")
		if c.zip {
			w.Header().Set("Grpc-Encoding", "gzip")
		}
		err := h(q.Header.Get("X-Call"), c)
		s := status.Convert(err)
		if c.trailer("Grpc-Status", strconv.Itoa(int(s.Code()))); err != nil {
			c.trailer("Grpc-Message", url.PathEscape(s.Message()))
		}
		if len(s.Details()) > 0 {
			c.trailer("Grpc-Status-Details-Bin", base64.RawStdEncoding.EncodeToString(statusBytes(s)))
		}
	}
	return webServer{&http.Server{Protocols: onlyHTTP2(), Handler: http.HandlerFunc(answer), MaxHeaderBytes: 1 << 20, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: int(streams)}}}
}

func (s webServer) serve(l net.Listener) { _ = s.Serve(l) }
func (s webServer) retire()              { _ = s.Shutdown(context.Background()) }
func (s webServer) close()               { _ = s.Close() }

type webServerCall struct {
	w    http.ResponseWriter
	q    *http.Request
	zip  bool
	sent bool
}

func (c *webServerCall) context() context.Context  { return c.q.Context() }
func (c *webServerCall) receive() ([]byte, error)  { return readMessage(c.q.Body) }
func (c *webServerCall) header(name, value string) { c.w.Header().Set(name, value) }
func (c *webServerCall) trailer(name, value string) {
	if c.sent {
		name = http.TrailerPrefix + name
	}
	c.w.Header().Set(name, value)
}

func (c *webServerCall) send(b []byte) error {
	c.sent = true
	if _, err := c.w.Write(frameMessage(b, c.zip)); err != nil {
		return err
	}
	return http.NewResponseController(c.w).Flush()
}
