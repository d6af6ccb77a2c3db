package recording_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/recording"
	"github.com/socktrace/socktrace/wire"
)

// A program that reads recordings of all forms: those that have bytes are decoded, the others
// tell their events.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "session.har")
	text := `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-01-02T03:04:05Z","time":1,
		"request":{"method":"POST","url":"http://localhost/v1.41/containers/web/start","httpVersion":"HTTP/1.1","headers":[]},
		"response":{"status":204,"statusText":"No Content","httpVersion":"HTTP/1.1","headers":[]}}]}}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	rec, err := recording.Open(ctx, name, nil, recording.Options{Recognize: decode.Recognize})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rec.Close()
	emit := func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			fmt.Println(ev.Method, ev.Target)
		case *wire.Response:
			fmt.Println(ev.Status, ev.Reason)
		}
	}
	newTap := func(c *wire.Conn) wire.Tap { // of captures
		d := decode.New(c, decode.Options{Needs: wire.Needs{Lines: true, Fields: true}}, emit)
		d.Open()
		return d
	}
	if _, err := rec.Read(ctx, newTap, emit); err != nil {
		fmt.Println(err)
	}
	fmt.Println(rec.Format())
	// Output:
	// POST /v1.41/containers/web/start
	// 204 No Content
	// HAR
}
