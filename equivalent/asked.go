package equivalent

import (
	"encoding/json"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// member is a parameter of a query, or a field of a document.
type member struct {
	name  string
	text  string // of a parameter, decoded
	value []byte // of a field: JSON
	used  bool
}

// asked is what a request asks with: who writes a call takes out what it says, and what
// is left is told.
type asked struct {
	query  []member
	fields []member // of the document, those of objects within it as "HostConfig.Memory"
	isDoc  bool     // the body is a document
}

// openedObjects are the objects whose members count one by one.
var openedObjects = map[string]bool{"HostConfig": true}

// maxMembers bounds how many parameters and fields are looked at.
const maxMembers = 1000

// askedBy returns what x asks with.
func askedBy(x *wire.Exchange, body sent) *asked {
	a := new(asked)
	_, query, _ := strings.Cut(x.Request.Target, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" || len(a.query) >= maxMembers {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		a.query = append(a.query, member{name: dockerapi.Unescaped(name), text: dockerapi.Unescaped(value)})
	}
	if body.file == "" && strings.HasPrefix(body.text, "{") && json.Valid([]byte(body.text)) {
		a.isDoc = true
		a.add("", []byte(body.text))
	}
	return a
}

// add adds the members of an object.
func (a *asked) add(before string, object []byte) {
	for key, value := range jsontext.Members(object) {
		name := before + unquoted(key)
		switch {
		case before == "" && openedObjects[name] && len(value) > 0 && value[0] == '{':
			a.add(name+".", value)
		case len(a.fields) < maxMembers:
			a.fields = append(a.fields, member{name: name, value: value})
		}
	}
}

// parameter takes out a parameter; of several with one name the first counts.
func (a *asked) parameter(name string) (string, bool) {
	for i := range a.query {
		if m := &a.query[i]; m.name == name && !m.used {
			m.used = true
			return m.text, true
		}
	}
	return "", false
}

// field takes out a field of the document, whatever the case of its name: the daemon
// does not look at that. It is nil if there is none, or null.
func (a *asked) field(name string) []byte {
	for i := range a.fields {
		if m := &a.fields[i]; strings.EqualFold(m.name, name) && !m.used {
			m.used = true
			if v := trimSpace(m.value); string(v) != "null" {
				return v
			}
			return nil
		}
	}
	return nil
}

// left returns what was not taken out, as people read it, and how many fields without a
// value there were.
func (a *asked) left() (names []string, empty int) {
	for _, m := range a.query {
		if !m.used {
			names = append(names, m.name+"="+m.text)
		}
	}
	for _, m := range a.fields {
		switch {
		case m.used:
		case isEmpty(m.value, m.name):
			empty++
		default:
			names = append(names, m.name+"="+short(string(m.value)))
		}
	}
	return names, empty
}

// short returns a value that is not longer than fits in a sentence.
func short(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
