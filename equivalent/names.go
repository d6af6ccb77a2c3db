package equivalent

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// Names are what calls call the things that they make: containers, exec instances,
// networks. A daemon gives these an id, so that a call which names one by the id of the
// trace finds none. With Names, the call that makes a thing puts its id into a variable,
// and those after it have that in the place of the one in the trace. The zero value is
// ready; it is not for several goroutines at once.
type Names struct {
	things map[string]*thing // by the beginnings of their ids
	oldest []string          // their keys, in the order in which they were made
	made   map[string]int    // how many of each kind
	starts map[string]attachment
}

// attachment is what the docker CLI attaches to when it starts a container.
type attachment struct {
	stdin      bool
	detachKeys string
	lasts      bool // other requests were sent before it ended
}

// thing is one that was made.
type thing struct {
	id       string // that it has in the trace
	key      string // of the answer's document, that the id is the value of
	variable string
	python   string // the expression of its id
	isObject bool   // of docker-py, in the variable
}

// part is a piece of a text: characters as they were sent, or a variable in the place of
// a secret, or of the id of what an earlier call has made.
type part struct {
	text, variable string
	made           *thing // nil: a secret
}

// makers are the operations that make a thing, with what that is called and the key of its
// id in their answers.
var makers = map[string][2]string{
	"ContainerCreate":       {"container", "Id"},
	"ContainerCreateLibpod": {"container", "Id"},
	"ContainerExec":         {"exec", "Id"},
	"ContainerExecLibpod":   {"exec", "Id"},
	"PodCreateLibpod":       {"pod", "Id"},
	"NetworkCreate":         {"network", "Id"},
	"VolumeCreate":          {"volume", "Name"},
	"ServiceCreate":         {"service", "ID"},
	"SecretCreate":          {"secret", "ID"},
	"ConfigCreate":          {"config", "ID"},
}

// beginning is how long the beginning of an id is that stands for it, as people and the
// docker CLI shorten those of containers.
const beginning = 12

// maxThings bounds how many things have a name: beyond it, that of the oldest is forgotten.
const maxThings = 1 << 13

// of returns the thing that x has made, with the variable for it; nil if it has made none,
// or none that is known by an id which the daemon gave it. It has no name until add.
func (n *Names) of(x *wire.Exchange) *thing {
	maker, is := makers[x.Request.Call.Operation]
	if n == nil || !is || x.Response == nil || x.Response.Status != 201 || x.ResponseBody == nil {
		return nil
	}
	kind, key := maker[0], maker[1]
	for k, v := range jsontext.Members(x.ResponseBody.Data) {
		id, _ := jsontext.Unquote(v)
		if name, _ := jsontext.Unquote(k); string(name) != key || len(id) < beginning || len(id) > maxID || idLen(string(id)) != len(id) {
			continue
		}
		if kind == "volume" && len(id) != 64 { // its name is one that somebody chose
			return nil
		}
		return &thing{id: string(id), key: key, variable: kind + strconv.Itoa(n.made[kind]+1)}
	}
	return nil
}

// maxID bounds how long an id may be, in bytes.
const maxID = 128

// add has t stand in the place of its id from now on.
func (n *Names) add(t *thing) {
	if n.things == nil {
		n.things, n.made = make(map[string]*thing), make(map[string]int)
	}
	if len(n.oldest) >= maxThings {
		delete(n.things, n.oldest[0])
		n.oldest = n.oldest[1:]
	}
	key := t.id[:beginning]
	if n.things[key] == nil {
		n.oldest = append(n.oldest, key)
	}
	n.things[key] = t
	n.made[strings.TrimRight(t.variable, "0123456789")]++
}

// get returns the thing that id is the id of, or its beginning; nil if there is none.
func (n *Names) get(id string) *thing {
	if n == nil || len(id) < beginning {
		return nil
	}
	t := n.things[id[:beginning]]
	if t == nil || !strings.HasPrefix(t.id, id) || len(id) < len(t.id) && strings.Trim(id, "0123456789abcdef") != "" {
		return nil // people shorten hexadecimal ones
	}
	return t
}

// cut cuts s at the ids of things.
func (n *Names) cut(text string) []part {
	if n == nil || len(n.things) == 0 || len(text) < beginning {
		return []part{{text: text}}
	}
	var parts []part
	from := 0
	for i := 0; i < len(text); {
		if text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) { // a character of a request target
			i += 3
			continue
		}
		size := idLen(text[i:])
		if t := n.get(text[i : i+size]); t != nil {
			if i > from {
				parts = append(parts, part{text: text[from:i]})
			}
			parts = append(parts, part{variable: t.variable, made: t})
			from = i + size
		}
		i += max(size, 1)
	}
	if from < len(text) {
		parts = append(parts, part{text: text[from:]})
	}
	return parts
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// idLen returns how long the word is that s begins with and that may be an id: letters and
// digits.
func idLen(s string) int {
	for i := range len(s) {
		if c := s[i]; !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return i
		}
	}
	return len(s)
}
