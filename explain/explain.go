package explain

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/dockerapi"
)

//go:embed engine.txt
var engineText string

//go:embed libpod.txt
var libpodText string

//go:embed grpc.txt
var grpcText string

// book is all that is known.
type book struct {
	entries []*Entry // as they are listed
	byName  map[string]*Entry
	general map[*Entry][]Error // what all operations of its API have
}

// texts is the book, read when it is first asked for.
var texts = sync.OnceValue(func() *book {
	b, err := read(engineText, libpodText, grpcText)
	if err != nil {
		panic(err) // a fault of the program
	}
	return b
})

// read returns the book of three texts.
func read(engine, libpod, grpc string) (*book, error) {
	b := &book{byName: make(map[string]*Entry), general: make(map[*Entry][]Error)}
	requests := make(map[string][]Request)
	for _, op := range dockerapi.Operations() {
		requests[op.Name] = append(requests[op.Name], Request{op.Method, op.Path})
	}
	for _, file := range []struct{ name, text string }{{"engine.txt", engine}, {"libpod.txt", libpod}, {"grpc.txt", grpc}} {
		entries, general, err := parse(file.name, file.text)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if file.name == "grpc.txt" {
				ofService(e)
			} else {
				e.Requests = requests[e.Name]
				describe(e, dockerapi.Named(e.Name))
			}
			b.byName[strings.ToLower(e.Name)] = e
			b.general[e] = general
		}
		b.entries = append(b.entries, entries...)
	}
	return b, nil
}

// ofService names a method and its paths after the services that are its group.
func ofService(e *Entry) {
	services := strings.Fields(e.Group)
	for _, service := range services {
		e.Requests = append(e.Requests, Request{methodOfGRPC, "/" + service + "/" + e.Name})
	}
	e.Name = services[0][strings.LastIndexByte(services[0], '.')+1:] + "/" + e.Name
}

// All returns all operations, as they are listed.
func All() []*Entry { return slices.Clone(texts().entries) }

// Of returns what there is to say of the operation with a name, in any case, as traces
// have it; nil if there is none.
func Of(name string) *Entry { return texts().byName[strings.ToLower(name)] }

// general returns what a status means as the answer to any request of the Engine API.
func general(status string) (x Error) {
	t := texts()
	for _, x := range t.general[t.entries[0]] {
		if x.Status == status {
			x.Raises = raised(status)
			return x
		}
	}
	return x
}

// Everywhere returns what a status means as the answer to any request of an API; false if
// that is not known.
func Everywhere(status string) (Error, bool) {
	t := texts()
	for _, e := range t.entries {
		for _, x := range t.general[e] {
			if strings.EqualFold(x.Status, status) {
				return x, true
			}
		}
	}
	return Error{}, false
}

// Error returns what a status means as the answer to e: in particular, or else as it does for
// all operations of its API. It is false if that is not known.
func (e *Entry) Error(status string) (Error, bool) {
	for _, list := range [][]Error{e.Errors, texts().general[e]} {
		for _, x := range list {
			if x.Status != status {
				continue
			}
			if x.Raises == "" && len(e.Python) > 0 {
				x.Raises = raised(status)
			}
			return x, true
		}
	}
	return Error{}, false
}
