package content

import (
	"bytes"
	"path"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// tarList is the entries of an archive, and their content as it goes by.
type tarList struct {
	limits Limits
	reads  []string // files whose text is told
	files  wire.Files
	notes  tarNotes

	from   window.Place // of the first header of the entry
	heads  int64        // bytes of its headers so far; 0 behind them
	global tarRecords
	before tarRecords // for the next entry
	entry  tarHeader  // the last, or what stands before it
	name   []byte     // memory of that of entry

	content int64        // bytes that are still to come of what follows the header
	passed  int64        // and that have come
	kept    []byte       // of it
	keeps   int          // bytes of it to be kept
	begun   window.Place // where what is kept begins
	ended   window.Place // and ends

	json []byte // memory
}

// How much is looked at: of an archive's entries, beyond which they are only counted;
// of the records before one, which have names in them; and of a file that people read.
const (
	maxEntries    = 100_000
	maxTarRecords = 1 << 20
	maxTarText    = 64 << 10
)

// maxStored is what an entry may have: a larger number means something else.
const maxStored = 1 << 60

// header takes a header, which was seen from from to to. It returns false if its size
// is out of bounds.
func (t *tarList) header(out Out, h tarHeader, from, to window.Place) bool {
	if t.heads == 0 {
		t.from = from
	}
	t.heads += tarBlock
	keeps := 0
	if h.announces() {
		if keeps = int(min(h.stored, maxTarRecords+1)); keeps > maxTarRecords {
			t.notes.tell(out, from.Off, anomaly.BadArchive, "what stands before an entry, its name perhaps, is longer than 1 MiB: it is not read")
			keeps = 0
		}
	} else {
		records := t.before.over(&t.global)
		records.apply(&h)
		h.finish()
	}
	if h.stored < 0 || h.size < 0 || h.stored > maxStored {
		return false
	}
	t.name = append(t.name[:0], h.name...)
	t.entry, h.name = h, t.name
	t.entry.name = t.name
	if !h.announces() {
		t.tell(out, to)
		t.before, t.heads, keeps = tarRecords{}, 0, t.reading()
	}
	t.content, t.passed = h.stored, 0
	t.keep(keeps)
	if t.content == 0 {
		t.end(out)
	}
	return true
}

// tell tells the entry, whose last header ends at to.
func (t *tarList) tell(out Out, to window.Place) {
	if t.entry.isFile() {
		t.files.Files++
	} else {
		t.files.Others++
	}
	t.judge(out)
	switch n := t.files.Files + t.files.Others; {
	case t.limits.Summed:
		return
	case n == maxEntries+1:
		out.Anomaly(t.from.Off, anomaly.ManyEntries, "")
		return
	case n > maxEntries:
		return
	}
	u := Unit{Kind: wire.KindEntry, From: t.from, To: to, Size: t.heads, Cut: t.limits.Message == 0}
	if !u.Cut {
		t.json = appendEntry(t.json[:0], &t.entry)
		u.Data = t.json
	}
	out.Send(u)
}

// judge tells what an archive should not have.
func (t *tarList) judge(out Out) {
	h := &t.entry
	name, _ := tarText(h.name)
	switch {
	case leads(h.name):
		t.notes.tell(out, t.from.Off, anomaly.UnsafeArchive, "an entry is called "+string(name))
	case h.linksOut():
		link, _ := tarText(h.link)
		t.notes.tell(out, t.from.Off, anomaly.UnsafeArchive, string(name)+" links to "+string(link))
	}
	if len(h.name) > maxTarName || len(h.link) > maxTarName {
		t.notes.tell(out, t.from.Off, anomaly.BadArchive, "a name is longer than any path can be: it is cut")
	}
}

// judged is how much of a file says whether it is text.
const judged = 512

// reading returns how much of the entry is told as text, or looked at where only
// sizes are.
func (t *tarList) reading() int {
	if t.limits.Summed || !t.entry.isFile() || !t.isRead() {
		return 0
	}
	if t.limits.Message == 0 {
		return int(min(t.entry.stored, judged))
	}
	return int(min(t.entry.stored, maxTarText, int64(t.limits.Message)))
}

// isRead says whether people read the entry.
func (t *tarList) isRead() bool {
	for _, name := range t.reads {
		if bytes.HasSuffix(t.entry.name, []byte(name)) && path.Clean(string(t.entry.name)) == name {
			return true
		}
	}
	return false
}

// keep has n bytes of what follows kept, if there is memory for them.
func (t *tarList) keep(n int) {
	if n > 0 && t.limits.Account.Take(n) == n {
		t.keeps = n
	}
}

// pass takes bytes of what follows a header.
func (t *tarList) pass(out Out, at window.Place, b []byte) {
	if room := t.keeps - len(t.kept); room > 0 {
		if len(t.kept) == 0 {
			t.begun = at
		}
		t.kept = append(t.kept, b[:min(room, len(b))]...)
	}
	n := int64(len(b))
	t.content -= n
	t.passed += n
	t.ended = at.Plus(len(b) - 1)
	if t.content == 0 {
		t.end(out)
	}
}

// end is behind what follows a header.
func (t *tarList) end(out Out) {
	if t.heads > 0 {
		t.heads += (t.passed + tarBlock - 1) &^ (tarBlock - 1)
		if t.keeps > 0 && !t.before.announce(&t.global, t.entry.flag, t.kept) {
			t.notes.tell(out, t.from.Off, anomaly.BadArchive, "a record before an entry is malformed")
		}
	} else {
		t.count(out)
	}
	t.drop()
}

// count counts the content of an entry, and tells it if people read it.
func (t *tarList) count(out Out) {
	if !t.entry.isFile() {
		return
	}
	t.files.Bytes += t.passed
	t.files.Listed = t.files.Bytes
	name, _ := tarText(t.entry.name)
	if t.passed > t.files.Most {
		t.files.Most, t.files.Largest = t.passed, string(name)
	}
	if t.keeps > 0 && media.IsPlain(t.kept[:min(len(t.kept), judged)]) {
		u := Unit{Kind: wire.KindText, Name: string(name), From: t.begun, To: t.ended, Size: t.entry.stored, Missing: t.content}
		if t.limits.Message > 0 {
			u.Data = t.kept
		}
		u.Cut = int64(len(u.Data)) < t.entry.stored
		out.Send(u)
	}
}

// cut ends the list within what follows a header.
func (t *tarList) cut(out Out) {
	if t.heads == 0 && t.content > 0 {
		t.count(out)
	}
	t.drop()
}

// drop forgets what was kept.
func (t *tarList) drop() {
	t.limits.Account.Give(t.keeps)
	t.keeps, t.kept = 0, nil
}

// sum tells what the archive has carried.
func (t *tarList) sum(out Out) {
	files := t.files
	out.Carried(&files)
}
