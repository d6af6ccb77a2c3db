package serve

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
)

// prior returns a client that speaks HTTP/2 to d from the beginning.
func (d *daemon) prior() *http.ClientConn {
	d.t.Helper()
	client, err := clientOf(context.Background(), d.dialer()())
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { client.Close() })
	return client
}

// TestStreamByHTTP2: what has left HTTP in the recording is missed by who speaks HTTP/2, which cannot.
func TestStreamByHTTP2(t *testing.T) {
	d := serving(t, scripted(t, `conn
> "POST /v1.41/containers/x/attach?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
< +1ms "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
< +1ms "hello"
< eof
close
`), Options{Speed: Max})
	r, err := http.NewRequest("POST", "http://d/v1.41/containers/x/attach?stream=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.prior().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != http.StatusNotImplemented {
		t.Error(got.Status)
	}
	d.missedOnce("it comes by HTTP/2")
}

// TestHeads bounds the heads of requests that are being answered, of all connections together; what
// there is no room for is told so, and there is room again when they are over.
func TestHeads(t *testing.T) {
	d := serving(t, scripted(t, `conn
> "GET /v1.41/events HTTP/1.1\r\nHost: d\r\n\r\n"
< +1ms "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
< +1ms "2\r\n{}\r\n"
> eof
close
`), Options{Speed: Max})
	const room = 4 << 20 // as headsAll, which takes long to fill
	d.heads = memory.New(room)
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	long := strings.Repeat("a", maxHead*9/10)
	ask := func(client *http.ClientConn) int {
		r, err := http.NewRequestWithContext(ctx, "GET", "http://d/v1.41/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Long", long)
		got, err := client.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode
	}
	held, code := 0, http.StatusOK
	for code == http.StatusOK && held <= room {
		client := d.prior()
		for n := 0; n < maxStreams && code == http.StatusOK; n++ {
			code = ask(client)
			held += len(long)
		}
	}
	if code != http.StatusServiceUnavailable || held < room*9/10 {
		t.Errorf("%d behind %d bytes", code, held)
	}
	leave()
	d.left()
	ctx, leave = context.WithCancel(context.Background())
	defer leave()
	if code := ask(d.prior()); code != http.StatusOK {
		t.Errorf("then %d", code)
	}
	leave()
	d.missedOnce("too many large requests at once")
}
