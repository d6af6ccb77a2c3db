package render

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// behind is what stands between an answer and what it says.
const behind = "   "

// join shows the line that is held, with what the event has to stand behind it. It
// returns whether that is all that there is to show of the event.
func (t *text) join(ev wire.Event, x *wire.Exchange) bool {
	m := ev.EventMeta()
	if t.sectionOf(m) != t.held.in {
		t.release()
		return false
	}
	switch ev := ev.(type) {
	case *wire.Upgrade:
		t.answer(became(ev))
		t.end()
		return true
	case *wire.Message:
		if ev.Dir == wire.ToClient {
			return t.joinMessage(ev, x)
		}
	case *wire.Body:
		if ev.Dir == wire.ToClient && t.o.Bodies == BodiesNone && ev.Bytes > 0 {
			t.answer("")
			t.own(plain, behind)
			t.amount(ev)
			t.end()
			t.bodyEnd(ev)
			return true
		}
	}
	t.release()
	return false
}

// became says what a connection has become, in a few words.
func became(ev *wire.Upgrade) string {
	words := "upgraded"
	switch strings.ToLower(ev.Protocol) {
	case "tcp", "hijack": // what Docker calls a stream
	default:
		words += " to " + ev.Protocol
	}
	if ev.Content != wire.KindNone && ev.Content != wire.KindWebSocket {
		words += ", " + ev.Content.String()
	}
	return words
}

// joinMessage puts a message behind the answer: why it failed, or what it says if
// that is little.
func (t *text) joinMessage(ev *wire.Message, x *wire.Exchange) bool {
	switch {
	case t.repeats(ev, x):
		t.release()
		return true
	case x != nil && x.Outcome.Error != "" && !failedLate(x) && t.o.Bodies != BodiesFull && t.saysOnly(ev, x.Outcome.Error):
		t.answer("")
		t.own(plain, behind)
		t.text(roleMessage, t.briefly(strings.TrimRight(x.Outcome.Error, "\r\n")))
		t.end()
		return true
	case t.o.Bodies == BodiesNone:
		return true // and goes on waiting, for the end of the body
	case ev.Index > 0 || ev.Truncated || ev.Name != "" || streams(x, ev.Dir):
	case ev.Kind == wire.KindJSON:
		return t.joinJSON(ev)
	case ev.Kind == wire.KindText:
		return t.joinText(bytes.TrimRight(ev.Data, "\r\n"))
	}
	t.release()
	return false
}

// saysOnly says whether a message has nothing else to say than an error that is
// known by now.
func (t *text) saysOnly(ev *wire.Message, failed string) bool {
	if ev.Kind == wire.KindJSON {
		return !ev.Truncated && t.doc.read(ev.Data, t.colors) && t.doc.kept() == 1
	}
	return strings.TrimSpace(string(ev.Data)) == strings.TrimSpace(failed)
}

// joinJSON puts JSON behind the answer if it fits there.
func (t *text) joinJSON(ev *wire.Message) bool {
	t.answer("")
	room := t.room(maxLine) - columns(t.line) - len(behind)
	if !t.doc.read(bytes.Trim(ev.Data, jsontext.Separators), t.colors) || t.doc.whole > room {
		t.end()
		return false
	}
	t.own(plain, behind)
	t.flat(&t.doc)
	t.end()
	return true
}

// joinText puts text of one line behind the answer if it fits there.
func (t *text) joinText(line []byte) bool {
	t.answer("")
	ok := len(line) > 0 && bytes.IndexByte(line, '\n') < 0 && textColumns(line) <= t.room(maxLine)-columns(t.line)-len(behind)
	if ok {
		t.own(plain, behind)
		t.data(plain, line)
	}
	t.end()
	return ok
}
