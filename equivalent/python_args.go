package equivalent

import "strings"

// file adds what was sent as a body, from a file.
func (w *pyWriter) file(name string) {
	w.argument(name, "open("+w.path()+", 'rb')")
}

// path returns the path of the file with what was sent as a body, and says what to put there.
func (w *pyWriter) path() string {
	path := w.sent.file
	if path == "" {
		path = "archive.tar"
	}
	if w.sent.note != "" {
		w.call.note(w.sent.note)
	}
	return pyString(path)
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
