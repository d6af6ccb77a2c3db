package render

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/buildkit"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// maxCalls bounds how many calls something is remembered of: what belongs to others
// goes by its number.
const maxCalls = 64

// mostPackets is how many packets of a transfer are shown in short: the sum at its end
// says the rest.
const mostPackets = 20

// of returns what is remembered of an exchange; something that is forgotten at once,
// if there are too many.
func (c *calls) of(m *wire.Meta) *call {
	at := section{connID(m), m.Exchange}
	k := c.open[at]
	switch {
	case k != nil:
	case len(c.open) < maxCalls:
		k = &call{view: buildkit.NewView(Size, &c.room)}
		c.open[at] = k
	default:
		k = &call{view: buildkit.NewView(Size, new(buildkit.Room))}
	}
	return k
}

// grpc shows a message of gRPC: in short as the lines that say what it says, where
// they are known, else as JSON behind the name of its type. The packets of a transfer,
// and the progress of a build, are lines always: nobody knows by its number which file a
// piece is of, or by its digest what a step is.
func (t *text) grpc(ev *wire.Message, x *wire.Exchange, at []byte) {
	packets := ev.Type == buildkit.Packets
	if (t.o.Bodies == BodiesShort || packets || ev.Type == buildkit.Status) && !ev.Truncated && buildkit.Reads(ev.Type) {
		k := t.calls.of(&ev.Meta)
		if packets && t.o.Bodies == BodiesShort && k.packets >= mostPackets && !bytes.HasPrefix(ev.Data, failedPacket) {
			k.left++
			return
		}
		if packets {
			k.packets++
			k.view.Whole = t.o.Bodies != BodiesShort
		}
		if lines, ok := k.view.Lines(ev); ok {
			t.callLines(lines, at)
			return
		}
	}
	t.label(ev, at)
	t.labelGap()
	typed := shortType(ev.Type)
	t.text(roleFaint, typed)
	if t.o.Bodies == BodiesShort && strings.HasPrefix(ev.Type, telemetry) {
		t.own(roleFaint, " … "+Size(ev.Size)+" (--bodies full)")
		t.end()
		return
	}
	if t.o.Bodies == BodiesShort && !ev.Truncated && t.doc.read(ev.Data, t.colors) && t.isBriefRecord() && t.fitsBeside() {
		if typed != "" {
			t.own(plain, " ")
		}
		t.briefRecord()
		t.end()
		return
	}
	t.end()
	t.document(func() int {
		if t.o.Bodies == BodiesShort && !ev.Truncated && t.doc.read(ev.Data, t.colors) {
			return t.briefValue()
		}
		t.value(ev.Data)
		t.end()
		return 0
	})
}

// telemetry is what the types of messages begin with by which programs tell of themselves
// (OTLP): few look for that in what others say, and it is long.
const telemetry = "opentelemetry.proto.collector."

// leastBeside is how many columns a message in several lines needs behind the name of
// its type: with fewer, it is easier to read below.
const leastBeside = 60

// fitsBeside reports whether there is room for the document on the line that has been
// begun, and those below it.
func (t *text) fitsBeside() bool {
	beside := t.room(maxRecord) - columns(t.line) - len(" ")
	return beside >= leastBeside || t.doc.short() <= beside
}

// failedPacket is how a packet begins that tells of an error: that is shown always.
var failedPacket = []byte(`{"type":"PACKET_ERR"`)

// callLines shows what a message says.
func (t *text) callLines(lines []buildkit.Line, at []byte) {
	for _, l := range lines {
		name := l.Label
		if name == "" {
			name = labels[l.Kind]
		}
		t.labelAs(labelRole(l.Kind), name, at)
		t.labelGap()
		r := plain
		if l.Bad {
			r = roleAnomaly
		}
		t.text(r, t.briefly(l.Text))
		t.end()
		at = nil
	}
}

// callEnds forgets a call, and tells how many of its packets were not shown.
func (t *text) callEnds(m *wire.Meta) {
	at := section{connID(m), m.Exchange}
	k := t.calls.open[at]
	if k == nil {
		return
	}
	delete(t.calls.open, at)
	k.view.Close()
	if k.left > 0 {
		t.mark(m, '=', roleNote)
		t.own(roleFaint, "… "+plural.Of(int64(k.left), "more packet")+" (--bodies full)")
		t.end()
	}
}

// ofCall reports whether a trailer field is one of those by which a call of gRPC ends.
func ofCall(name string) bool { return name == "grpc-status" || name == "grpc-message" }

// isTrace reports whether ev is a document that holds a message which is told behind
// it: the progress of a build, as older clients of BuildKit get it.
func isTrace(ev *wire.Message) bool {
	return ev.Kind == wire.KindJSON && bytes.HasPrefix(ev.Data, []byte(`{"id":"moby.buildkit.trace"`))
}
