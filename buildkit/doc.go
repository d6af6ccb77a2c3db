// Package buildkit tells in lines what BuildKit's messages say: the packets by which
// it fetches the files of a build, the graph of what it is asked to solve, and how
// that goes on. It reads the JSON that messages are told as, behind the redactor, so
// that it never shows what is masked.
package buildkit

import (
	"github.com/socktrace/socktrace/wire"
)

// Line is one line of what a message says. Its text is traffic: it may be anything.
type Line struct {
	Kind wire.Kind // KindStdout or KindStderr of what a step has printed, else KindGRPC
	Bad  bool      // it says that something failed
	Text string
}

// View remembers of one exchange what later messages refer to by number: files and
// steps. It must not be used concurrently.
type View struct {
	size  func(int64) string
	files files
	steps steps
}

// NewView returns a View of an exchange of which no message was seen. size writes
// numbers of bytes.
func NewView(size func(int64) string) *View { return &View{size: size} }

// readers tell what the messages of a type say.
var readers = map[string]func(v *View, m *wire.Message) ([]Line, bool){
	"fsutil.types.Packet":                       (*View).packet,
	"moby.buildkit.v1.StatusResponse":           (*View).status,
	"moby.buildkit.v1.SolveRequest":             (*View).solve,
	"moby.buildkit.v1.frontend.SolveRequest":    (*View).solve,
	"moby.buildkit.v1.frontend.ReturnRequest":   (*View).ret,
	"moby.buildkit.secrets.v1.GetSecretRequest": (*View).secret,
}

// Reads reports whether Lines knows messages of a type.
func Reads(typ string) bool { return readers[typ] != nil }

// Lines returns what m says, of a message of gRPC that is not cut; false if that is
// not known better than its JSON tells. Messages of an exchange come in their order.
func (v *View) Lines(m *wire.Message) ([]Line, bool) {
	if read := readers[m.Type]; read != nil && m.Kind == wire.KindGRPC && len(m.Data) > 0 {
		return read(v, m)
	}
	return nil, false
}

// one returns a line.
func one(text string) []Line { return []Line{{Kind: wire.KindGRPC, Text: text}} }
