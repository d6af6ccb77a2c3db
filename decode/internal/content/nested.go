package content

import (
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// chooser returns what decodes a part of type t, which is depth deep in others.
type chooser func(t media.Type, depth int) Content

// nested is where a content is that another one gives its bytes to: a part of a
// body, or all of it in another form. It is the Out of that content.
type nested struct {
	out     Out     // of the outer one; set with each call
	content Content // nil: nobody wants to know more
	name    string  // of the part
	all     bool    // it is all there is of the body: what it is found to be, the body is
	fixed   bool    // bytes have no places of their own: all are where the first is
	off     int64   // that place
	sent    bool    // something was
}

// Write gives it bytes.
func (n *nested) write(out Out, at window.Place, b []byte) {
	if n.out = out; n.content != nil && len(b) > 0 {
		n.content.Write(n, at, b)
	}
}

// close ends it.
func (n *nested) close(out Out, how End) {
	if n.out = out; n.content != nil {
		n.content.Close(n, how)
		n.content = nil
	}
}

func (n *nested) place(p window.Place) window.Place {
	if n.fixed {
		p.Off = n.off
	}
	return p
}

// Send sends u as a part.
func (n *nested) Send(u Unit) {
	n.sent = true
	u.From, u.To = n.place(u.From), n.place(u.To)
	switch {
	case n.name == "":
	case u.Name == "":
		u.Name = n.name
	default:
		u.Name = n.name + "/" + u.Name
	}
	n.out.Send(u)
}

// Anomaly reports what is wrong.
func (n *nested) Anomaly(off int64, code, detail string) {
	if n.fixed {
		off = n.off
	}
	n.out.Anomaly(off, code, detail)
}

// Become puts c in the place of the content.
func (n *nested) Become(c Content) { n.content = c }

// Found tells what the body is, if this is all of it.
func (n *nested) Found(kind wire.Kind, reason string) {
	if n.all {
		n.out.Found(kind, reason)
	}
}

// Kept returns nothing: what the body keeps is not what comes here.
func (n *nested) Kept() []byte { return nil }

// Carried says what files the body has carried, if this is all of it.
func (n *nested) Carried(f *wire.Files) {
	if n.all {
		n.out.Carried(f)
	}
}

// Document shows a whole JSON value.
func (n *nested) Document(doc []byte) { n.out.Document(doc) }

// begun is how much of a binary part is told, in bytes.
const begun = 64

// beginning tells how a binary part begins, and its size, when it has ended: of a
// body that is known without it.
type beginning struct {
	name     string // what it is
	size     int64
	from, to window.Place
	b        []byte
}

func (p *beginning) Write(_ Out, at window.Place, b []byte) {
	if p.size == 0 {
		p.from = at
	}
	p.size += int64(len(b))
	p.to = at.Plus(len(b) - 1)
	p.b = append(p.b, b[:min(len(b), begun-len(p.b))]...)
}

func (p *beginning) Close(out Out, _ End) {
	if p.size > 0 {
		out.Send(Unit{Kind: wire.KindRaw, Name: p.name, From: p.from, To: p.to, Data: p.b, Size: p.size, Cut: int64(len(p.b)) < p.size})
	}
}
