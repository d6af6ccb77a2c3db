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
	Kind  wire.Kind // KindStdout or KindStderr of what a step has printed, KindText of a file, else KindGRPC
	Label string    // what the line is about, in at most six letters; empty: its kind says it
	Bad   bool      // it says that something failed
	Text  string
}

// View remembers of one exchange what later messages refer to by number: files and
// steps. It must not be used concurrently.
type View struct {
	Whole bool // of files that are text all is told, not only the beginning
	size  func(int64) string
	share share
	files files
	steps steps
}

// NewView returns a View of an exchange of which no message was seen. size writes
// numbers of bytes. What it remembers is in room, until Close.
func NewView(size func(int64) string, room *Room) *View {
	v := &View{size: size, share: share{room: room}}
	v.files.share, v.steps.share = &v.share, &v.share
	return v
}

// Close forgets what v remembers.
func (v *View) Close() {
	v.share.give()
	v.files, v.steps = files{share: &v.share}, steps{share: &v.share}
}

// reader tells what the messages of a type say.
type reader struct {
	label string
	read  func(v *View, m *wire.Message) ([]Line, bool)
}

// Packets is the type of what files are transferred by, and Status of what becomes of the
// steps of a build.
const (
	Packets = "fsutil.types.Packet"
	Status  = "moby.buildkit.v1.StatusResponse"
)

// readers are those of the types that are known.
var readers = map[string]reader{
	Packets:                                  {"file", (*View).packet},
	Status:                                   {"build", (*View).status},
	"moby.buildkit.v1.SolveRequest":          {"solve", (*View).solve},
	"moby.buildkit.v1.frontend.SolveRequest": {"solve", (*View).solve},
	"moby.buildkit.v1.frontend.SolveResponse":   {"solve", (*View).solved},
	"moby.buildkit.v1.frontend.ReturnRequest":   {"solve", (*View).solved},
	"moby.buildkit.secrets.v1.GetSecretRequest": {"", (*View).secret},
}

// Reads reports whether Lines knows messages of a type.
func Reads(typ string) bool { return readers[typ].read != nil }

// Lines returns what m says, of a message of gRPC that is not cut; false if that is
// not known better than its JSON tells. Messages of an exchange come in their order.
func (v *View) Lines(m *wire.Message) ([]Line, bool) {
	r := readers[m.Type]
	if r.read == nil || m.Kind != wire.KindGRPC || len(m.Data) == 0 {
		return nil, false
	}
	lines, ok := r.read(v, m)
	for i := range lines {
		if lines[i].Kind == wire.KindGRPC {
			lines[i].Label = r.label
		}
	}
	return lines, ok
}

// one returns a line.
func one(text string) []Line { return []Line{{Kind: wire.KindGRPC, Text: text}} }
