package serve

import "github.com/socktrace/socktrace/compare"

// maxIDs is how many ids of the daemon are remembered. A client may ask for one of those
// that come later by another name.
const maxIDs = 50_000

// idsOf returns the ids that the daemon has chosen: those in its answers and in paths, but
// for what clients had said first, such as UUIDs that they make up.
func idsOf(all []*exchange) (ids []string) {
	known := make(map[string]bool) // true: of the daemon
	note := func(text string, daemon bool) {
		for id := range compare.IDs(text) {
			if _, is := known[id]; is || len(ids) == maxIDs || len(known) == 2*maxIDs {
				continue
			}
			known[id] = daemon
			if daemon {
				ids = append(ids, id)
			}
		}
	}
	for _, e := range all {
		path, query := compare.Path(e.request.Target)
		note(path, true)
		note(query, false)
		note(string(e.request.Body), false)
		if e.answer.isText() {
			for _, p := range e.answer.pieces {
				note(string(p.data), true)
			}
		}
	}
	return ids
}

// hasOtherIDs reports whether text has ids that are not among some.
func hasOtherIDs(text string, some map[string]bool) bool {
	for id := range compare.IDs(text) {
		if !some[id] {
			return true
		}
	}
	return false
}

// isText reports whether ids in the body of an answer can be told, and others put in their
// place: it is a document, or several.
func (a *answer) isText() bool {
	return !a.streams && saysJSON(a.fields)
}
