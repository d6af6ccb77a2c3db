package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// tarBody lists an archive as it goes by: each entry when its header has come, a few files
// that people read as text, and at the end the sum. All other content is skipped, and
// nothing is ever unpacked.
//
//	block ─► header ─► entry ─► content, padding ─► block …
//	           └─────► records of the next entry ──► block
//	block of zeros ─► block of zeros ─► behind the end
type tarBody struct {
	tarList
	apart   func(Limits) Content // makes what decodes what is no part of it
	head    held                 // the block in work, if it came in pieces
	more    bool                 // another block of GNU's map of holes follows
	zeros   int                  // blocks of zeros behind each other
	padding int64                // behind the content
}

// newTar returns what lists an archive. Of the files that reads names the text is told;
// what comes in its place, or behind it, apart makes something to decode it.
func newTar(l Limits, reads []string, apart func(Limits) Content) *tarBody {
	return &tarBody{tarList: tarList{limits: l, reads: reads}, apart: apart}
}

// ends is how many blocks of zeros an archive ends with.
const ends = 2

func (t *tarBody) Write(out Out, at window.Place, b []byte) {
	for len(b) > 0 && t.zeros < ends {
		n := len(b)
		switch {
		case !t.more && t.content > 0:
			n = int(min(t.content, int64(n)))
			t.pass(out, at, b[:n])
		case !t.more && t.padding > 0:
			n = int(min(t.padding, int64(n)))
			t.padding -= int64(n)
		default:
			n = min(n, tarBlock-len(t.head.Bytes()))
			if fault := t.piece(out, at, b[:n]); fault != "" {
				t.leave(out, fault, at.Plus(n), b[n:])
				return
			}
		}
		at, b = at.Plus(n), b[n:]
	}
	if t.zeros == ends {
		t.behind(out, at, b)
	}
}

// piece takes bytes of a block that is a header, or should be. It returns what is wrong
// with it: it is held then.
func (t *tarBody) piece(out Out, at window.Place, b []byte) (fault string) {
	if len(b) == tarBlock {
		if fault = t.block(out, at, at.Plus(tarBlock-1), b); fault != "" {
			t.head.Add(at, b)
		}
		return fault
	}
	t.head.Add(at, b)
	if len(t.head.Bytes()) < tarBlock {
		return ""
	}
	if fault = t.block(out, t.head.First(), at.Plus(len(b)-1), t.head.Bytes()); fault == "" {
		t.head = held{}
	}
	return fault
}

// block takes a block, which was seen from from to to.
func (t *tarBody) block(out Out, from, to window.Place, b []byte) (fault string) {
	switch {
	case t.more:
		t.more = b[504] != 0
		return ""
	case isZeros(b):
		t.zeros++
		return ""
	case t.zeros > 0:
		return "a block of zeros is among its headers"
	case !isTarHeader(b):
		return "the sum in a header is wrong"
	}
	h, ok := parseTar(b)
	if !ok || !t.header(out, h, from, to) {
		return "the size of an entry is no number, or out of bounds"
	}
	t.more = t.entry.hasMap(b)
	t.padding = -t.content & (tarBlock - 1)
	return ""
}

// leave ends the list where a block is no header: the rest is binary, behind which b
// follows. Only where JSON begins it is Docker's, which says why there is no more.
func (t *tarBody) leave(out Out, fault string, at window.Place, b []byte) {
	t.sum(out)
	if t.head.Bytes()[0] != '{' {
		t.notes.tell(out, t.head.First().Off, anomaly.BadArchive, fault)
		out.Become(nil)
		return
	}
	p := place{out, t.head.handTo(out, t.apart(t.limits))}
	if p.Content != nil && len(b) > 0 {
		p.Write(&p, at, b)
	}
}

// behind takes what follows the end: zeros, of which there may be any number, or what
// is no part of the archive.
func (t *tarBody) behind(out Out, at window.Place, b []byte) {
	n := zeros(b)
	if n == len(b) {
		return
	}
	if at = at.Plus(n); b[n] != '{' {
		t.notes.tell(out, at.Off, anomaly.BadArchive, "something follows its end")
	}
	t.sum(out)
	p := place{out, t.apart(t.limits)}
	out.Become(p.Content)
	p.Write(&p, at, b[n:])
}

// Close is the end of the body.
func (t *tarBody) Close(out Out, how End) {
	part := t.head.Bytes()
	if len(part) > 0 && part[0] == '{' {
		t.sum(out)
		if next := t.head.handTo(out, t.apart(t.limits)); next != nil {
			next.Close(out, how)
		}
		return
	}
	if how == Ended {
		t.missing(out)
	}
	t.cut(out)
	t.sum(out)
}

// missing tells what the archive ends within, if it does not end between entries.
func (t *tarBody) missing(out Out) {
	switch {
	case t.content > 0 && !t.more:
		t.notes.tell(out, t.from.Off, anomaly.BadArchive, "it ends within an entry: "+anomaly.Missing(t.content, "that"))
	case len(t.head.Bytes()) > 0:
		t.notes.tell(out, t.head.First().Off, anomaly.BadArchive, "it ends within a header")
	case t.more:
		t.notes.tell(out, t.from.Off, anomaly.BadArchive, "it ends within the map of a file with holes")
	}
}
