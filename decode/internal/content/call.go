package content

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/protobuf"
)

// Call is what is known of the messages of a call of gRPC before they come.
type Call struct {
	Schema     *protobuf.Schema
	Method     protobuf.Method // without types, if it is not known
	FromServer bool
	Variant    Variant
	Coding     string                 // of messages that are compressed
	Guessed    bool                   // nothing says that messages begin here but what they look like
	Role       string                 // what files are for that are transferred
	First      bool                   // of several messages only the first is shown: see Limits
	Wanted     func(path string) bool // whether people read one of them; nil: none
	Idle       *Idle                  // nil: nothing is used again
	last       *protobuf.Type
	spent      bool // it was told that there is no memory to show messages
}

// typeOf returns the type of the message b, that comes behind those before. An empty one
// says nothing of itself, and is as the last.
func (c *Call) typeOf(b []byte) *protobuf.Type {
	if len(b) > 0 || c.last == nil {
		c.last = c.Method.TypeOf(c.FromServer, b)
	}
	return c.last
}

// otlp returns the method of the messages that are sent to path without gRPC (OTLP,
// "OTLP/HTTP Request"); other paths stay what they are.
func otlp(path string) string {
	switch path {
	case "/v1/traces":
		return "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
	case "/v1/metrics":
		return "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
	case "/v1/logs":
		return "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
	}
	return path
}

// MethodOf returns the method that the target of a request names, behind whatever
// prefix it has.
func MethodOf(s *protobuf.Schema, target string) protobuf.Method {
	path, _, _ := strings.Cut(target, "?")
	path = otlp(path)
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		path = path[max(strings.LastIndexByte(path[:i], '/'), 0):]
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	m, _ := s.Method(path)
	return m
}

// show shows in u the message b by its type, written to the memory of json. So many bytes
// of it have come and are not kept. What is returned is to be forgotten when u is sent.
func (c *Call) show(out Out, u *Unit, b []byte, missing int64, l Limits, files *transfer, json []byte) (m Shown) {
	t := c.typeOf(b)
	if t != nil {
		u.Type = t.Name()
	}
	readable := false
	if files != nil && (t == nil || t.Name() == packetType) {
		readable = files.add(b, u.Missing)
	}
	if l.Message > 0 {
		m = l.Show(c.Schema, t, b, json, protobuf.Limits{Files: readable, Missing: missing})
		u.Data, u.Cut = m.Data, u.Cut && !m.Info.Elided || m.Spent
	} else if u.Size > 0 {
		u.Cut = true
	}
	if m.Spent && !c.spent {
		c.spent = true
		out.Anomaly(u.From.Off, anomaly.Spent, fmt.Sprintf("what is shown of a message of %d bytes", len(b)))
	}
	return m
}
