package otlp

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/socktrace/socktrace/wire"
)

// TestLeft: an exchange that its client has left is none that was aborted, and no failure.
func TestLeft(t *testing.T) {
	s := newScript(t)
	c := s.open(process(1, "docker"))
	for n, left := range []bool{false, true} {
		s.ask(c, n+1, []string{"/aborted", "/left"}[n])
		s.book.Event(&wire.Response{Meta: s.meta(c, n+1), Status: 200})
		s.book.Event(&wire.End{Meta: s.meta(c, n+1), State: wire.StateAborted, Left: left})
	}
	all := s.spansOf(t)
	for name, failed := range map[string]bool{"aborted": true, "left": false} {
		sp := all["/"+name]
		equal(t, "state", text(sp.Attributes(), "socktrace.state"), name)
		equal(t, "failed", sp.Status().Code() == ptrace.StatusCodeError, failed)
		line := `{"event":"end","conn":1,"exchange":1,"state":"aborted"` + map[bool]string{false: `,"client_left":true`}[failed] + `}`
		b, _ := appendAudit(nil, []byte(line), t0)
		equal(t, "state in the audit", text(decodeLogs(t, [][]byte{b})[0].Attributes(), "socktrace.state"), name)
	}
}

// TestKinds: what a client has made a span of is the server's; what blames the client is an
// error for the client alone (semantic conventions: HTTP spans, Status; RPC spans).
func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		status int
		call   string // the status of gRPC
		client ptrace.StatusCode
		server ptrace.StatusCode
	}{
		{200, "", ptrace.StatusCodeUnset, ptrace.StatusCodeUnset},
		{404, "", ptrace.StatusCodeError, ptrace.StatusCodeUnset},
		{499, "", ptrace.StatusCodeError, ptrace.StatusCodeUnset},
		{500, "", ptrace.StatusCodeError, ptrace.StatusCodeError},
		{200, "0", ptrace.StatusCodeUnset, ptrace.StatusCodeUnset},
		{200, "5", ptrace.StatusCodeError, ptrace.StatusCodeUnset},  // NOT_FOUND
		{200, "13", ptrace.StatusCodeError, ptrace.StatusCodeError}, // INTERNAL
		{200, "2", ptrace.StatusCodeError, ptrace.StatusCodeError},  // UNKNOWN
		{0, "", ptrace.StatusCodeError, ptrace.StatusCodeError},
	} {
		s := newScript(t)
		c := s.open(process(1, "docker"))
		for n, named := range []string{"", parent} {
			q := &wire.Request{Meta: s.meta(c, n+1), Method: "GET", Target: []string{"/client", "/server"}[n], Version: "HTTP/1.1"}
			if tt.call != "" {
				q.Stream = 1
				q.Fields = append(q.Fields, wire.Field{Name: "content-type", Value: "application/grpc"})
			}
			if named != "" {
				q.Fields = append(q.Fields, wire.Field{Name: "traceparent", Value: named})
			}
			s.book.Event(q)
			if tt.status != 0 {
				p := &wire.Response{Meta: s.meta(c, n+1), Status: tt.status}
				if tt.call != "" {
					p.Fields = []wire.Field{{Name: "grpc-status", Value: tt.call}, {Name: "grpc-message", Value: "why"}}
				}
				s.book.Event(p)
			}
			end := &wire.End{Meta: s.meta(c, n+1)}
			if tt.status == 0 {
				end.State = wire.StateAborted
			}
			s.book.Event(end)
		}
		all := s.spansOf(t)
		client, server := all["/client"], all["/server"]
		equal(t, "kind", client.Kind(), ptrace.SpanKindClient)
		equal(t, "kind", server.Kind(), ptrace.SpanKindServer)
		equal(t, "status of the client's", client.Status().Code(), tt.client)
		equal(t, "status of the server's", server.Status().Code(), tt.server)
		equal(t, "error.type", text(client.Attributes(), "error.type"), text(server.Attributes(), "error.type"))
		equal(t, "peer", text(client.Attributes(), "network.peer.address"), "/d.sock")
		equal(t, "peer", text(server.Attributes(), "network.peer.address"), "") // it is the client
		equal(t, "address", text(server.Attributes(), "server.address"), "/d.sock")
		if tt.call == "5" {
			equal(t, "what the daemon says", text(server.Attributes(), "socktrace.error"), "why")
			equal(t, "what the daemon says", client.Status().Message(), "why")
		}
	}
}
