package subject

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// document reads a document of an exchange that has not failed.
func (r *Reader) document(m *wire.Message, x *wire.Exchange) {
	op := dockerapi.Named(x.Request.Call.Operation)
	if op == nil {
		return
	}
	name := op.Kin()
	switch {
	case m.Dir == wire.ToServer && m.Index == 0 && op.Tells&dockerapi.InRequest != 0: // what follows is nothing that a daemon reads
		r.wanted(op, name, read(m.Data), x)
	case m.Dir == wire.ToClient && op.Tells&dockerapi.InResponse != 0:
		r.told(op, name, m.Data, x)
	}
}

// wanted reads what a request wants to have made, or connected.
func (r *Reader) wanted(op *dockerapi.Operation, name string, f facts, x *wire.Exchange) {
	switch name {
	case "ContainerCreate":
		detail(x, "image", f.image)
	case "ContainerExec":
		detail(x, "cmd", f.command)
	case "NetworkConnect", "NetworkDisconnect":
		detail(x, "container", r.names.Title(f.container))
		return
	}
	if x.Subject.Type == "" && f.name != "" {
		x.Subject = wire.Subject{Type: op.Object(), Name: f.name}
	}
}

// told reads what a response tells.
func (r *Reader) told(op *dockerapi.Operation, name string, doc []byte, x *wire.Exchange) {
	if op.Lists() {
		for element := range jsontext.Elements(doc) {
			r.listed(op, read(element))
		}
		return
	}
	f := read(doc)
	switch name {
	case "ContainerWait":
		x.Outcome.Exit = f.status
		x.Outcome.Error = f.failure
	case "ExecInspect":
		r.names.put("exec", f.id, "", f.container)
		if f.container != "" && x.Subject.Container == "" {
			x.Subject.Container = r.names.Title(f.container)
		}
		if !f.running {
			x.Outcome.Exit = f.exit
		}
	case "ContainerExec":
		r.names.put("exec", f.id, "", firstOf(x.Subject.ID, x.Subject.Name))
	case "SystemEvents":
		r.happened(f)
	case "ImageCommit":
		r.names.put("image", f.id, imageOf(x), "")
	case "ImageBuild", "ImageCreate", "ImagePull", "ImagePush", "ImageLoad", "PluginPull", "PluginPush", "PluginUpgrade":
		if f.failure != "" {
			x.Outcome.Error = f.failure
		}
	default:
		r.object(op, f, x)
	}
}

// object reads what a response tells of what the exchange is about.
func (r *Reader) object(op *dockerapi.Operation, f facts, x *wire.Exchange) {
	s := &x.Subject
	if f.id == "" {
		return
	}
	s.Type, s.ID = op.Object(), f.id
	if s.Name == "" || s.Type != "image" && f.name != "" {
		s.Name = f.name
	}
	r.names.put(s.Type, s.ID, s.Name, "")
}

// listed notes an element of a list.
func (r *Reader) listed(op *dockerapi.Operation, f facts) { r.names.put(op.Object(), f.id, f.name, "") }

// happened notes what an event is about.
func (r *Reader) happened(f facts) {
	if f.typ == "" {
		return
	}
	if f.typ == "container" {
		r.names.put("exec", f.actor.exec, "", f.actor.id)
	}
	r.names.put(f.typ, f.actor.id, f.actor.name, "")
}

// imageOf returns the reference that a container is committed to.
func imageOf(x *wire.Exchange) string {
	_, query, _ := strings.Cut(x.Request.Target, "?")
	return reference(parameter(query, "repo"), parameter(query, "tag"))
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// failed reads why something has failed: the message of a document in the form of
// Docker, or the first line of a text.
func failed(m *wire.Message, x *wire.Exchange) {
	if x.Outcome.Error != "" {
		return
	}
	switch m.Kind {
	case wire.KindJSON:
		x.Outcome.Error = clip(read(m.Data).failure)
	case wire.KindText:
		line, _, _ := strings.Cut(strings.TrimSpace(string(m.Data[:min(len(m.Data), 4*maxText)])), "\n")
		if !strings.HasPrefix(line, "<") { // a page is not for people who look at a trace
			x.Outcome.Error = clip(strings.TrimSpace(line))
		}
	}
}

// number returns an integer; nil if value is none.
func number(value []byte) *int64 {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}
