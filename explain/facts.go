package explain

import (
	"strings"
	"sync"

	"github.com/socktrace/socktrace/dockerapi"
)

// fact is something about an operation that words may be found in.
type fact struct {
	kind kind
	text string
	says string // why the operation is found; empty if a list shows it
}

// kind is what a fact is; what people look for most is first.
type kind uint8

const (
	ofName kind = iota
	ofParameter
	ofField
	ofError  // an exception of docker-py, or a status
	ofPython // a function of docker-py
	ofCommand
	ofPath
	ofGroup
	ofAnswer // a field
	ofGone   // a field that answers had
	ofVersion
	ofMethod
	ofSentence
	ofText // all else that is told of it
)

// facts are those of the operations, made when first asked for.
var facts = sync.OnceValue(func() map[*Entry][]fact {
	all := make(map[*Entry][]fact)
	for _, e := range texts().entries {
		all[e] = factsOf(e)
	}
	return all
})

// factsOf returns what there is of an operation.
func factsOf(e *Entry) []fact {
	all := []fact{{ofName, e.Name, ""}, {ofGroup, e.Group, ""}, {ofSentence, e.Short, ""}, {ofText, e.Long, "in what is told of it"}}
	add := func(k kind, text, says string) { all = append(all, fact{k, text, says}) }
	for _, text := range []string{e.Sends, e.Answers, e.Lasts} {
		add(ofText, text, "in what is told of it")
	}
	for _, r := range e.Requests {
		add(ofPath, r.Path, "")
		add(ofMethod, r.Method, "")
	}
	for _, c := range e.Commands {
		add(ofCommand, c, "asked by "+c)
	}
	for _, f := range e.Python {
		add(ofPython, f, f+" of docker-py")
	}
	for _, a := range e.Parameters {
		add(ofParameter, a.Name, "parameter "+a.Name)
		versionsOf(a, "parameter "+a.Name, add)
	}
	for _, a := range e.Fields {
		add(ofField, a.Name, "field "+a.Name)
		versionsOf(a, "field "+a.Name, add)
	}
	for _, field := range e.AnswerFields {
		add(ofAnswer, field, "field "+field+" of the answer")
	}
	for _, g := range e.Gone {
		for _, field := range g.Fields {
			add(ofGone, field, "field "+field+" of the answer, up to API "+g.Until.String())
		}
		add(ofVersion, g.Until.String(), "fields of the answer are gone after API "+g.Until.String())
	}
	for _, x := range e.Errors {
		first, _, _ := strings.Cut(x.Means, ". ")
		add(ofError, x.Status, x.Status+": "+strings.TrimSuffix(first, "."))
		if x.Raises != "" {
			add(ofError, x.Raises, x.Status+" raises "+x.Raises)
		}
		add(ofText, x.Means+" "+x.Try, x.Status+": "+strings.TrimSuffix(first, "."))
	}
	for _, v := range []struct{ version, says, word string }{
		{e.Since, "since API ", ""}, {e.Until, "removed after API ", "removed"}, {e.Deprecated, "deprecated since API ", "deprecated"},
	} {
		if v.version != "" {
			add(ofVersion, v.version, v.says+v.version)
			add(ofSentence, v.word, "")
		}
	}
	return all
}

// versionsOf adds the versions at which something becomes of an argument.
func versionsOf(a *dockerapi.Argument, says string, add func(k kind, text, says string)) {
	for _, v := range []struct {
		version dockerapi.Version
		says    string
	}{{a.Since, " since API "}, {a.Until, " up to API "}, {a.Deprecated, " deprecated since API "}} {
		if v.version != (dockerapi.Version{}) {
			add(ofVersion, v.version.String(), says+v.says+v.version.String())
		}
	}
}
