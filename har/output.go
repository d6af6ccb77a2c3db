package har

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// output is where the entries of a Writer go: a stream, or a file after the
// other. It is what the Writer's spool writes to: a unit is an entry, which
// begins with a comma and a line feed, or nothing, which has the tail brought up
// to date.
type output struct {
	o    Options
	name string // "": it is a stream

	// What follows belongs to whoever the spool lets write.
	doc    medium
	tail   []byte
	inFile int64 // entries of the current file

	mu      sync.Mutex // guards what follows; never held while something is written
	pages   pages
	opens   []*provisional
	dirty   bool // tail is not what it should be
	entries int64
	before  int64 // entries of the files before the current one
	files   []string
}

// provisional is the entry of an exchange that is still open, in the tail.
type provisional struct{ entry []byte }

// header is a unit that begins a document.
type header struct{}

// begin opens the next file.
func (d *output) begin() error {
	d.mu.Lock()
	name := fileName(d.name, len(d.files)+1)
	d.mu.Unlock()
	doc, err := d.open(name)
	if err != nil {
		return err
	}
	d.doc = doc
	d.mu.Lock()
	d.files = append(d.files, name)
	d.before = d.entries
	d.mu.Unlock()
	if _, ok := doc.(*stream); ok {
		return nil // the spool writes its header
	}
	if err := d.header(); err != nil {
		doc.abandon()
		return err
	}
	return nil
}

// open opens the file called name.
func (d *output) open(name string) (medium, error) {
	zip := strings.HasSuffix(name, ".gz")
	if d.o.Late {
		if file, ok := openfile.Succeed(name); ok {
			return newAside(file, zip, d.o.MaxSize > 0), nil
		}
	}
	f, err := openfile.Create(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		return newStream(f, f), nil
	case zip:
		var doc *gzipFile
		if doc, err = newGzipFile(f); err == nil {
			return doc, nil
		}
	default:
		return &plainFile{f: f, limit: d.o.MaxSize}, nil
	}
	f.Close()
	return nil, err
}

// fileName returns the name of the nth file.
func fileName(name string, n int) string {
	if n == 1 {
		return name
	}
	stem, zip := name, ""
	if strings.HasSuffix(stem, ".gz") {
		stem, zip = strings.TrimSuffix(stem, ".gz"), ".gz"
	}
	ext := filepath.Ext(stem)
	return strings.TrimSuffix(stem, ext) + "." + strconv.Itoa(n) + ext + zip
}

// header writes the beginning of a document.
func (d *output) header() error {
	version := d.o.Version
	if version == "" {
		version = "unknown"
	}
	o := newObject(`{"log":{"version":"1.2","creator":{"name":"` + creatorName + `"`)
	o.String("version", version)
	o.B = append(o.B, `},"entries":[`...)
	d.inFile = 0
	d.mu.Lock()
	d.appendTail(d.opens)
	d.mu.Unlock()
	return d.doc.extend(o.B, d.tail, true)
}

// Write writes a unit. Of an entry, Of is the provisional one whose place it
// takes.
func (d *output) Write(u spool.Unit) error {
	if err := d.write(u); err != nil {
		return fmt.Errorf("har: %w", err)
	}
	return nil
}

func (d *output) write(u spool.Unit) error {
	switch of := u.Of.(type) {
	case header:
		return d.header()
	case *provisional:
		d.drop(of)
	}
	if len(u.Data) == 0 {
		return d.refresh()
	}
	if d.o.MaxSize > 0 && d.doc.size()+int64(len(u.Data)+len(d.tail)) > d.o.MaxSize && d.inFile > 0 && d.name != "" {
		if err := d.rotate(); err != nil {
			return err
		}
	}
	return d.append(u.Data, u.N)
}

// append writes an entry, which counts as n: the mark of a gap is none.
func (d *output) append(entry []byte, n int) error {
	first := d.inFile == 0
	if first {
		entry = entry[1:] // without the comma
	}
	d.inFile++
	if err := d.doc.extend(entry, d.tail, d.makeTail(first)); err != nil {
		d.inFile--
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries += int64(n)
	return nil
}

// refresh brings the tail up to date.
func (d *output) refresh() error {
	if !d.makeTail(false) {
		return nil
	}
	return d.doc.extend(nil, d.tail, true)
}

// rotate ends the file and begins the next. A stream has no end before its last.
func (d *output) rotate() error {
	if _, ok := d.doc.(*stream); ok {
		return nil
	}
	d.makeLastTail()
	if err := d.doc.finish(d.tail); err != nil {
		return err
	}
	return d.begin()
}

// Close ends the document, as well as it can after an error.
func (d *output) Close() error {
	d.makeLastTail()
	err := d.doc.finish(d.tail)
	if err == nil {
		return nil
	}
	if errors.As(err, new(*openfile.KeptError)) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.files = d.files[:len(d.files)-1]
		d.entries = d.before
	}
	return fmt.Errorf("har: %w", err)
}

// makeTail makes what completes the document, if that is not what it was, and
// reports whether it did. first says that the entry before it is the first.
func (d *output) makeTail(first bool) (changed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.dirty && !(first && len(d.opens) > 0) {
		return false
	}
	d.appendTail(d.opens)
	return true
}

// makeLastTail makes a tail without provisional entries.
func (d *output) makeLastTail() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appendTail(nil)
}

// appendTail makes the tail: provisional entries and pages. The time of a
// client's page is known only when it has one, so pages come last. d.mu is held.
func (d *output) appendTail(opens []*provisional) {
	t := d.tail[:0]
	for i, p := range opens {
		entry := p.entry
		if i == 0 && d.inFile == 0 {
			entry = entry[1:]
		}
		t = append(t, entry...)
	}
	t = append(t, "\n],"...)
	t = d.pages.append(t)
	d.tail = append(t, "}}\n"...)
	d.dirty = false
}

// page returns the id of the page of c.
func (d *output) page(c *wire.Conn) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, added := d.pages.of(c)
	d.dirty = d.dirty || added
	return id
}

// put makes entry the provisional one p, which may be new, unless there is no
// room for it.
func (d *output) put(p *provisional, entry []byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	room := maxProvisional
	for _, o := range d.opens {
		if o != p {
			room -= len(o.entry)
		}
	}
	if len(entry) > room {
		return false
	}
	if p.entry == nil {
		d.opens = append(d.opens, p)
	}
	p.entry = entry
	d.dirty = true
	return true
}

// drop takes p, which may be nil, out of the tail.
func (d *output) drop(p *provisional) {
	if p == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.opens)
	d.opens = slices.DeleteFunc(d.opens, func(o *provisional) bool { return o == p })
	d.dirty = d.dirty || len(d.opens) < n
}
