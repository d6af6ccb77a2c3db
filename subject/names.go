package subject

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// put notes that an id is of something with this name, or, of an exec instance, in
// this container. An empty name says nothing new.
func (d daemon) put(typ, id, name, container string) {
	if id == "" || len(id) > maxID {
		return
	}
	name = clip(name)
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.object(typ, id)
	if o.typ == typ && o.name == name && o.container == container {
		return
	}
	if name != "" && typ != "image" || typ != o.typ {
		d.unname(o)
	}
	o.typ = typ
	if name != "" {
		o.name = name
		d.lead(o, name)
	}
	if container != "" {
		o.container = container
	}
}

// object returns what has this id, which may be the beginning of one that is known, or
// go on behind one that is.
func (d daemon) object(typ, id string) *object {
	if o := d.known[key{d.at, id}]; o != nil {
		return o
	}
	if typ != "container" || !isID(id) {
		return d.add(id)
	}
	if o := d.begins(typ, id, id); o != nil {
		return o
	}
	for _, o := range d.begin[beginning(id)] {
		if o.at == d.at && o.typ == typ && isID(o.id) && strings.HasPrefix(id, o.id) {
			delete(d.known, o.key)
			o.id = strings.Clone(id)
			d.known[o.key] = o
			return o
		}
	}
	return d.add(id)
}

// tag gives an image one more reference.
func (d daemon) tag(id, reference string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.known[key{d.at, id}]
	if o == nil || o.typ != "image" || reference == "" {
		return
	}
	reference = clip(reference)
	d.lead(o, reference)
	if o.name == "" {
		o.name = reference
	}
}

// untag takes a reference from the image that it leads to; or all of them, if that has
// this id.
func (d daemon) untag(called string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.find("image", called)
	if o == nil {
		return
	}
	if reference := full("image", clip(called)); d.byName[nameKey{d.at, "image", reference}] == o {
		d.lose(o, reference)
		if full("image", o.name) != reference {
			return
		}
	} else {
		d.unname(o)
	}
	o.name = ""
	if len(o.called) > 0 {
		o.name = o.called[0]
	}
}

// free notes that what was called so is there no more: its name may be given to
// another, though people go on to speak of it.
func (d daemon) free(s wire.Subject) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := d.byName[nameKey{d.at, s.Type, s.Name}]; o != nil && o.id == s.ID {
		d.lose(o, s.Name)
	}
}

// about returns what is known of something that a request calls so: by its id, the
// beginning of that, or its name.
func (d daemon) about(typ, called string) wire.Subject {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.find(typ, called)
	switch {
	case o == nil && isID(called):
		return wire.Subject{Type: typ, ID: called}
	case o == nil && typ == "exec":
		return wire.Subject{Type: typ, ID: called}
	case o == nil:
		return wire.Subject{Type: typ, Name: called}
	}
	s := wire.Subject{Type: typ, ID: o.id, Name: o.name}
	if typ == "image" && !isPart(called, o.id) {
		s.Name = called // one of several
	}
	if o.container != "" {
		s.Container = d.title(o.container)
	}
	return s
}

// isPart says whether called is an id, or where it begins, with or without what image
// ids have before them.
func isPart(called, id string) bool {
	return called != "" && (strings.HasPrefix(id, called) || strings.HasPrefix(strings.TrimPrefix(id, "sha256:"), called))
}

// find returns what a request calls so; nil if it is not known.
func (d daemon) find(typ, called string) *object {
	if o := d.known[key{d.at, called}]; o != nil && o.typ == typ {
		return o
	}
	if o := d.byName[nameKey{d.at, typ, full(typ, called)}]; o != nil {
		return o
	}
	if typ == "image" && !strings.Contains(called, ":") {
		if o := d.known[key{d.at, "sha256:" + called}]; o != nil {
			return o
		}
		if o := d.begins(typ, "sha256:"+called, called); o != nil {
			return o
		}
	}
	return d.begins(typ, called, called)
}

// title returns the name of a container, or its id as it is if that is not known.
func (d daemon) title(container string) string {
	if o := d.find("container", container); o != nil && o.name != "" {
		return o.name
	}
	return container
}

// Title is title for others.
func (d daemon) Title(container string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.title(container)
}
