package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// isRead reports whether what was sent as a document is known, if anything was.
func (w *pyWriter) isRead() bool { return w.isDoc || !w.sent.there }

// pyRaw writes the request itself.
func pyRaw(w *pyWriter) Call {
	r := w.x.Request
	method := strings.ToLower(r.Method)
	switch method {
	case "get", "post", "put", "delete", "head", "options", "patch":
		method = "client.api." + method
	default:
		method = "client.api.request"
		w.positional(pyString(r.Method))
	}
	path, _, _ := strings.Cut(r.Target, "?")
	w.positional("client.api.base_url + " + w.text(path, "secret"))
	w.rawQuery()
	switch {
	case w.sent.file != "":
		w.named("data", "open("+pyString(w.sent.file)+", 'rb')")
		w.call.note(w.sent.note)
	case w.isDoc:
		w.named("json", w.value([]byte(w.sent.text), "body"))
	case w.sent.there:
		w.named("data", w.text(w.sent.text, "body")+".encode()")
	}
	switch _, known := dockerapi.Match(r.Method, r.Target); {
	case !w.isRead():
		w.call.note("It is the request itself, since its document does not stand here.")
	case known:
		w.call.note("docker-py has no method for this: it is the request itself.")
	}
	w.asked = asked{}
	return w.finish(method, "%s")
}

// rawQuery adds the query.
func (w *pyWriter) rawQuery() {
	var pairs []string
	for _, m := range w.query {
		pairs = append(pairs, "("+w.text(m.name, "name")+", "+w.text(m.text, m.name)+")")
	}
	if len(pairs) > 0 {
		w.named("params", "["+strings.Join(pairs, ", ")+"]")
	}
}
