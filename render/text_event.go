package render

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// happening is an event of the daemon, as far as people look at it.
//
//	event  +2.451 s  container create evt      image=busybox
//	event  +2.460 s  network connect none      container=evt
//	event  +3.012 s  container die evt         exitCode=137
type happening struct {
	typ, action string
	said        string // behind the action: the command of an exec, the health
	id, name    string
	more        [len(eventDetails)]string // of the actor, as in eventDetails
}

// eventDetails are the attributes that tell events apart which are about the same.
var eventDetails = [...]string{"image", "exitCode", "signal", "container", "oldName", "destination"}

// What has a place in eventDetails of its own.
const (
	eventImage     = 0 // told where something is made of it
	eventContainer = 3 // told by name
)

// maxActors bounds of how many objects that events are about the names are known:
// with more they are forgotten.
const (
	maxActors = 512
	maxActor  = 512 // bytes of an id and a name that are noted
)

// eventColumns is how many columns what has happened takes at least.
const eventColumns = 24

// isEvents says whether an exchange is a stream of events of the daemon.
func isEvents(x *wire.Exchange) bool {
	return x != nil && x.Request != nil && strings.HasPrefix(x.Request.Call.Operation, "SystemEvents")
}

// happened shows an event of the daemon in a line. It returns false if a message is
// none, or is to be shown in full.
func (t *text) happened(ev *wire.Message, x *wire.Exchange, at []byte) bool {
	if t.o.Bodies != BodiesShort || ev.Truncated || ev.Dir != wire.ToClient || !isEvents(x) {
		return false
	}
	h := readHappening(ev.Data)
	if h.typ == "" || h.action == "" {
		return false
	}
	t.noteActor(&h)
	t.labelAs(roleFaint, "event", at)
	t.labelGap()
	from := columns(t.line)
	t.text(plain, h.typ)
	t.own(plain, " ")
	t.text(roleOperation, h.action)
	t.own(plain, " ")
	t.text(plain, t.briefly(h.name))
	t.eventDetails(&h, from)
	t.end()
	return true
}

// eventDetails adds what tells an event from others, behind the columns that begin
// there.
func (t *text) eventDetails(h *happening, from int) {
	pad := max(eventColumns-(columns(t.line)-from), 0) + len(gap)
	if h.said != "" {
		t.spaces(pad)
		t.text(plain, t.briefly(h.said))
		pad = len(gap)
	}
	for i, value := range h.more {
		if value == "" || i == eventImage && h.action != "create" {
			continue
		}
		if name := t.actors[value]; i == eventContainer && name != "" {
			value = name
		}
		t.spaces(pad)
		t.own(roleFaint, eventDetails[i]+"=")
		t.text(plain, t.briefly(value))
		pad = len(gap)
	}
}

// noteActor notes what the object is called that an event is about, for events about
// others in which it takes part.
func (t *text) noteActor(h *happening) {
	if h.typ != "container" || h.id == "" || h.name == h.id || len(h.id)+len(h.name) > maxActor {
		return
	}
	if t.actors == nil || len(t.actors) >= maxActors {
		t.actors = make(map[string]string)
	}
	t.actors[h.id] = h.name
}

// readHappening reads an event; one without a type or an action is none.
func readHappening(doc []byte) (h happening) {
	for name, value := range jsontext.Members(doc) {
		switch string(name) {
		case `"Type"`:
			h.typ = unquoted(value)
		case `"Action"`:
			h.action, h.said, _ = strings.Cut(unquoted(value), ": ")
		case `"Actor"`:
			h.readActor(value)
		}
	}
	if h.name == "" || h.typ == "image" && !strings.HasPrefix(h.id, "sha256:") {
		h.name = h.id
	}
	return h
}

// readActor reads what an event is about.
func (h *happening) readActor(doc []byte) {
	for name, value := range jsontext.Members(doc) {
		switch string(name) {
		case `"ID"`:
			h.id = unquoted(value)
		case `"Attributes"`:
			for name, value := range jsontext.Members(value) {
				h.attribute(unquoted(name), unquoted(value))
			}
		}
	}
}

func (h *happening) attribute(name, value string) {
	if name == "name" {
		h.name = value
	}
	for i, detail := range eventDetails {
		if name == detail {
			h.more[i] = value
		}
	}
}

// unquoted returns what a string stands for; nothing if it is none.
func unquoted(value []byte) string {
	s, _ := jsontext.Unquote(value)
	return string(s)
}
