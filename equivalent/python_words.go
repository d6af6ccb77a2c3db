package equivalent

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// pyWriter puts a call of docker-py together.
type pyWriter struct {
	pyWords
	x    *wire.Exchange
	sent sent
	made *thing // nil if the request has made none
	asked
	call Call
	args []string
}

// positional adds an argument without a name.
func (w *pyWriter) positional(expression string) { w.args = append(w.args, expression) }

// named adds an argument.
func (w *pyWriter) named(name, expression string) {
	w.args = append(w.args, name+"="+expression)
}

// subject returns what the request is about, as an expression.
func (w *pyWriter) subject() string { return w.text(w.x.Request.Call.Subject, "subject") }

// of returns a function of what is called name, which stands in the place of {}: one of an
// object that a variable has is not asked for.
func (w *pyWriter) of(function, name string) string {
	if t := w.secrets.made.get(name); t != nil && t.isObject {
		if _, method, is := strings.Cut(function, ".get({})"); is {
			return t.variable + method
		}
	}
	return strings.ReplaceAll(function, "{}", w.text(name, "subject"))
}

// kind is how a value becomes an argument.
type kind uint8

const (
	asText    kind = iota // a string
	asBool                // whether it is true
	asNumber              // a number, if it is one
	asFilters             // the document, of which docker-py makes {name: [value, …]}
	asReal                // the document, unless it is empty
)

// arg says of which parameter or field an argument is made.
type arg struct {
	from, to string // to is empty: without a name
	as       kind
	// otherwise is what docker-py sends without the argument: "True" of what the daemon
	// takes for false, if nothing is sent.
	otherwise string
}

// parameters adds the arguments that are made of the query.
func (w *pyWriter) parameters(args []arg) {
	for _, a := range args {
		v, there := w.parameter(a.from)
		switch {
		case a.as == asBool:
			if says := pyBool(dockerapi.IsTrue(v)); says != orFalse(a.otherwise) {
				w.argument(a.to, says)
			}
		case !there || v == a.otherwise && a.otherwise != "", v == "" && a.to != "":
		case a.as == asReal && isEmpty([]byte(v), a.from):
		default:
			w.argument(a.to, w.parameterValue(v, a))
		}
	}
}

// argument adds one, with or without a name.
func (w *pyWriter) argument(name, expression string) {
	if name == "" {
		w.positional(expression)
	} else {
		w.named(name, expression)
	}
}

// parameterValue returns the expression of a parameter's value.
func (w *pyWriter) parameterValue(v string, a arg) string {
	switch a.as {
	case asNumber:
		if isNumber(v) {
			return v
		}
	case asReal, asFilters:
		if e, ok := w.document(v, a); ok {
			return e
		}
	}
	return w.text(v, a.from)
}

// document returns the expression of a parameter's value that is a document of JSON;
// false if it is none.
func (w *pyWriter) document(v string, a arg) (string, bool) {
	if !json.Valid([]byte(v)) || v == "" || v[0] != '{' && v[0] != '[' {
		return "", false
	}
	if a.as == asFilters {
		v = withLists(v)
	}
	return w.value([]byte(v), a.from), true
}

// isNumber says whether v is a decimal number as Python has them, too.
func isNumber(v string) bool {
	digits := strings.TrimPrefix(v, "-")
	if digits == "" || len(digits) > 18 || digits[0] == '0' && digits != "0" {
		return false
	}
	return strings.Trim(digits, "0123456789") == ""
}

// bodyArguments adds the arguments that are made of the document.
func (w *pyWriter) bodyArguments(args []arg) {
	for _, a := range args {
		v := w.field(a.from)
		switch {
		case a.as == asBool:
			if says := pyBool(string(v) == "true"); says != orFalse(a.otherwise) {
				w.argument(a.to, says)
			}
		case v == nil || string(v) == a.otherwise && a.otherwise != "", isEmpty(v, a.from):
		default:
			w.argument(a.to, w.value(v, a.from))
		}
	}
}

func pyBool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

func orFalse(s string) string {
	if s == "" {
		return "False"
	}
	return s
}

// implied takes out parameters that docker-py sends itself, given as "a=1 b=2".
func (w *pyWriter) implied(pairs string) {
	for pair := range strings.FieldsSeq(pairs) {
		name, value, _ := strings.Cut(pair, "=")
		for i := range w.query {
			if m := &w.query[i]; m.name == name && m.text == value {
				m.used = true
			}
		}
	}
}

// pairs returns a list of "a:b" as a list of pairs.
func (w *pyWriter) pairs(list []byte) string {
	var all []string
	for v := range jsontext.Elements(list) {
		name, alias, _ := strings.Cut(unquoted(v), ":")
		all = append(all, "("+w.text(name, "link")+", "+w.text(alias, "link")+")")
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// tell notes what was not taken out of the request.
func (w *pyWriter) tell() {
	names, empty := w.left()
	if len(names) > 0 {
		w.call.note("Sent too, and docker-py 7 has no argument for it: " + strings.Join(names, ", ") + ".")
	}
	if empty > 0 {
		w.call.note("Fields that were sent without a value (null, \"\", 0, false, [], {}) are left out.")
	}
	for i := range w.x.Request.Fields {
		f := &w.x.Request.Fields[i]
		if name := strings.ToLower(f.Name); !isUsual(name) && !isRegistryAuth(name) {
			w.call.note("The field " + f.Name + " was sent too: " + f.Value)
		}
	}
	if w.deep {
		w.call.note("What was nested too deeply is None here.")
	}
	w.call.Notes = append(w.call.Notes, w.secrets.notes...)
}

// isUsual says whether a field, by its name in lower case, is one that docker-py sends
// itself, or that clients have ideas of their own about.
func isUsual(name string) bool {
	switch name {
	case "accept", "connection", "content-type", "upgrade":
		return true
	}
	return unsaid[name] || strings.HasPrefix(name, ":") || strings.HasPrefix(name, "sec-websocket-")
}

// keep has what was made be a variable, if the call returns it, or a document with its id. It
// returns the expression of what is shown, and the line that stands before that.
func (w *pyWriter) keep(call, format string) (shows, before string) {
	t := w.made
	switch {
	case t == nil:
		return call, ""
	case format == ofID, format == attrs:
		t.python, t.isObject = t.variable+".id", true
	case format == shown:
		t.python = t.variable + "['" + t.key + "']"
	default:
		return call, ""
	}
	w.secrets.made.add(t)
	return t.variable, t.variable + " = " + call + "\n"
}

// finish makes the call of a function with the arguments: on one line, if that is short.
// format has %s where that stands.
func (w *pyWriter) finish(function, format string) Call {
	one := function + "(" + strings.Join(w.args, ", ") + ")"
	if len(one) > lineWidth && (len(w.args) > 1 || len(w.args) == 1 && len(w.args[0]) > lineWidth/2) {
		one = function + "(\n    " + strings.Join(w.args, ",\n    ") + ",\n)"
	}
	shown, before := w.keep(one, format)
	w.call.Text = before + fmt.Sprintf(format, shown)
	if r := w.x.Response; r != nil && r.Status >= 400 {
		w.call.Text = "try:\n    " + strings.ReplaceAll(w.call.Text, "\n", "\n    ") + "\nexcept docker.errors.DockerException as e:\n    print(e)"
	}
	w.tell()
	if w.environ {
		w.call.Setup = append([]string{"import os"}, w.call.Setup...)
	}
	return w.call
}
