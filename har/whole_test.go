package har_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestFirstBesideOpen writes the first entry of a file beside one that is in it
// because its exchange is open.
func TestFirstBesideOpen(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		for open := 1; open < 3; open++ {
			w, file := create(t, name, har.Options{})
			for i := range open {
				send(t, w, exchangeEvents(dockerConn(i+2), 1)[:4])
			}
			w.Refresh()
			w.Refresh()
			for n := 1; n < 3; n++ {
				send(t, w, exchangeEvents(dockerConn(1), n))
				doc := content(t, file)
				checkRules(t, doc)
				if got := len(exchanges(read(t, doc))); got != n+open {
					t.Errorf("%s: %d exchanges, want %d", name, got, n+open)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if got := len(exchanges(read(t, content(t, file)))); got != 2+open {
				t.Errorf("%s: %d exchanges at the end", name, got)
			}
		}
	}
}

// TestOddParts records what HAR has no place for: bodies that are not text, of
// which one is cut; one trailer; versions that importers do not know; an end
// before that of a body.
func TestOddParts(t *testing.T) {
	evs := exchangeEvents(dockerConn(1), 1)
	q, qb, p, pb, x := evs[0].(*wire.Request), evs[2].(*wire.Body), evs[3].(*wire.Response), evs[5].(*wire.Body), evs[6].(*wire.Exchange)
	for name, change := range map[string]func(){
		"binary request": func() { qb.Content, qb.Data, qb.Bytes, qb.WireBytes = wire.KindBinary, []byte("\xff\x00{"), 3, 3 },
		"a cut one":      func() { qb.Truncated, qb.Bytes, qb.WireBytes = true, 300, 300 },
		"one not kept":   func() { qb.Data, qb.Digest = nil, "sha256:00" },
		"trailer":        func() { pb.Trailer = []wire.Field{{Name: "X", Value: "y", Line: "X: y"}} },
		"trailers": func() {
			qb.Trailer = []wire.Field{{Name: "X", Value: "y", Line: "X:y"}, {Name: "", Value: "", Line: "odd"}}
		},
		"HTTP/2":             func() { q.Version, p.Version = "HTTP/2.0", "HTTP/2.0" },
		"no version":         func() { q.Version, p.Version = "", "" },
		"an odd version":     func() { q.Version, p.Version = "HTTP/1.7", "http/1.1" },
		"reason":             func() { p.Reason = "\xe9t\xe9" },
		"part of a response": func() { pb.Complete, x.State = false, wire.StateAborted },
	} {
		change()
		sent := []wire.Event{q, qb, p, pb, x}
		got := read(t, record(t, sent, har.Options{}))
		sameExchanges(t, got, sent)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// TestHTTP2Version spells the version in the way that importers read.
func TestHTTP2Version(t *testing.T) {
	for version, want := range map[string]string{"HTTP/2.0": "http/2.0", "HTTP/2": "http/2.0", "h2": "http/2.0", "HTTP/1.0": "HTTP/1.0", "": "HTTP/1.1"} {
		evs := exchangeEvents(dockerConn(1), 1)
		evs[0].(*wire.Request).Version, evs[3].(*wire.Response).Version = version, version
		doc := record(t, evs, har.Options{})
		checkRules(t, doc)
		e := parse(t, doc).Log.Entries[0]
		if e.Request.HTTPVersion != want || e.Response.HTTPVersion != want {
			t.Errorf("%q: %q and %q, want %q", version, e.Request.HTTPVersion, e.Response.HTTPVersion, want)
		}
	}
}

// TestLargeDocument has one entry for an exchange with one large document, which
// is in its body, and parts for one with a stream of them.
func TestLargeDocument(t *testing.T) {
	for documents, least := range map[int]int{1: 1, 6: 3} {
		w, file := create(t, "session.har", har.Options{Body: 4 << 20})
		evs := exchangeEvents(dockerConn(1), 1)
		pb, x := evs[5].(*wire.Body), evs[6].(*wire.Exchange)
		one := []byte(`"` + strings.Repeat("x", 3<<20/documents) + `"`)
		pb.Data = bytes.Repeat(one, documents)
		pb.Bytes = int64(len(pb.Data))
		pb.WireBytes = pb.Bytes
		send(t, w, evs[:4])
		recorded := evs[:4:4]
		for i := range documents {
			m := &wire.Message{Meta: pb.Meta, Kind: wire.KindJSON, Index: i, Data: one, Size: int64(len(one))}
			m.Off += int64(i * len(one))
			recorded = append(recorded, m)
		}
		recorded = append(recorded, pb, x)
		send(t, w, recorded[4:])
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		doc := content(t, file)
		if n := len(parse(t, doc).Log.Entries); n < least || n > documents {
			t.Errorf("%d documents: %d entries", documents, n)
		}
		got := read(t, doc)
		sameExchanges(t, got, recorded)
		sameMessages(t, got, recorded)
	}
}

// TestSizeWhileOpen tells no size of a body that has not ended, unless there is
// none: behind an upgrade.
func TestSizeWhileOpen(t *testing.T) {
	for _, upgraded := range []bool{false, true} {
		w, file := create(t, "session.har", har.Options{})
		evs := exchangeEvents(dockerConn(1), 1)
		send(t, w, evs[:4])
		want := int64(-1)
		if upgraded {
			want = 0
			send(t, w, []wire.Event{&wire.Upgrade{Meta: evs[3].(*wire.Response).Meta, Protocol: "tcp"}})
		}
		w.Refresh()
		w.Refresh()
		if got := parse(t, content(t, file)).Log.Entries[0].Response.BodySize; got != want {
			t.Errorf("upgraded: %v: size %d, want %d", upgraded, got, want)
		}
	}
}

// TestOutsideParts writes what belongs to no exchange when there is too much of
// it, and no entry of nothing after that; one anomaly is something.
func TestOutsideParts(t *testing.T) {
	w, file := create(t, "session.har", har.Options{})
	c := dockerConn(1)
	meta := wire.Meta{Conn: c, Dir: wire.ToServer, Start: t0, End: t0}
	entries := func() int { return len(parse(t, content(t, file)).Log.Entries) }
	send(t, w, []wire.Event{&wire.Message{Meta: meta, Kind: wire.KindRaw, Data: make([]byte, 1<<20+1), Size: 1<<20 + 1}})
	for range 3 {
		w.Refresh()
		if n := entries(); n != 1 {
			t.Fatalf("%d entries", n)
		}
	}
	send(t, w, []wire.Event{&wire.EOF{Meta: meta}})
	w.Refresh()
	w.Refresh()
	if n := entries(); n != 1 {
		t.Fatalf("%d entries, one of them of nothing", n)
	}
	send(t, w, []wire.Event{&wire.Anomaly{Meta: meta, Code: "not-http"}})
	w.Refresh()
	w.Refresh()
	if n := entries(); n != 2 {
		t.Fatalf("%d entries, with an anomaly", n)
	}
	send(t, w, []wire.Event{&wire.Close{Meta: meta}})
	if n := entries(); n != 2 {
		t.Errorf("%d entries at the end", n)
	}
}

// TestProvisionalPart has an exchange of which one part is written go on in the
// tail of the file, as its second.
func TestProvisionalPart(t *testing.T) {
	w, file := create(t, "session.har", har.Options{})
	c := dockerConn(1)
	evs := exchangeEvents(c, 1)
	sent := append([]wire.Event{}, evs[:4]...)
	send(t, w, sent)
	frame := func(i, size int) wire.Event {
		return &wire.Message{Meta: wire.Meta{Conn: c, Exchange: 1, Dir: wire.ToClient, Off: int64(1000 + i), Start: t0.Add(time.Second), End: t0.Add(time.Second)},
			Kind: wire.KindStdout, Index: i, Data: bytes.Repeat([]byte("x"), size), Size: int64(size)}
	}
	for i, size := range []int{1 << 20, 5} {
		send(t, w, []wire.Event{frame(i, size)})
		sent = append(sent, frame(i, size))
	}
	w.Refresh()
	w.Refresh()
	got := read(t, content(t, file))
	if x := exchanges(got); len(x) != 1 || x[0].State != wire.StateOpen || x[0].Streams[wire.KindStdout].Frames != 2 {
		t.Errorf("%d exchanges", len(x))
	}
	n := 0
	for _, ev := range got {
		switch ev.(type) {
		case *wire.Request, *wire.Response:
			n++
		case *wire.Message:
			n += 100
		}
	}
	if n != 302 { // the request's document, and two frames
		t.Errorf("events: %d", n)
	}
}

// TestForeignSizes takes the sizes of bodies from wherever they are told.
func TestForeignSizes(t *testing.T) {
	for _, c := range []struct {
		old, new string
		want     string
	}{
		{`"postData":{"mimeType":"text/plain","text":"abc"}`, `"postData":{"mimeType":"text/plain","text":""}`, "up 3 of 3 kept 0 cut true; down 7 of 7 kept 7 cut false; 3 7"},
		{`"bodySize":3,"postData":{"mimeType":"text/plain","text":"abc"}`, `"bodySize":0`, "up none; down 7 of 7 kept 7 cut false; 0 7"},
		{`"text":"{\"a\":1}"`, `"comment":""`, "up 3 of 3 kept 3 cut false; down 7 of 7 kept 0 cut true; 3 7"},
		{`"headersSize":-1,"bodySize":7`, `"headersSize":100,"bodySize":50`, "up 3 of 3 kept 3 cut false; down 50 of 7 kept 7 cut false; 3 150"},
		{`"headersSize":-1,"bodySize":3`, `"headersSize":200,"bodySize":-1`, "up 3 of 3 kept 3 cut false; down 7 of 7 kept 7 cut false; 203 7"},
	} {
		evs, _, err := readAll([]byte(inLog(strings.Replace(plainEntry, c.old, c.new, 1))))
		if err != nil {
			t.Fatal(err)
		}
		tell := func(b *wire.Body) string {
			if b == nil {
				return "none"
			}
			return fmt.Sprintf("%d of %d kept %d cut %v", b.WireBytes, b.Bytes, len(b.Data), b.Truncated)
		}
		x := exchanges(evs)[0]
		end := evs[len(evs)-1].(*wire.Close)
		if got := fmt.Sprintf("up %s; down %s; %d %d", tell(x.RequestBody), tell(x.ResponseBody), end.Bytes[0], end.Bytes[1]); got != c.want {
			t.Errorf("%s: %s, want %s", c.new, got, c.want)
		}
		if b := x.ResponseBody; len(b.Data) == 0 && b.Data != nil {
			t.Error("bytes that were not kept are none")
		}
	}
}

// TestExact records heads that are no UTF-8, fields that were sent in another form, and
// text that is cut within a character.
func TestExact(t *testing.T) {
	evs := exchangeEvents(dockerConn(1), 1)
	q, p, pb, x := evs[0].(*wire.Request), evs[3].(*wire.Response), evs[5].(*wire.Body), evs[6].(*wire.Exchange)
	q.Fields = []wire.Field{
		{Name: "a", Value: "b", Line: "a: b"}, {Name: "c", Value: "d", Line: "c:d"}, {Name: "e", Value: "\xff", Line: "e: \xff"},
		{Name: "f\xfe", Value: "g", Line: "f\xfe:g"}, {Name: "h", Value: "i", Line: "h:\xfdi"}, {Name: "j\xfc", Value: "k", Masked: true},
		{Name: "l", Value: "m", Masked: true}, {Name: "", Value: "", Line: "odd"}, {Name: "n", Value: "o"},
	}
	p.Fields = q.Fields[:3:3]
	pb.Content, pb.Data, pb.Truncated, pb.Bytes, pb.WireBytes, pb.Complete = wire.KindText, []byte("text \xe2\x82"), true, 900, 900, true
	pb.Trailer = q.Fields[2:4:4]
	p.Reason = "\xfe"
	sent := []wire.Event{q, evs[2], p, pb, x}
	doc := record(t, sent, har.Options{Body: 1 << 10})
	checkRules(t, doc)
	q.Fields[8].Line = "n: o" // a version that has lines has one
	sameExchanges(t, read(t, doc), sent)
}

// TestDevice writes to what is no regular file as to a stream: there is one, however
// large it is.
func TestDevice(t *testing.T) {
	w, err := har.Create(os.DevNull, har.Options{MaxSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	r := behindBook(t, w)
	for n := range 3 {
		send(t, r, exchangeEvents(dockerConn(1), n+1))
	}
	if err := r.Close(); err != nil || w.Entries() != 3 || len(w.Files()) != 1 || w.Files()[0] != os.DevNull {
		t.Errorf("%v, %d entries in %q", err, w.Entries(), w.Files())
	}
}

// TestStreamRefresh writes nothing of what is open to a stream, which has no place for
// it.
func TestStreamRefresh(t *testing.T) {
	var b bytes.Buffer
	w := behindBook(t, har.NewWriter(&b, har.Options{}))
	send(t, w, exchangeEvents(dockerConn(1), 1)[:4])
	before := b.String()
	w.Refresh()
	w.Refresh()
	if b.String() != before {
		t.Errorf("written: %s", b.String()[len(before):])
	}
}
