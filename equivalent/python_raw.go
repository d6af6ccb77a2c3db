package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// isRead reports whether what was sent as a document is known, if anything was.
func (w *pyWriter) isRead() bool { return w.isDoc || !w.sent.there }

// notRead says why a request is written as it was sent, of which docker-py has a method.
const notRead = "It is the request itself, since its document does not stand here."

// noMethod says that docker-py has none; nothing of what is no request to the daemon.
func noMethod(r *wire.Request) string {
	if _, known := dockerapi.Match(r.Method, r.Target); !known {
		return ""
	}
	return "docker-py has no method for this: it is the request itself."
}

// pyRaw writes the request itself, since why.
func pyRaw(w *pyWriter, why string) Call {
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
	if why != "" {
		w.call.note(why)
	}
	w.asked = asked{}
	format := textOf
	if r.Method == "HEAD" {
		format = headOf
	}
	return w.finish(method, format)
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
