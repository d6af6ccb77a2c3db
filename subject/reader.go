// Package subject reads what exchanges with a Docker daemon are about, and what
// became of them: which container, by its name, and why it failed. What tells
// that are paths, queries and a few members of the documents of the Docker Engine
// API; dockerapi says which documents these are.
package subject

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Reader knows the names that it has read. Its methods may be called concurrently
// for exchanges of different connections.
type Reader struct{ names names }

// NewReader returns a Reader that knows no names.
func NewReader() *Reader { return new(Reader) }

// Learn adds to x what ev, an event of it, tells. Both are behind the redactor: what
// is read is what may be shown. It is what flow.Options.Learn is for.
func (r *Reader) Learn(ev wire.Event, x *wire.Exchange) {
	d := daemonOf(&r.names, ev.EventMeta().Conn)
	switch ev := ev.(type) {
	case *wire.Request:
		if op := dockerapi.Named(ev.Call.Operation); op != nil {
			d.asked(op, ev, x)
		}
		d.calls(ev, x)
	case *wire.Message:
		switch {
		case ev.Dir == wire.ToClient && x.Response != nil && x.Response.Status >= 400:
			failed(ev, x)
		case ev.Kind == wire.KindJSON && x.Request != nil:
			d.document(ev, x)
		case ev.Kind == wire.KindGRPC:
			d.message(ev, x)
			stepFailed(ev, x)
		}
	case *wire.Exchange:
		called(x)
		unheard(x)
		d.ended(x)
	}
}

// Container returns the name of a container of the daemon that serves a connection, by its
// id; empty if it is not known.
func (r *Reader) Container(c *wire.Conn, id string) string {
	d := daemonOf(&r.names, c)
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := d.find("container", id); o != nil {
		return o.name
	}
	return ""
}

// asked reads the line of a request.
func (d daemon) asked(op *dockerapi.Operation, q *wire.Request, x *wire.Exchange) {
	_, query, _ := strings.Cut(q.Target, "?")
	name := op.Kin()
	known := q.Call.Subject
	if param := named[name]; param != "" {
		known = parameter(query, param)
	}
	switch name {
	case "ImageCreate":
		known = reference(known, parameter(query, "tag"))
	case "ContainerRename":
		detail(x, "to", parameter(query, "name"))
	case "ImageTag":
		detail(x, "to", reference(parameter(query, "repo"), parameter(query, "tag")))
	case "ContainerKill":
		detail(x, "signal", parameter(query, "signal"))
	case "ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive":
		detail(x, "path", parameter(query, "path"))
	case "ImageCommit":
		detail(x, "image", reference(parameter(query, "repo"), parameter(query, "tag")))
	}
	filters(x, parameter(query, "filters"))
	switch {
	case known == "" || op.Object() == "":
	case makes[name]: // what has that name now is another
		x.Subject = wire.Subject{Type: op.Object(), Name: clip(known)}
	default:
		x.Subject = d.about(op.Object(), clip(known))
	}
}

// makes are the operations that make something with the name that they tell.
var makes = map[string]bool{
	"ContainerCreate": true, "ImageCreate": true, "ImagePull": true, "ImageBuild": true, "PluginPull": true, "PluginCreate": true, "SecretCreate": true,
}

// named are the parameters of queries that name what an operation is about, where
// its path does not.
var named = map[string]string{
	"ContainerCreate": "name", "ImageCommit": "container", "ImageCreate": "fromImage", "ImagePull": "reference", "ImageBuild": "t",
	"ImageGetAll": "names", "PluginPull": "remote", "PluginCreate": "name", "SecretCreate": "name",
}

// reference returns the reference of an image: what follows a digest or a tag.
func reference(image, tag string) string {
	switch {
	case image == "" || tag == "":
		return image
	case strings.Contains(tag, ":"): // a digest
		return image + "@" + tag
	}
	return image + ":" + tag
}

// detail adds a property to x, if it has a value.
func detail(x *wire.Exchange, name, value string) {
	if value != "" {
		x.Details = append(x.Details, wire.Detail{Name: name, Value: clip(value)})
	}
}

// maxText bounds what is kept of a name or a message, in bytes.
const maxText = 512

// clip returns s, or its beginning if it is too long to be kept.
func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// unheard forgets what a daemon said of itself to a client that had left: why it does
// not go on.
func unheard(x *wire.Exchange) {
	o := &x.Outcome
	if !o.Left || x.State != wire.StateDone || x.Upgrade != nil {
		return
	}
	o.Error = ""
	if o.Exit != nil && *o.Exit < 0 {
		o.Exit = nil
	}
}

// ended notes what an exchange that went well has changed. Names that were not known
// when it began may be by now.
func (d daemon) ended(x *wire.Exchange) {
	if s := &x.Subject; s.Name == "" && s.ID != "" {
		s.Name = d.about(s.Type, s.ID).Name
	}
	if x.Request == nil || x.Response == nil {
		return
	}
	name := dockerapi.Named(x.Request.Call.Operation).Kin()
	switch status := x.Response.Status; {
	case status == 404:
		d.missed(x)
	case status/100 == 2:
		d.changed(name, x)
	}
}

// missed forgets what a name led to that the daemon does not know.
func (d daemon) missed(x *wire.Exchange) {
	s := &x.Subject
	called := x.Request.Call.Subject
	if s.ID == "" || isPart(called, s.ID) || !strings.HasPrefix(strings.ToLower(x.Outcome.Error), "no such "+s.Type) {
		return
	}
	d.gone(*s, called)
	s.ID, s.Name = "", called
}

// changed notes what an exchange that went well has changed.
func (d daemon) changed(name string, x *wire.Exchange) {
	_, query, _ := strings.Cut(x.Request.Target, "?")
	switch name {
	case "ContainerRename":
		d.put("container", x.Subject.ID, parameter(query, "name"), "")
	case "ContainerDelete", "NetworkDelete", "ImageDelete":
		d.gone(x.Subject, x.Request.Call.Subject)
	case "ContainerWait":
		if x.Outcome.Exit != nil && x.Outcome.Error == "" && parameter(query, "condition") == "removed" {
			d.free(x.Subject)
		}
	case "ImageTag":
		d.tag(x.Subject.ID, reference(parameter(query, "repo"), parameter(query, "tag")))
	}
}

// gone notes that there is nothing any more that a request called so.
func (d daemon) gone(s wire.Subject, called string) {
	if s.Type == "image" {
		d.untag(called)
	} else {
		d.free(s)
	}
}
