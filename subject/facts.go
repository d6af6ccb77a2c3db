package subject

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// facts are what a document of the Docker Engine API, or of Podman's, tells: of
// members with these meanings each has a few.
type facts struct {
	id, name      string
	image         string
	command       string
	container     string // by id or name
	status, exit  *int64
	running       bool
	failure       string
	typ, action   string // of an event
	actor         actor  // of an event
	names, titles string // less telling than name
	tagged        bool   // the tags of an image are told; there may be none
}

// actor is what an event is about.
type actor struct{ id, name, exec string }

// read reads an object. Of what is no object nothing is told.
func read(doc []byte) facts {
	var f facts
	for name, value := range jsontext.Members(doc) {
		f.member(name, value)
	}
	f.name = firstOf(f.name, firstOf(f.names, f.titles))
	return f
}

// member reads a member. Names of members are told apart by their length first:
// most are none of these.
func (f *facts) member(name, value []byte) {
	switch len(name) - 2 {
	case 2:
		if is(name, "id") {
			f.id = text(value)
		}
	case 3:
		if is(name, "cmd") {
			f.command = words(value)
		}
	case 4:
		f.four(name, value)
	case 5:
		f.five(name, value)
	case 6:
		if is(name, "action") {
			f.action = text(value)
		}
	case 7:
		switch {
		case is(name, "running"):
			f.running = string(value) == "true"
		case is(name, "message"):
			f.failure = text(value)
		}
	case 8:
		switch {
		case is(name, "repotags"):
			if f.titles, f.tagged = first(value), true; f.titles == "<none>:<none>" {
				f.titles = ""
			}
		case is(name, "exitcode"):
			f.exit = number(value)
		}
	case 9:
		if is(name, "container") {
			f.container = text(value)
		}
	case 10:
		if is(name, "statuscode") {
			f.status = number(value)
		}
	case 11:
		switch {
		case is(name, "errordetail"):
			f.failure = firstOf(read(value).failure, f.failure)
		case is(name, "containerid"):
			f.container = text(value)
		case is(name, "description"):
			f.titles = firstOf(described(value), f.titles)
		}
	}
}

// four reads a member whose name has four letters.
func (f *facts) four(name, value []byte) {
	switch {
	case is(name, "name"):
		f.name = strings.TrimPrefix(text(value), "/")
	case is(name, "type"):
		f.typ = text(value)
	case is(name, "spec"):
		f.titles = firstOf(read(value).name, f.titles)
	}
}

// five reads a member whose name has five letters.
func (f *facts) five(name, value []byte) {
	switch {
	case is(name, "names"):
		f.names = strings.TrimPrefix(first(value), "/")
	case is(name, "image"):
		f.image = text(value)
	case is(name, "actor"):
		f.actor = readActor(value)
	case is(name, "error"):
		if value[0] == '{' {
			f.failure = read(value).failure
		} else if f.failure == "" {
			f.failure = text(value)
		}
	}
}

// readActor reads what an event is about.
func readActor(doc []byte) (a actor) {
	for name, value := range jsontext.Members(doc) {
		switch {
		case is(name, "id"):
			a.id = text(value)
		case is(name, "attributes"):
			for name, value := range jsontext.Members(value) {
				switch {
				case is(name, "name"):
					a.name = text(value)
				case is(name, "execid"):
					a.exec = text(value)
				}
			}
		}
	}
	return a
}

// described returns the name of a node.
func described(doc []byte) string {
	for name, value := range jsontext.Members(doc) {
		if is(name, "hostname") {
			return text(value)
		}
	}
	return ""
}

// is says whether a member's name, in quotes, is want in any case.
func is(name []byte, want string) bool {
	return len(name) == len(want)+2 && strings.EqualFold(string(name[1:len(name)-1]), want)
}

// text returns what a string stands for; empty if value is none.
func text(value []byte) string {
	s, ok := jsontext.Unquote(value)
	if !ok {
		return ""
	}
	return clip(string(s))
}

// first returns the first string of an array.
func first(value []byte) string {
	for element := range jsontext.Elements(value) {
		return text(element)
	}
	return ""
}

// maxWords is how much of a command is kept, in bytes.
const maxWords = 120

// words returns the words of a command, or the string that it is.
func words(value []byte) string {
	if value[0] == '"' {
		return text(value)
	}
	var all []byte
	for element := range jsontext.Elements(value) {
		if len(all) > 0 {
			all = append(all, ' ')
		}
		if all = append(all, text(element)...); len(all) > maxWords {
			return strings.ToValidUTF8(string(all[:maxWords]), "") + "…"
		}
	}
	return string(all)
}
