package equivalent

import "strings"

// file adds what was sent as a body, from a file.
func (w *pyWriter) file(name string) {
	path := w.sent.file
	if path == "" {
		path = "archive.tar"
	}
	w.argument(name, "open("+pyString(path)+", 'rb')")
	if w.sent.note != "" {
		w.call.note(w.sent.note)
	}
}

// several adds a parameter that there may be more than one of, as a list.
func (w *pyWriter) several(from, to string) {
	var list []string
	for v, there := w.parameter(from); there; v, there = w.parameter(from) {
		list = append(list, w.text(v, from))
	}
	if len(list) > 0 {
		w.named(to, "["+strings.Join(list, ", ")+"]")
	}
}
