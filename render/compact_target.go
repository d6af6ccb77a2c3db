package render

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/shortid"
)

// cutTarget returns a target, escaped, in at most room columns. Ids are cut first, to
// the 12 digits that docker shows or to 6, then the query, then the middle of the
// path.
func cutTarget(target string, room int, more string) []byte {
	short := appendEscaped(nil, shortid.Cut([]byte(target), more), "", "")
	if columns(short) <= room {
		return short
	}
	query := "?" + more
	if path, _, _ := bytes.Cut(short, []byte{'?'}); columns(path)+columns([]byte(query)) > room {
		short = appendEscaped(nil, shortid.Append(nil, target, shortid.Shown/2, more), "", "")
	}
	path, _, asked := bytes.Cut(short, []byte{'?'})
	switch {
	case asked && columns(path)+columns([]byte(query)) <= room:
		return cut(short, room, 0, more)
	case asked:
		path = append(path[:len(path):len(path)], query...)
	}
	return bytes.ReplaceAll(cut(path, room, room/2, more), []byte(more+more), []byte(more))
}

// cut returns b, which has no colours, in at most room columns: its beginning,
// more for what is left out, and about the last end columns of it.
func cut(b []byte, room, end int, more string) []byte {
	room -= columns([]byte(more))
	if columns(b) <= room+columns([]byte(more)) {
		return b
	}
	head, n := 0, 0
	for {
		l, c := unit(b[head:])
		if n+c > room-end {
			break
		}
		head, n = head+l, n+c
	}
	tail := head
	for rest := columns(b[head:]); rest > room-n || end == 0 && tail < len(b); {
		l, c := unit(b[tail:])
		tail, rest = tail+l, rest-c
	}
	return append(append(append([]byte(nil), b[:head]...), more...), b[tail:]...)
}
