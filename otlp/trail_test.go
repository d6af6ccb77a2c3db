package otlp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// audited is what was sent of a session, and the lines of its audit.
type audited struct {
	collected
	lines [][]byte
}

// playAudited has an audit and a Sink see a session. The Sink is before the audit, or behind.
func playAudited(t *testing.T, c tracetest.Capture, sinkFirst bool) *audited {
	t.Helper()
	all := &audited{}
	trail := NewAudit(all.Log)
	var file bytes.Buffer
	lines := audit.NewSink(&file, audit.Options{Host: "vm", Reads: true, Written: func(line []byte, _ []string) { trail.Line(line) }})
	spans := NewSink(all, SinkOptions{Audit: trail})
	b := flow.New(flow.Options{
		Mask:  redact.New(redact.Options{Key: []byte("key")}).Event,
		Learn: subject.NewReader().Learn, Still: true, Failed: func(_ string, err error) { t.Error(err) },
	})
	sinks := []wire.Sink{lines, spans}
	if sinkFirst {
		slices.Reverse(sinks)
	}
	outlets := make(map[wire.Sink]*flow.Outlet)
	for i, s := range sinks {
		outlets[s] = b.Add(fmt.Sprint(i), s, flow.Delivery{})
	}
	do := decode.Options{Needs: b.Needs(), MaxMessage: 1 << 20, Terminals: decode.NewTerminals(), Numbers: new(wire.Numbers)}
	do.Numbers.Claim(len(c.Conns))
	for i, c := range c.Conns {
		conn := c.Wire(i+1, t0)
		d := decode.New(conn, do, b.Of(conn))
		d.Open()
		c.Play(conn, d)
		lines.Settle(conn)
	}
	b.Close()
	for _, s := range []wire.Sink{lines, spans} { // the audit ends first, as in the program
		if err := outlets[s].Close(); err != nil {
			t.Error(err)
		}
	}
	all.lines = bytes.SplitAfter(bytes.TrimSuffix(file.Bytes(), []byte("\n")), []byte("\n"))
	return all
}

// TestAuditLines: every line of every audit is one record, as it stands in the file, and names
// the span of its exchange, whichever of the two comes first.
func TestAuditLines(t *testing.T) {
	ids := 0
	for _, c := range sessions(t) {
		for _, sinkFirst := range []bool{false, true} {
			all := playAudited(t, c, sinkFirst)
			spans := make(map[pcommon.SpanID]ptrace.Span)
			for _, s := range decodeSpans(t, all.spans) {
				spans[s.SpanID()] = s
			}
			records := decodeLogs(t, all.logs)
			slices.SortFunc(records, func(a, b plog.LogRecord) int { return int(seqOf(a) - seqOf(b)) })
			if len(records) != len(all.lines) {
				t.Fatalf("%s: %d records of %d lines", c.Name, len(records), len(all.lines))
			}
			for i, r := range records {
				line := strings.TrimSuffix(string(all.lines[i]), "\n")
				if r.Body().Str() != line {
					t.Errorf("%s: record %q\nof %q", c.Name, r.Body().Str(), line)
				}
				if ids += checkRecord(t, r, line, spans); t.Failed() {
					t.Fatalf("%s: sink first: %v: %s", c.Name, sinkFirst, line)
				}
			}
		}
	}
	if ids < 100 {
		t.Errorf("%d lines have a span", ids)
	}
}

func seqOf(r plog.LogRecord) int64 {
	v, _ := r.Attributes().Get("socktrace.audit.seq")
	return v.Int()
}

