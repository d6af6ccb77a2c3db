package audit

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// param is what a request says that people ask for when they look back.
type param struct {
	name  string
	value string
	list  []string // in the place of value
}

const (
	// maxParams bounds how many are kept of a request, maxList how many elements a list
	// has, maxText how long each may be, in bytes.
	maxParams = 16
	maxList   = 16
	maxText   = 256
	// maxSize bounds all of a request, in bytes.
	maxSize = 4 << 10
)

// sizeOf returns how much memory parameters hold, roughly, in bytes.
func sizeOf(all []param) (n int) {
	for i := range all {
		n += 64 + len(all[i].value)
		for _, s := range all[i].list {
			n += 16 + len(s)
		}
	}
	return n
}

// told are the members of documents that are told, by their folded names; those that
// others are in end in a dot.
var told = map[string]string{
	"image": "image", "entrypoint": "entrypoint", "cmd": "command", "user": "user", "tty": "tty",
	"hostconfig.binds": "binds", "hostconfig.networkmode": "network", "hostconfig.privileged": "privileged",
	"hostconfig.mounts": "mounts", "hostconfig.capadd": "cap_add", "hostconfig.pidmode": "pid",
	"driver": "driver", "driveropts.device": "device", "driveropts.o": "options", "container": "container",
	"tasktemplate.containerspec.image": "image", "tasktemplate.containerspec.mounts": "mounts",
	"privileged": "privileged", "command": "command", "mounts": "mounts", "cap_add": "cap_add",
	"entitlements": "entitlements", "ref": "ref",
}

// read adds what a document tells.
func read(all []param, doc []byte, in string, deep int) []param {
	for name, value := range jsontext.Members(doc) {
		s, _ := jsontext.Unquote(name)
		key := in + strings.ToLower(string(s))
		if called := told[key]; called != "" && len(all) < maxParams {
			if more := add(all, called, value); sizeOf(more) <= maxSize {
				all = more
			}
		} else if called == "" && deep < 3 && len(value) > 0 && value[0] == '{' {
			all = read(all, value, key+".", deep+1)
		}
	}
	return all
}

// add adds a value, if it says something.
func add(all []param, name string, value []byte) []param {
	p := param{name: name}
	switch {
	case len(value) == 0, string(value) == "null", string(value) == "false":
		return all
	case value[0] == '"':
		s, _ := jsontext.Unquote(value)
		if p.value = clip(string(s), maxText); p.value == "" {
			return all
		}
	case value[0] == '[':
		for element := range jsontext.Elements(value) {
			if len(p.list) == maxList {
				p.list = append(p.list, "…")
				break
			}
			p.list = append(p.list, inWords(element))
		}
		if len(p.list) == 0 {
			return all
		}
	case value[0] == '{':
		return all
	default:
		p.value = clip(string(value), maxText)
	}
	return append(all, p)
}

// inWords returns an element of a list in words: of a mount what it mounts where.
func inWords(value []byte) string {
	if s, ok := jsontext.Unquote(value); ok {
		return clip(string(s), maxText)
	}
	var typ, source, target string
	for name, v := range jsontext.Members(value) {
		s, _ := jsontext.Unquote(v)
		n, _ := jsontext.Unquote(name)
		switch strings.ToLower(string(n)) {
		case "type":
			typ = string(s)
		case "source":
			source = string(s)
		case "target", "destination":
			target = string(s)
		}
	}
	if typ+source+target == "" {
		return clip(string(value), maxText)
	}
	return clip(strings.TrimSpace(typ+" "+source+":"+target), maxText)
}

// writeParams writes what a request tells: details of it, then what its document says. A
// name comes once.
func writeParams(w *jsontext.Writer, details []wire.Detail, params []param) {
	if len(details)+len(params) == 0 {
		return
	}
	w.Open("parameters", '{')
	var seen []string
	first := func(name string) bool {
		for _, s := range seen {
			if s == name {
				return false
			}
		}
		seen = append(seen, name)
		return true
	}
	for _, p := range params {
		switch {
		case !first(p.name):
		case p.list != nil:
			w.Strings(p.name, p.list)
		default:
			w.String(p.name, p.value)
		}
	}
	for i, d := range details {
		name := clip(d.Name, maxName)
		if i == maxParams {
			break
		}
		if name != "" && name != "cmd" && plain(name) && first(name) {
			w.String(name, clip(d.Value, maxText))
		}
	}
	w.Close('}')
}

// plain reports whether a name needs no escaping as a key.
func plain(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}
