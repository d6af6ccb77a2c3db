package render

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// json shows a JSON value: labelled if it is a record of a stream, on one line if
// that is short; else over many lines, and the time before them if it is certain
// that it is a record.
func (t *text) json(ev *wire.Message, x *wire.Exchange, stream bool, at []byte) {
	brief := t.o.Bodies == BodiesShort && !ev.Truncated && t.doc.read(bytes.Trim(ev.Data, jsontext.Separators), t.colors)
	if stream && (brief && t.isBriefRecord() || t.isRecord(ev.Data)) {
		t.label(ev, at)
		t.labelGap()
		t.named(ev)
		if brief {
			t.briefRecord()
		} else {
			t.record(ev.Data)
		}
		t.end()
		return
	}
	if ev.Index > 0 || ev.Name != "" || stream && lasts(x) || later(ev, x) {
		t.label(ev, at)
		if ev.Name != "" {
			t.labelGap()
			t.named(ev)
		}
		t.end()
		t.hang = 2
	}
	t.document(func() (left int) {
		if !brief {
			t.value(ev.Data)
			t.end()
			return 0
		}
		if x != nil && x.Request != nil && ev.Dir == wire.ToServer {
			t.doc.markUsual(x.Request.Call.Operation)
		}
		return t.briefValue()
	})
}

// lasts says whether it is certain that a stream is one before its second document
// comes: a response without a length may be one document.
func lasts(x *wire.Exchange) bool {
	if x.Upgrade != nil || x.Request != nil && x.Request.Call.Waits {
		return true
	}
	for _, f := range x.Response.Fields {
		if strings.EqualFold(f.Name, "Content-Type") {
			t := wire.MediaType(f.Value)
			return t == "application/x-ndjson" || t == "application/json-seq"
		}
	}
	return false
}

// later says whether an answer has had its message wait for it.
func later(ev *wire.Message, x *wire.Exchange) bool {
	return x != nil && ev.Dir == wire.ToClient && !x.FirstByte.IsZero() && ev.End.Sub(x.FirstByte) >= lateEnd
}

// recordLines is about how many lines a record takes beside its label.
const recordLines = 6

// isBriefRecord says whether the document is short enough for that.
func (t *text) isBriefRecord() bool {
	return min(t.doc.whole, t.doc.short()) <= max(maxRecord, recordLines*(t.room(maxLine)-labelColumns))
}

// briefRecord adds what is kept of the document, beside its label, and says in few
// words how much is not: there may be many records.
func (t *text) briefRecord() {
	if t.doc.whole <= t.room(maxRecord)-columns(t.line) {
		t.flat(&t.doc)
		return
	}
	t.filled(&t.doc, t.room(maxRecord))
	if left := t.doc.left(); left > 0 {
		t.own(roleFaint, "  … "+strconv.Itoa(left)+" empty")
	}
}

// briefValue shows what is kept of the document, and returns how much is not.
func (t *text) briefValue() (left int) {
	if room := t.room(maxLine); t.doc.whole <= room {
		t.flat(&t.doc)
	} else {
		t.filled(&t.doc, room)
		left = t.doc.left()
	}
	t.end()
	t.hang = 0
	return left
}

// lateEnd is how long after the first byte of its answer an exchange has to end for
// that to be worth a line.
const lateEnd = 100 * time.Millisecond
