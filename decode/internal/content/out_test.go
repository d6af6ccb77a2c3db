package content

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// recorder is an Out that notes what it is told, and has the place of a content.
type recorder struct {
	now    Content
	told   []string
	last   Unit // that was sent
	pieces []string
	places []string // of these
	docs   []string
	kept   []byte
}

// Send notes u, with what came of it before: text has no borders of its
// own, and neither has what is raw.
func (r *recorder) Send(u Unit) {
	r.pieces = append(r.pieces, string(u.Data))
	r.places = append(r.places, fmt.Sprintf("%d-%d", u.From.Off, u.To.Off))
	borders := u.Kind != wire.KindText && u.Kind != wire.KindTerminal && u.Kind != wire.KindRaw
	goesOn := !borders && r.last.Kind == u.Kind && r.last.Name == u.Name && u.From.Off-r.last.To.Off <= 1
	if n := len(r.told) - 1; n >= 0 && (u.Again || goesOn) {
		r.told = r.told[:n]
		u.Data, u.Size = append(r.last.Data, u.Data...), u.Size+r.last.Size
	}
	u.Data = bytes.Clone(u.Data)
	r.last = u
	r.told = append(r.told, tell(u))
}

func tell(u Unit) string {
	s := fmt.Sprintf("%v %d", u.Kind, u.Size)
	if u.Opcode > 0 {
		s += fmt.Sprintf(" opcode %d", u.Opcode)
	}
	if u.Name != "" {
		s += " " + u.Name
	}
	if u.Type != "" {
		s += " " + u.Type
	}
	if len(u.Data) > 0 {
		s += fmt.Sprintf(" %.40q", u.Data)
	}
	if len(u.Data) > 40 {
		s += fmt.Sprintf(" of %d", len(u.Data))
	}
	if u.Cut {
		s += " cut"
	}
	if u.More {
		s += " more"
	}
	if u.Missing > 0 {
		s += fmt.Sprintf(" without %d", u.Missing)
	}
	return s
}

func (r *recorder) Anomaly(off int64, code, detail string) {
	r.told = append(r.told, fmt.Sprintf("%d %s %s", off, code, detail))
}

func (r *recorder) Become(c Content) { r.now = c }
func (r *recorder) Found(kind wire.Kind, reason string) {
	r.told = append(r.told, fmt.Sprintf("found %v %s", kind, reason))
}
func (r *recorder) Carried(f *wire.Files) {
	of := ""
	if f.Listed != f.Bytes {
		of = fmt.Sprintf(" of %d", f.Listed)
	}
	r.told = append(r.told, fmt.Sprintf("%d files, %d others, %d bytes%s, largest %q %d", f.Files, f.Others, f.Bytes, of, f.Largest, f.Most))
}
func (r *recorder) Kept() []byte    { return r.kept }
func (r *recorder) Document([]byte) {}

// play gives c pieces of bytes, and returns what it tells.
func play(c Content, how End, pieces ...string) string { return playKept(1<<20, c, how, pieces...) }

// playKept is play for a body of which most bytes are kept.
func playKept(most int, c Content, how End, pieces ...string) string {
	r := &recorder{now: c}
	var off int64
	for _, p := range pieces {
		r.kept = append(r.kept, p[:min(len(p), most-len(r.kept))]...)
		if r.now != nil {
			r.now.Write(r, window.Place{Off: off}, []byte(p))
		}
		off += int64(len(p))
	}
	if r.now != nil {
		r.now.Close(r, how)
	}
	for _, doc := range r.docs {
		if told := strings.Join(r.told, "; "); !strings.Contains(told, tell(Unit{Kind: wire.KindJSON, Data: []byte(doc), Size: int64(len(doc))})) {
			r.told = append(r.told, "no message has the document "+doc)
		}
	}
	return strings.Join(r.told, "; ")
}

// cuts returns every way to cut s once, and into bytes.
func cuts(s string) (all [][]string) {
	all = append(all, []string{s}, strings.Split(s, ""))
	for n := 1; n < len(s); n++ {
		all = append(all, []string{s[:n], s[n:]})
	}
	return all
}

// limits are those of nearly all tests.
var limits = Limits{Message: 1 << 10, Account: budget.NewAccount(nil)}
