package otlp

import (
	"bytes"
	"fmt"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	logspb "go.opentelemetry.io/proto/slim/otlp/logs/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/socktrace/socktrace/wire"
)

var testFrame = newFrame([][2]string{{"service.name", "socktrace"}}, "v1")

// known reports whether every field in b is one of the message, which requests are too.
func known(t testing.TB, b []byte, m proto.Message) {
	t.Helper()
	if err := proto.Unmarshal(b, m); err != nil {
		t.Fatal(err)
	}
	var walk func(m protoreflect.Message)
	walk = func(m protoreflect.Message) {
		if u := m.GetUnknown(); len(u) > 0 {
			t.Errorf("%s has %x, which is no field", m.Descriptor().FullName(), u)
		}
		m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			switch {
			case f.Message() == nil:
			case f.IsList():
				for i := range v.List().Len() {
					walk(v.List().Get(i).Message())
				}
			default:
				walk(v.Message())
			}
			return true
		})
	}
	walk(m.ProtoReflect())
}

// decodeSpans has the collector's own code read a request with spans.
func decodeSpans(t testing.TB, messages [][]byte) []ptrace.Span {
	t.Helper()
	var items []byte
	for _, m := range messages {
		items = appendItem(items, m)
	}
	b := testFrame.request(items)
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto(b); err != nil {
		t.Fatal(err)
	}
	known(t, b, &tracepb.TracesData{})
	rs := r.Traces().ResourceSpans()
	if len(messages) == 0 {
		return nil
	}
	if rs.Len() != 1 || rs.At(0).ScopeSpans().Len() != 1 || rs.At(0).SchemaUrl() != schema || rs.At(0).ScopeSpans().At(0).SchemaUrl() != schema {
		t.Fatal("not one resource with one scope")
	}
	equal(t, "service", text(rs.At(0).Resource().Attributes(), "service.name"), "socktrace")
	equal(t, "scope", rs.At(0).ScopeSpans().At(0).Scope().Version(), "v1")
	var all []ptrace.Span
	for i := range rs.At(0).ScopeSpans().At(0).Spans().Len() {
		all = append(all, rs.At(0).ScopeSpans().At(0).Spans().At(i))
	}
	return all
}

