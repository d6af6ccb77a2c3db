package render

import (
	"strconv"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// Columns in which what stands before the name of an entry ends.
const (
	kindColumns = 4
	sizeColumns = kindColumns + len(" 0644 ") + len("46.1 MB ")
)

// listsEntries says whether entries of an archive were told in x.
func listsEntries(x *wire.Exchange) bool { return x != nil && x.Streams[wire.KindEntry].Frames > 0 }

// entry shows an entry of an archive on one line. Where bodies are short, the first
// entries are enough.
//
//	file 0644    120 B  Dockerfile
//	dir  0755           src/
//	link 0777           bin/sh → busybox
func (t *text) entry(ev *wire.Message, x *wire.Exchange) {
	if t.o.Bodies == BodiesShort && x != nil && x.Streams[wire.KindEntry].Frames > shownLines {
		return
	}
	e, ok := readEntry(ev.Data)
	if !ok {
		t.label(ev, nil)
		t.bytes(ev.Data, ev.Masked)
		return
	}
	t.data(roleFaint, e.kind)
	t.until(kindColumns, 1)
	t.data(roleFaint, e.mode)
	if e.size > 0 {
		var b [32]byte
		size := appendSize(b[:0], e.size)
		t.until(sizeColumns-len(size)-1, 1)
		t.own(plain, string(size))
	}
	t.until(sizeColumns, 2)
	t.data(plain, e.name)
	if len(e.link) > 0 {
		t.own(roleFaint, " → ")
		t.data(plain, e.link)
	}
	t.end()
}

// until goes to a column, and least spaces behind it; as many where that is passed.
func (t *text) until(column, least int) { t.spaces(max(column-columns(t.line), 0) + least) }

// entry is what is shown of an entry.
type entry struct {
	kind, mode, name, link []byte
	size                   int64
}

// readEntry reads an entry as decoders write it. Parts may be masked.
func readEntry(doc []byte) (e entry, ok bool) {
	if len(doc) == 0 || doc[0] != '{' {
		return e, false
	}
	for key, value := range jsontext.Members(doc) {
		switch string(key) {
		case `"type"`:
			e.kind, ok = jsontext.Unquote(value)
		case `"mode"`:
			e.mode, _ = jsontext.Unquote(value)
		case `"name"`:
			e.name, _ = jsontext.Unquote(value)
		case `"link"`:
			e.link, _ = jsontext.Unquote(value)
		case `"size"`:
			e.size, _ = strconv.ParseInt(string(value), 10, 64)
		}
	}
	return e, ok
}

// file shows the text of a file in an archive, behind its name.
func (t *text) file(ev *wire.Message) {
	t.text(roleKey, ev.Name)
	t.own(roleFaint, ":")
	t.end()
	if !t.short() { // else a document is inset anyway
		prefix, before := len(t.prefix), t.before
		t.inset(inset)
		defer func() { t.prefix, t.before = t.prefix[:prefix], before }()
	}
	t.document(func() int { t.lines(ev.Data); return 0 })
}

// archive ends the list of the entries of an archive.
func (t *text) archive(ev *wire.Body, x *wire.Exchange) {
	if f := ev.Files; f != nil && x != nil && t.o.Bodies == BodiesShort {
		if more := f.Files + f.Others - shownLines; more > 0 && listsEntries(x) {
			t.own(roleFaint, "… "+strconv.FormatInt(more, 10)+" more "+plural.Word(more, "entry")+" (--bodies full)")
			t.end()
		}
	}
	if ev.Files == nil || !t.short() {
		t.binary(ev)
	}
	t.files(ev)
}

// files shows what an archive, or a transfer of files, has carried, in sum.
func (t *text) files(ev *wire.Body) {
	f := ev.Files
	if f == nil {
		return
	}
	what := f.Role
	switch {
	case what != "":
	case ev.Content == wire.KindGRPC:
		what = "files"
	default:
		what = "archive"
	}
	t.text(roleKey, what)
	t.own(roleFaint, ": ")
	t.own(plain, plural.Of(f.Files, "file")+", ")
	t.carried(f)
	if f.Files > 1 && f.Largest != "" {
		t.own(roleFaint, "; largest: ")
		t.text(plain, f.Largest)
		t.own(plain, " ")
		t.size(plain, f.Most)
	}
	t.end()
}
