package har_test

import (
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestCarries has an exchange in the file when a connection begins in it, once, and
// without a body of which more may become known.
func TestCarries(t *testing.T) {
	for _, kept := range []bool{true, false} {
		w, file := create(t, "session.har", har.Options{})
		outer := dockerConn(1)
		evs := exchangeEvents(outer, 1)
		body, x := evs[2].(*wire.Body), evs[6].(*wire.Exchange)
		if !kept {
			body.Data, body.Bytes, body.WireBytes = nil, 300, 300
		}
		opened := func(id int) wire.Event {
			c := dockerConn(id)
			c.Parent = wire.Parent{Conn: outer, Exchange: 1}
			return &wire.Open{Meta: wire.Meta{Conn: c, Start: t0, End: t0}}
		}
		sent := []wire.Event{evs[0], body}
		send(t, w, append([]wire.Event{&wire.Open{Meta: wire.Meta{Conn: outer, Start: t0, End: t0}}}, sent...))
		for id := 2; id < 4; id++ {
			send(t, w, []wire.Event{opened(id)})
			entries := parse(t, content(t, file)).Log.Entries
			if len(entries) != 1 || entries[0].Request.Method != evs[0].(*wire.Request).Method {
				t.Fatalf("kept: %t: %d entries", kept, len(entries))
			}
			if has := entries[0].Request.PostData.MimeType != ""; has != kept {
				t.Errorf("kept: %t: the entry has a body: %t", kept, has)
			}
		}
		x.Response, x.ResponseBody = nil, nil
		send(t, w, []wire.Event{x})
		if n := len(parse(t, content(t, file)).Log.Entries); n != 2 {
			t.Errorf("kept: %t: %d entries at the end", kept, n)
		}
		got := read(t, content(t, file))
		if all := exchanges(got); len(all) != 1 || all[0].RequestBody == nil || all[0].RequestBody.Bytes != body.Bytes || len(all[0].RequestBody.Data) != len(body.Data) {
			t.Errorf("kept: %t: %d exchanges, %+v", kept, len(all), all[0].RequestBody)
		}
	}
}