// decodeLogs is decodeSpans for log records.
func decodeLogs(t testing.TB, messages [][]byte) []plog.LogRecord {
	t.Helper()
	var items []byte
	for _, m := range messages {
		items = appendItem(items, m)
	}
	b := testFrame.request(items)
	r := plogotlp.NewExportRequest()
	if err := r.UnmarshalProto(b); err != nil {
		t.Fatal(err)
	}
	known(t, b, &logspb.LogsData{})
	var all []plog.LogRecord
	records := r.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i := range records.Len() {
		all = append(all, records.At(i))
	}
	return all
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// text returns an attribute as text; empty if there is none.
func text(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// exchanges returns the spans that are exchanges, not commands, in order.
func exchanges(all []ptrace.Span) (some []ptrace.Span) {
	for _, s := range all {
		if s.Kind() != ptrace.SpanKindInternal {
			some = append(some, s)
		}
	}
	return some
}

// TestTranscripts: of all sessions, the collector takes every byte, and there is one span for
// each exchange, which says the same of it.
func TestTranscripts(t *testing.T) {
	for _, c := range sessions(t) {
		t.Run(c.Name, func(t *testing.T) {
			s := play(t, c, SinkOptions{Bodies: true}, nil)
			all := decodeSpans(t, s.spans)
			spans := exchanges(all)
			if len(spans) != len(s.exchanges) {
				t.Fatalf("%d spans of %d exchanges", len(spans), len(s.exchanges))
			}
			ids := make(map[pcommon.SpanID]ptrace.Span)
			for _, sp := range all {
				if _, again := ids[sp.SpanID()]; again || sp.SpanID().IsEmpty() || sp.TraceID().IsEmpty() {
					t.Errorf("%s: id %s", sp.Name(), sp.SpanID())
				}
				ids[sp.SpanID()] = sp
			}
			for i, sp := range spans {
				checkSpan(t, sp, s.exchanges[i])
				if up, ok := ids[sp.ParentSpanID()]; ok {
					equal(t, "trace of the parent", up.TraceID(), sp.TraceID())
				} else if !isGiven(s.exchanges[i]) {
					t.Errorf("%s: parent %q is nowhere", sp.Name(), sp.ParentSpanID())
				}
			}
			checkLogs(t, s, ids)
		})
	}
}

// isGiven reports whether the parent of an exchange is named by its client.
func isGiven(x *wire.Exchange) bool {
	if x.Request == nil {
		return false
	}
	_, ok := carried(x.Request.Fields)
	return ok
}

func checkSpan(t *testing.T, sp ptrace.Span, x *wire.Exchange) {
	t.Helper()
	a := sp.Attributes()
	equal(t, "start", uint64(sp.StartTimestamp()), uint64(x.Start.UnixNano()))
	equal(t, "end", uint64(sp.EndTimestamp()), uint64(x.End.UnixNano()))
	if x.Request != nil {
		equal(t, "method", text(a, "http.request.method"), knownMethod(x.Request.Method))
		equal(t, "operation", text(a, "socktrace.operation"), x.Request.Call.Operation)
	}
	if x.Response != nil {
		equal(t, "status", text(a, "http.response.status_code"), fmt.Sprint(x.Response.Status))
	}
	if g, _ := x.GRPC(); sp.Kind() == ptrace.SpanKindClient || !blamesClient(x, &g) {
		equal(t, "failed", sp.Status().Code() == ptrace.StatusCodeError, text(a, "error.type") != "")
	} else {
		equal(t, "failed", sp.Status().Code(), ptrace.StatusCodeUnset)
	}
	if x.Failed() && sp.Kind() == ptrace.SpanKindClient && sp.Status().Code() != ptrace.StatusCodeError {
		t.Errorf("%s has failed", sp.Name())
	}
	seen := make(map[string]bool)
	a.Range(func(key string, _ pcommon.Value) bool {
		if seen[key] {
			t.Errorf("%s: %s is there twice", sp.Name(), key)
		}
		seen[key] = true
		return true
	})
	var of int64
	for _, n := range x.Messages {
		of += n
	}
	if told := int64(sp.Events().Len()) + int64(sp.DroppedEventsCount()) - int64(min(len(x.Anomalies), maxAnomalies)); told > of {
		t.Errorf("%s: %d events of %d messages", sp.Name(), told, of)
	}
}

// checkLogs: each message with data is a record with that, connected with its span.
func checkLogs(t *testing.T, s *seen, spans map[pcommon.SpanID]ptrace.Span) {
	t.Helper()
	var want []*wire.Message
	for _, m := range s.messages {
		if m.Exchange != 0 && !m.Aside && len(m.Data) > 0 {
			want = append(want, m)
		}
	}
	logs := decodeLogs(t, s.logs)
	if len(logs) != len(want) {
		t.Fatalf("%d records of %d messages", len(logs), len(want))
	}
	for i, r := range logs {
		m := want[i]
		sp, ok := spans[r.SpanID()]
		if !ok || sp.TraceID() != r.TraceID() {
			t.Errorf("record %d is of no span", i)
		}
		equal(t, "time", uint64(r.Timestamp()), uint64(m.End.UnixNano()))
		body := []byte(r.Body().Str())
		if r.Body().Type() == pcommon.ValueTypeBytes {
			body = r.Body().Bytes().AsRaw()
		}
		if !bytes.HasPrefix(m.Data, body) || len(body) < min(len(m.Data), maxBody)-3 {
			t.Errorf("record %d has %q, not %q", i, body, m.Data)
		}
	}
}
