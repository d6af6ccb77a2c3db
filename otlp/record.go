package otlp

import (
	"bytes"
	"net"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/risk"
)

// auditKey says which exchange a line of an audit is about; none has 0.
type auditKey struct{ conn, exchange int }

// auditRecord makes the log record of a line: what it says as text, as it stands in the
// file, and as attributes what is asked for. attributes is memory for those.
type auditRecord struct {
	key        auditKey
	event      string
	state      string
	left       bool // the client did
	time       uint64
	severity   uint64
	attributes []byte
}

// severityText returns the name of a severity.
func severityText(n uint64) string {
	return map[uint64]string{severityInfo: "INFO", severityWarn: "WARN", severityError: "ERROR"}[n]
}

// appendAudit appends a log record of a line, without the span that it is about, and returns
// which exchange that is of.
func appendAudit(dst, line []byte, observed time.Time) ([]byte, auditKey) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	r := auditRecord{severity: severityInfo, attributes: make([]byte, 0, 1<<10)}
	for name, value := range jsontext.Members(line) {
		r.member(bare(name), value)
	}
	r.attributes = appendText(r.attributes, logAttributes, "socktrace.state", stateOf(r.state, r.left))
	if r.event == "missing" || r.event == "mended" {
		r.severity = severityWarn
	}
	dst = protowire.AppendFixed64(dst, logTime, r.time)
	dst = protowire.AppendFixed64(dst, logObserved, nanos(observed))
	dst = protowire.AppendVarint(dst, logSeverity, r.severity)
	dst = protowire.AppendBytes(dst, logText, severityText(r.severity))
	dst = protowire.AppendBytes(dst, logEventName, "socktrace.audit."+strings.ToValidUTF8(r.event, "\uFFFD"))
	dst, body := protowire.Begin(dst, logBody)
	if !utf8.Valid(line) {
		line = bytes.ToValidUTF8(line, []byte("\uFFFD"))
	}
	dst = protowire.AppendBytes(dst, anyString, line)
	dst = protowire.End(dst, body)
	return append(dst, r.attributes...), r.key
}

// unquoted returns what a string of JSON stands for; of other values, how they are written.
func unquoted(value []byte) string {
	if len(value) < 2 || value[0] != '"' {
		return string(value)
	}
	return string(jsontext.Unescape(nil, value[1:len(value)-1]))
}

// bare returns a name without its quotes. Ours have no escapes.
func bare(name []byte) []byte { return name[1 : len(name)-1] }

// whole returns what a number of JSON is; false if it is no whole one.
func whole(value []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	return n, err == nil
}

func (r *auditRecord) text(key string, value []byte) {
	r.attributes = appendText(r.attributes, logAttributes, key, unquoted(value))
}

func (r *auditRecord) number(key string, value []byte) {
	if n, ok := whole(value); ok {
		r.attributes = appendInt(r.attributes, logAttributes, key, n)
	}
}

// member notes a member of a line.
func (r *auditRecord) member(name, value []byte) {
	switch string(name) {
	case "event":
		r.event = unquoted(value)
	case "time":
		at, _ := time.Parse(time.RFC3339Nano, unquoted(value))
		r.time = nanos(at)
	case "seq":
		r.number("socktrace.audit.seq", value)
	case "conn":
		n, _ := whole(value)
		r.key.conn = int(n)
	case "exchange":
		n, _ := whole(value)
		r.key.exchange = int(n)
	case "client":
		r.client(value)
	case "operation":
		r.text("socktrace.operation", value)
	case "api":
		r.text("socktrace.api.version", value)
	case "method":
		r.text("http.request.method", value)
	case "target":
		path, query, _ := strings.Cut(unquoted(value), "?")
		r.attributes = appendText(r.attributes, logAttributes, "url.path", path)
		r.attributes = appendText(r.attributes, logAttributes, "url.query", query)
	case "subject":
		r.subject(value)
	case "status":
		r.number("http.response.status_code", value)
		if n, _ := whole(value); n >= 400 {
			r.text("error.type", value)
		}
	case "state":
		r.state = unquoted(value)
	case "client_left":
		r.left = string(value) == "true"
	case "exit_code":
		r.number("socktrace.exit_code", value)
	case "risks":
		r.risks(value)
	}
}

// client notes who has asked.
func (r *auditRecord) client(value []byte) {
	for name, value := range jsontext.Members(value) {
		switch string(bare(name)) {
		case "pid":
			r.number("process.pid", value)
		case "name":
			r.attributes = appendText(r.attributes, logAttributes, "process.executable.name", path.Base(unquoted(value)))
		case "exe":
			r.text("process.executable.path", value)
		case "uid":
			r.number("process.user.id", value)
		case "user":
			r.text("process.user.name", value)
		case "address":
			if host, _, err := net.SplitHostPort(strings.TrimPrefix(unquoted(value), "tcp://")); err == nil {
				r.attributes = appendText(r.attributes, logAttributes, "client.address", host)
			}
		case "certificate":
			r.inner(value, map[string]string{"subject": "tls.client.subject"})
		case "container":
			r.inner(value, map[string]string{"id": "socktrace.client.container.id", "runtime": "socktrace.client.container.runtime"})
		}
	}
}

// inner notes members of an object by other names.
func (r *auditRecord) inner(value []byte, names map[string]string) {
	for name, value := range jsontext.Members(value) {
		if key := names[string(bare(name))]; key != "" {
			r.text(key, value)
		}
	}
}

// subject notes what was asked about, by the names that spans have for it.
func (r *auditRecord) subject(value []byte) {
	var of struct{ kind, id, name, container string }
	for name, value := range jsontext.Members(value) {
		switch string(bare(name)) {
		case "type":
			of.kind = unquoted(value)
		case "id":
			of.id = unquoted(value)
		case "name":
			of.name = unquoted(value)
		case "container":
			of.container = unquoted(value)
		}
	}
	r.attributes = appendSubject(r.attributes, logAttributes, of.kind, of.id, of.name, of.container)
}

// risks notes the marks, and how grave they are.
func (r *auditRecord) risks(value []byte) {
	var marks []string
	for one := range jsontext.Elements(value) {
		for name, value := range jsontext.Members(one) {
			if string(bare(name)) != "mark" {
				continue
			}
			mark := unquoted(value)
			marks = append(marks, mark)
			r.severity = max(r.severity, severityWarn)
			if risk.Grave(mark) {
				r.severity = severityError
			}
		}
	}
	slices.Sort(marks)
	r.attributes = appendStrings(r.attributes, logAttributes, "socktrace.risks", slices.Compact(marks))
}
