package har_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// Any program's HAR file is read as events; the last of an exchange says how that ended.
func ExampleRead() {
	file := `{"log":{"version":"1.2","creator":{"name":"browser","version":"1"},"entries":[{
		"startedDateTime":"2026-01-02T03:04:05Z","time":12,
		"request":{"method":"GET","url":"http://localhost/v1.41/containers/json?all=1","httpVersion":"HTTP/1.1","headers":[],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
		"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":2,"mimeType":"application/json","text":"[]"},"redirectURL":"","headersSize":-1,"bodySize":2},
		"cache":{},"timings":{"send":0,"wait":12,"receive":0}}]}}`
	repairs, err := har.Read(strings.NewReader(file), func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			fmt.Println(ev.Method, ev.Target)
		case *wire.Response:
			fmt.Println(ev.Status)
		}
	})
	fmt.Println(len(repairs), err)
	// Output:
	// GET /v1.41/containers/json?all=1
	// 200
	// 0 <nil>
}

// A Writer is a sink: it has an entry for each exchange that has ended, and what was written
// is a whole file after each.
func ExampleNewWriter() {
	var file bytes.Buffer
	w := har.NewWriter(&file, har.Options{})
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	meta := wire.Meta{Conn: &wire.Conn{ID: 1, Start: begin}, Exchange: 1, Start: begin, End: begin.Add(12 * time.Millisecond)}
	x := &wire.Exchange{
		Meta:     meta,
		Request:  &wire.Request{Meta: meta, Method: "GET", Target: "/_ping", Version: "HTTP/1.1"},
		Response: &wire.Response{Meta: meta, Status: 200, Reason: "OK", Version: "HTTP/1.1"},
	}
	if err := w.Event(x, x); err != nil {
		fmt.Println(err)
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	_, err := har.Read(&file, func(ev wire.Event) {
		if end, ok := ev.(*wire.End); ok {
			fmt.Println(end.State, end.End.Sub(end.Start))
		}
	})
	fmt.Println(err)
	// Output:
	// done 12ms
	// <nil>
}
