package render

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// request shows the head of a request as it was sent.
func (t *text) request(ev *wire.Request) {
	t.markDir(&ev.Meta)
	t.text(roleMethod, ev.Method)
	t.own(plain, " ")
	t.text(roleTarget, ev.Target)
	if ev.Version != "" {
		t.own(plain, " ")
		t.text(roleFaint, ev.Version)
	}
	t.end()
	t.fields(ev.Fields)
}

// response shows the head of a response as it was sent.
func (t *text) response(ev *wire.Response) {
	t.markDir(&ev.Meta)
	t.text(roleFaint, ev.Version)
	if ev.Version != "" {
		t.own(plain, " ")
	}
	t.own(statusRole(ev.Status), strconv.Itoa(ev.Status))
	if ev.Reason != "" {
		t.own(plain, " ")
		t.text(statusRole(ev.Status), ev.Reason)
	}
	t.end()
	t.fields(ev.Fields)
}

// fields shows the fields of a head, and the empty line after them.
func (t *text) fields(fields []wire.Field) {
	short := t.o.Heads == HeadsShort
	for _, f := range fields {
		if !short || f.Masked || telling(f) {
			t.field(f)
		}
	}
	if !short {
		t.end()
	}
}

// field shows one field: the line as it was sent, obsolete folds on lines of
// their own (RFC 9112, section 5.2), or name and value if there is no line.
func (t *text) field(f wire.Field) {
	if f.Line == "" {
		t.text(roleField, f.Name)
		t.own(roleFaint, ":")
		if f.Value != "" {
			t.own(plain, " ")
		}
		value := plain
		if f.Masked {
			value = roleMasked
		}
		t.text(value, f.Value)
		t.end()
		return
	}
	line, folds, folded := strings.Cut(f.Line, "\n")
	line = strings.TrimSuffix(line, "\r")
	if name, value, ok := strings.Cut(line, ":"); ok {
		t.text(roleField, name)
		t.own(roleFaint, ":")
		line = value
	}
	t.text(plain, line)
	t.end()
	for folded {
		line, folds, folded = strings.Cut(folds, "\n")
		t.text(plain, strings.TrimSuffix(line, "\r"))
		t.end()
	}
}

// telling says whether a short head shows the field: those that decide how the
// message goes on, and those of registries and Docker.
func telling(f wire.Field) bool {
	switch name := strings.ToLower(f.Name); name {
	case "content-type", "content-length", "transfer-encoding", "content-encoding", "upgrade", "location":
		return true
	case "connection":
		return strings.Contains(strings.ToLower(f.Value), "upgrade")
	default:
		return strings.HasPrefix(name, "x-registry-") || strings.HasPrefix(name, "x-docker-")
	}
}