// checkRecord compares a record with its line, and returns how many spans it names.
func checkRecord(t *testing.T, r plog.LogRecord, line string, spans map[pcommon.SpanID]ptrace.Span) int {
	t.Helper()
	var l struct {
		Event, Operation, Target, State string
		Time                            time.Time
		Exchange, Status                int
		Left                            bool `json:"client_left"`
		Subject                         struct{ Type, ID, Name string }
		Risks                           []struct{ Mark string }
	}
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatal(err)
	}
	a := r.Attributes()
	equal(t, "event", r.EventName(), "socktrace.audit."+l.Event)
	equal(t, "time", r.Timestamp().AsTime(), l.Time)
	equal(t, "operation", text(a, "socktrace.operation"), l.Operation)
	if l.Left && l.State == "aborted" {
		l.State = "left"
	}
	equal(t, "state", text(a, "socktrace.state"), l.State)
	equal(t, "subject", text(a, "socktrace.subject.type"), l.Subject.Type)
	if l.Status > 0 {
		equal(t, "status", text(a, "http.response.status_code"), fmt.Sprint(l.Status))
	}
	if l.Subject.Type == "container" {
		equal(t, "container", text(a, "container.name"), l.Subject.Name)
	}
	for _, risk := range l.Risks {
		if !strings.Contains(text(a, "socktrace.risks"), `"`+risk.Mark+`"`) {
			t.Errorf("no mark %s in %s", risk.Mark, text(a, "socktrace.risks"))
		}
	}
	if (r.SeverityNumber() > plog.SeverityNumberInfo) != (len(l.Risks) > 0) {
		t.Errorf("severity %s with %d risks", r.SeverityText(), len(l.Risks))
	}
	if l.Exchange == 0 {
		equal(t, "has a span", r.SpanID().IsEmpty(), true)
		return 0
	}
	s, ok := spans[r.SpanID()]
	if !ok || s.TraceID() != r.TraceID() {
		t.Errorf("no span %s", r.SpanID())
		return 0
	}
	path, _, _ := strings.Cut(l.Target, "?")
	if l.Event == "call" && l.Target != "" {
		equal(t, "path of the span", text(s.Attributes(), "url.path"), path)
		equal(t, "start of the span", s.StartTimestamp().AsTime(), l.Time)
	}
	equal(t, "operation of the span", text(s.Attributes(), "socktrace.operation"), l.Operation)
	return 1
}

// TestAuditRecord tells who, what, and how grave that is.
func TestAuditRecord(t *testing.T) {
	const line = `{"seq":3,"event":"call","time":"2026-11-28T06:00:00.123456789Z","host":"vm","conn":1,"exchange":2,` +
		`"client":{"address":"tcp://10.0.0.7:4711","pid":8367,"name":"/usr/bin/docker","uid":0,"user":"ro\u006ft","exe":"/usr/bin/docker","container":{"runtime":"podman","id":"77aa"},"certificate":{"subject":"CN=jo"},"parents":[{"pid":1,"name":"init"}]},` +
		`"operation":"ContainerCreate","api":"1.47","method":"POST","target":"/v1.47/containers/create?name=web","subject":{"type":"container","id":"16b7","name":"web"},` +
		`"status":409,"state":"done","exit_code":3,"risks":[{"mark":"privileged","why":"x"},{"mark":"image-elsewhere","why":"y"},{"mark":"privileged","why":"z"}],"prev":"0","hash":"1"}`
	record, key := appendAudit(nil, []byte(line+"\n"), t0)
	equal(t, "key", key, auditKey{1, 2})
	r := decodeLogs(t, [][]byte{record})[0]
	equal(t, "body", r.Body().Str(), line)
	equal(t, "severity", r.SeverityNumber(), plog.SeverityNumberError)
	equal(t, "severity", r.SeverityText(), "ERROR")
	equal(t, "observed", r.ObservedTimestamp().AsTime(), t0)
	for name, want := range map[string]string{
		"process.pid": "8367", "process.executable.name": "docker", "process.executable.path": "/usr/bin/docker", "process.user.id": "0", "process.user.name": "root",
		"client.address": "10.0.0.7", "tls.client.subject": "CN=jo", "socktrace.client.container.id": "77aa", "socktrace.client.container.runtime": "podman",
		"socktrace.operation": "ContainerCreate", "socktrace.api.version": "1.47", "http.request.method": "POST", "url.path": "/v1.47/containers/create", "url.query": "name=web",
		"container.id": "16b7", "container.name": "web", "socktrace.subject.type": "container", "http.response.status_code": "409", "error.type": "409",
		"socktrace.state": "done", "socktrace.exit_code": "3", "socktrace.audit.seq": "3", "socktrace.risks": `["image-elsewhere","privileged"]`,
	} {
		equal(t, name, text(r.Attributes(), name), want)
	}
	for marks, want := range map[string]string{``: "INFO", `{"mark":"exec"}`: "WARN", `{"mark":"unjudged"}`: "WARN", `{"mark":"exec"},{"mark":"bind-root"}`: "ERROR"} {
		record, _ := appendAudit(nil, []byte(`{"event":"call","risks":[`+marks+`]}`), t0)
		equal(t, marks, decodeLogs(t, [][]byte{record})[0].SeverityText(), want)
	}
	for event, want := range map[string]string{"start": "INFO", "missing": "WARN", "mended": "WARN"} {
		record, _ := appendAudit(nil, []byte(`{"event":"`+event+`"}`), t0)
		equal(t, event, decodeLogs(t, [][]byte{record})[0].SeverityText(), want)
	}
}

