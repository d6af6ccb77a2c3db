package render

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// request shows the head of a request: as it was sent, or what of it is telling.
func (t *text) request(ev *wire.Request) {
	t.markDir(&ev.Meta)
	t.text(roleMethod, ev.Method)
	t.own(plain, " ")
	if t.short() {
		t.hang = len(ev.Method) + 1
		t.target(ev.Target)
		t.deadline(ev)
		t.end()
		t.hang = 0
		t.tellingFields(ev.Fields)
		t.offers(ev.Fields)
		return
	}
	t.text(roleTarget, ev.Target)
	if ev.Version != "" {
		t.own(plain, " ")
		t.text(roleFaint, ev.Version)
	}
	t.end()
	t.fields(ev.Fields)
}

// response shows the head of a response: as it was sent, or what of it is telling.
// What that is may be said by what comes next.
func (t *text) response(ev *wire.Response, x *wire.Exchange) {
	t.markDir(&ev.Meta)
	if t.short() {
		t.hold(ev, x)
		if ev.Interim {
			t.held.took = -1 // it says nothing of the answer
		}
		details := wire.FieldValue(ev.Fields, wire.StatusDetails)
		if ev.Interim || t.anyTelling(ev.Fields) || details != "" {
			t.release()
			t.tellingFields(ev.Fields)
			t.details(details)
		}
		return
	}
	t.text(roleFaint, ev.Version)
	if ev.Version != "" {
		t.own(plain, " ")
	}
	t.int(statusRole(ev.Status), int64(ev.Status))
	if ev.Reason != "" {
		t.own(plain, " ")
		t.text(statusRole(ev.Status), ev.Reason)
	}
	t.end()
	t.fields(ev.Fields)
}

// fields shows all fields of a head, and the empty line after them.
func (t *text) fields(fields []wire.Field) {
	for i := range fields {
		t.field(&fields[i])
	}
	t.end()
}

// tellingFields shows those that say what the rest does not.
func (t *text) tellingFields(fields []wire.Field) {
	if t.o.Heads != HeadsShort {
		return
	}
	prefix, before := len(t.prefix), t.before
	t.inset(inset)
	for _, f := range fields {
		if telling(f) {
			f.Line, f.Value = briefField(f)
			t.field(&f)
		}
	}
	t.prefix, t.before = t.prefix[:prefix], before
}

// field shows one field: the line as it was sent, obsolete folds on lines of
// their own (RFC 9112, section 5.2), or name and value if there is no line.
func (t *text) field(f *wire.Field) {
	if f.Line != "" && t.colors.flat() && scan.Graphic(f.Line) == len(f.Line) {
		t.line = append(t.line, f.Line...)
		t.end()
		return
	}
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
		t.text(value, statusText(*f))
		t.inBinary(*f)
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

// told are fields that say something about most messages which have them.
var told = []string{
	"authorization", "containerd-namespace", "content-encoding", "content-range", "expect", "location", "range", "warning", "www-authenticate",
	"dir-name", "exclude-patterns", "followpaths", // what BuildKit fetches
}

// telling says whether a short head shows the field: what is masked, what is of
// registries and Docker, and what is not as usual. Sizes and upgrades are told
// elsewhere.
func telling(f wire.Field) bool {
	switch {
	case f.Name == wire.StatusDetails: // told in lines of its own
		return false
	case f.Masked:
		return true
	}
	name := strings.ToLower(f.Name)
	switch {
	case name == "content-type":
		return !usualType(f.Value)
	case f.Value == nothingEncoded, f.Value == nullEncoded:
		return false
	}
	return slices.Contains(told, name) || isMetadata(name) || strings.HasPrefix(name, "x-registry-") || strings.HasPrefix(name, "x-docker-") && name != offered
}

// anyTelling says whether tellingFields has anything to show.
func (t *text) anyTelling(fields []wire.Field) bool {
	return t.o.Heads == HeadsShort && slices.ContainsFunc(fields, telling)
}

// usualType says whether a media type tells no more than the body itself, or than
// what is said of an upgrade.
func usualType(v string) bool {
	switch t := wire.MediaType(v); t {
	case "", "application/json", "application/x-ndjson", "text/plain":
		return true
	default:
		return wire.IsGRPC(t) || strings.HasPrefix(t, "application/vnd.docker.") && strings.HasSuffix(t, "-stream")
	}
}
