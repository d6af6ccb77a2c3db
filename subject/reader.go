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
	switch ev := ev.(type) {
	case *wire.Request:
		if op := dockerapi.Named(ev.Call.Operation); op != nil {
			r.asked(op, ev, x)
		}
	case *wire.Message:
		switch {
		case ev.Dir == wire.ToClient && x.Response != nil && x.Response.Status >= 400:
			failed(ev, x)
		case ev.Kind == wire.KindJSON && x.Request != nil:
			r.document(ev, x)
		}
	case *wire.Exchange:
		called(x)
		r.ended(x)
	}
}

// asked reads the line of a request.
func (r *Reader) asked(op *dockerapi.Operation, q *wire.Request, x *wire.Exchange) {
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
	}
	if known != "" && op.Object() != "" {
		x.Subject = r.names.about(op.Object(), clip(known))
	}
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

// ended notes what an exchange that went well has changed. Names that were not known
// when it began may be by now.
func (r *Reader) ended(x *wire.Exchange) {
	if s := &x.Subject; s.Name == "" && s.ID != "" {
		s.Name = r.names.about(s.Type, s.ID).Name
	}
	if x.Request == nil || x.Response == nil || x.Response.Status/100 != 2 {
		return
	}
	switch dockerapi.Named(x.Request.Call.Operation).Kin() {
	case "ContainerRename":
		_, query, _ := strings.Cut(x.Request.Target, "?")
		r.names.put("container", x.Subject.ID, parameter(query, "name"), "")
	case "ContainerDelete", "NetworkDelete":
		r.names.free(x.Subject)
	}
}
