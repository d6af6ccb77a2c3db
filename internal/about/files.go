package about

import (
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// WriteFiles writes the sum of the files that a body has carried, if it is one of
// such, as a member of the object in w.
func WriteFiles(w *jsontext.Writer, f *wire.Files) {
	if f == nil {
		return
	}
	w.Open("files", '{')
	w.Optional("role", f.Role)
	w.Int("files", f.Files)
	w.Int("others", f.Others)
	w.Int("bytes", f.Bytes)
	if f.Listed != f.Bytes {
		w.Int("listed_bytes", f.Listed)
	}
	w.Optional("largest", f.Largest)
	w.Count("largest_bytes", f.Most)
	w.Close('}')
}

// FilesNote is what WriteFiles has written, for encoding/json.
type FilesNote struct {
	Role    string `json:"role"`
	Files   int64  `json:"files"`
	Others  int64  `json:"others"`
	Bytes   int64  `json:"bytes"`
	Listed  *int64 `json:"listed_bytes"` // nil: as Bytes
	Largest string `json:"largest"`
	Most    int64  `json:"largest_bytes"`
}

// Sum returns what the note tells; nil if there is none.
func (n *FilesNote) Sum() *wire.Files {
	if n == nil {
		return nil
	}
	f := &wire.Files{Files: n.Files, Others: n.Others, Bytes: n.Bytes, Listed: n.Bytes, Largest: n.Largest, Most: n.Most, Role: n.Role}
	if n.Listed != nil {
		f.Listed = *n.Listed
	}
	return f
}