// TestAuditWaits: a line that comes before its span waits, not for ever, and not more than
// there is room for; a span of an exchange that has ended long ago is forgotten.
func TestAuditWaits(t *testing.T) {
	var got collected
	a := NewAudit(got.Log)
	line := func(exchange int) []byte {
		return fmt.Appendf(nil, `{"event":"call","conn":1,"exchange":%d}`, exchange)
	}
	c := newIDs().root()
	spans := func() (with, without int) {
		for _, r := range decodeLogs(t, got.logs) {
			if r.SpanID().IsEmpty() {
				without++
			} else {
				with++
			}
		}
		got.logs = nil
		return with, without
	}
	a.Line(line(1))
	a.Line(line(1))
	equal(t, "sent", len(got.logs), 0)
	a.placed(auditKey{1, 1}, c)
	a.Line(line(1))
	if with, without := spans(); with != 3 || without != 0 {
		t.Errorf("%d with a span, %d without", with, without)
	}
	a.Line(line(2))
	a.give(time.Now().Add(-time.Hour))
	equal(t, "sent", len(got.logs), 0)
	a.give(time.Now().Add(time.Hour))
	if with, without := spans(); with != 0 || without != 1 {
		t.Errorf("late: %d with a span, %d without", with, without)
	}
	wait := 0
	for ; len(got.logs) == 0; wait++ { // until there is no room
		a.Line(line(10 + wait))
	}
	wait--
	if with, without := spans(); with != 0 || without != 1 || a.held > maxWaitingLines || wait < 1000 {
		t.Errorf("too many: %d with a span, %d without; %d wait, of %d bytes", with, without, wait, a.held)
	}
	a.over(auditKey{1, 1})
	for i := range maxEndedSpans {
		a.Line(line(1))
		a.placed(auditKey{2, i}, c)
		a.over(auditKey{2, i})
	}
	if with, _ := spans(); with != maxEndedSpans {
		t.Errorf("%d with a span", with)
	}
	equal(t, "spans", len(a.spans), maxEndedSpans)
	a.close()
	a.Line(line(1))
	if with, without := spans(); with != 0 || without != wait+1 || a.held != 0 {
		t.Errorf("at the end: %d with a span, %d without, %d bytes wait", with, without, a.held)
	}
}

// FuzzAudit: whatever stands in a line, the collector takes the record.
func FuzzAudit(f *testing.F) {
	f.Add([]byte(`{"seq":3,"event":"call","conn":1,"exchange":2,"client":{"pid":1,"container":{"id":"\ud800"}},"risks":[{"mark":"exec"}]}`))
	f.Add([]byte("{\"client\":[],\"risks\":{},\"subject\":1,\"status\":\"x\",\"time\":3,\"event\":\"\xff\""))
	f.Fuzz(func(t *testing.T, line []byte) {
		record, _ := appendAudit(nil, line, t0)
		if got := decodeLogs(t, [][]byte{record}); len(got) != 1 {
			t.Errorf("%d records", len(got))
		}
	})
}

// BenchmarkAuditLine is what a line costs where the traffic is.
func BenchmarkAuditLine(b *testing.B) {
	const line = `{"seq":3,"event":"call","time":"2026-11-28T06:00:00.123456789Z","host":"vm","conn":1,"exchange":0,` +
		`"client":{"pid":8367,"name":"docker","uid":0,"user":"root","exe":"/usr/bin/docker","parents":[{"pid":8334,"name":"bash"}]},"operation":"ContainerCreate","api":"1.47","method":"POST",` +
		`"target":"/v1.47/containers/create?name=web","subject":{"type":"container","id":"16b7","name":"web"},"parameters":{"image":"busybox","command":["sh"],"binds":["/:/host"],"privileged":"true"},"status":201,"state":"done","duration_ms":256.8,` +
		`"risks":[{"mark":"privileged","why":"HostConfig.Privileged is true"},{"mark":"bind-root","why":"HostConfig.Binds has /"}],"prev":"0000000000000000000000000000000000000000000000000000000000000000","hash":"0000000000000000000000000000000000000000000000000000000000000000"}`
	a := NewAudit(func(m []byte) { _, _ = io.Discard.Write(m) })
	b.ReportAllocs()
	for b.Loop() {
		a.Line([]byte(line))
	}
}
