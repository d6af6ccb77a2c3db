package subject

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// document reads a document of an exchange that has not failed.
func (d daemon) document(m *wire.Message, x *wire.Exchange) {
	op := dockerapi.Named(x.Request.Call.Operation)
	if op == nil {
		return
	}
	name := op.Kin()
	switch {
	case m.Dir == wire.ToServer && m.Index == 0 && op.Tells&dockerapi.InRequest != 0: // what follows is nothing that a daemon reads
		d.wanted(op, name, read(m.Data), x)
	case m.Dir == wire.ToClient && op.Tells&dockerapi.InResponse != 0:
		d.told(op, name, m.Data, x)
	}
}

// wanted reads what a request wants to have made, or connected.
func (d daemon) wanted(op *dockerapi.Operation, name string, f facts, x *wire.Exchange) {
	switch name {
	case "ContainerCreate":
		detail(x, "image", f.image)
	case "ContainerExec":
		detail(x, "cmd", f.command)
	case "NetworkConnect", "NetworkDisconnect":
		detail(x, "container", d.Title(f.container))
		return
	}
	if x.Subject.Type == "" && f.name != "" && op.Object() != "" {
		x.Subject = wire.Subject{Type: op.Object(), Name: f.name}
	}
}

// told reads what a response tells.
func (d daemon) told(op *dockerapi.Operation, name string, doc []byte, x *wire.Exchange) {
	if op.Lists() {
		for element := range jsontext.Elements(doc) {
			d.listed(op, read(element))
		}
		return
	}
	f := read(doc)
	switch name {
	case "ContainerWait":
		x.Outcome.Exit = f.status
		x.Outcome.Error = f.failure
	case "ExecInspect":
		d.put("exec", f.id, "", f.container)
		if f.container != "" && x.Subject.Container == "" {
			x.Subject.Container = d.Title(f.container)
		}
		if !f.running {
			x.Outcome.Exit = f.exit
		}
	case "ContainerExec":
		d.put("exec", f.id, "", firstOf(x.Subject.ID, x.Subject.Name))
	case "SystemEvents":
		d.happened(f)
	case "ImageCommit":
		d.put("image", f.id, imageOf(x), "")
	case "ImageBuild", "ImageCreate", "ImagePull", "ImagePush", "ImageLoad", "PluginPull", "PluginPush", "PluginUpgrade":
		if f.failure != "" {
			x.Outcome.Error = f.failure
		}
	default:
		d.inspected(op, f, x)
	}
}

// inspected reads what a response tells of what the exchange is about.
func (d daemon) inspected(op *dockerapi.Operation, f facts, x *wire.Exchange) {
	s := &x.Subject
	switch {
	case f.id != "":
	case op.Object() == "volume" && f.name != "": // which has no id
		*s = d.about("volume", f.name)
		return
	default:
		return
	}
	s.Type, s.ID = op.Object(), f.id
	if f.tagged && f.name == "" {
		d.untag(f.id)
	}
	switch called := x.Request.Call.Subject; {
	case s.Type == "image" && called != "" && !isPart(called, f.id): // one of several names
		s.Name = called
		d.put(s.Type, s.ID, f.name, "")
		d.tag(s.ID, called)
		return
	case f.name != "" || f.tagged || s.Type == "image" && isPart(s.Name, f.id):
		s.Name = f.name
	}
	d.put(s.Type, s.ID, s.Name, "")
}

// listed notes an element of a list.
func (d daemon) listed(op *dockerapi.Operation, f facts) {
	if f.tagged && f.name == "" {
		d.untag(f.id)
	}
	d.put(op.Object(), f.id, f.name, "")
}

// happened notes what an event is about.
func (d daemon) happened(f facts) {
	s := wire.Subject{Type: f.typ, ID: f.actor.id, Name: f.actor.name}
	if isID(s.Name) {
		s.Name = ""
	}
	switch f.action {
	case "untag", "delete":
		if s.Type == "image" {
			d.untag(firstOf(s.Name, s.ID))
			return
		}
	case "destroy":
		d.free(s)
		return
	}
	if s.Type == "" {
		return
	}
	if s.Type == "container" {
		d.put("exec", f.actor.exec, "", s.ID)
	}
	d.put(s.Type, s.ID, s.Name, "")
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
