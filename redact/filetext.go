package redact

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// fileText is the text of a file that comes in pieces: a secret may be cut, and so may be
// what says that it is one.
type fileText struct {
	line  []byte // what went by of the last line
	lines text.Lines
	forms form.Matcher
	torn  bool // the last piece was cut: the line that goes on is not known
}

// maxLine bounds what is kept of a line, in bytes.
const maxLine = 2 << 10

// find adds the secrets in the next piece.
func (f *fileText) find(r *rules, values [][]byte, piece []byte, label string) mask.Spans {
	found := f.lines.Find(&r.Rules, nil, piece, label+".")
	found = f.forms.Find(found, r.Marks, piece, false, label)
	found = mask.Values(found, r.Marks, piece, values, label)
	if f.torn {
		rest, _, _ := bytes.Cut(piece, []byte("\n"))
		found = found.Piece(piece, 0, len(rest), label)
	}
	before := len(f.line)
	joined := append(f.line, piece...)
	found = append(found, behind(r.Assignments(nil, joined, 0, false, false, label), before)...)
	f.keep(joined)
	return found
}

// keep keeps the last line, with those that it goes on from.
func (f *fileText) keep(joined []byte) {
	from := len(joined)
	for from > 0 && len(joined)-from < maxLine {
		i := bytes.LastIndexByte(joined[:from], '\n')
		if i+1 < from && (i < 0 || !bytes.HasSuffix(bytes.TrimRight(joined[:i], "\r"), []byte(`\`))) {
			from = i + 1
			break
		}
		from = max(i, 0)
	}
	f.line = bytes.Clone(joined[max(from, len(joined)-maxLine):])
}
