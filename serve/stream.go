package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/wire"
)

// dialogue is what is said on a connection that has left HTTP. Both functions run at the same
// time.
type dialogue interface {
	// listen reads what the client says until it has left: left is called then.
	listen(from *bufio.Reader, left func())
	// speak says what came, and then that it has ended. It is an error if the client has left,
	// or if the connection broke in the recording.
	speak(ctx context.Context) error
}

// hijack plays a stream: the connection leaves HTTP, as the client has asked for it. It
// returns when both directions have ended, or the client has left.
func (p *player) hijack(w http.ResponseWriter) {
	p.leave(w, func(_ context.Context, conn net.Conn, in *typed) dialogue { return &plain{p, conn, in} })
}

// leave has the connection leave HTTP for a dialogue, to which what it reads is input. ctx ends
// when the client has left.
func (p *player) leave(w http.ResponseWriter, begin func(ctx context.Context, conn net.Conn, in *typed) dialogue) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2, or somebody else's writer
		panic(http.ErrAbortHandler)
	}
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // whoever reads or writes fails
	in := newTyped(&p.e.answer.input)
	d := begin(ctx, conn, in)
	read := make(chan struct{})
	go func() {
		defer close(read)
		d.listen(rw.Reader, stop)
	}()
	if d.speak(ctx) == nil {
		_ = in.await(ctx, 0, true) // unread input would have the kernel throw away what was sent
	}
	stop()
	conn.Close()
	<-read
	if at, differs := in.difference(); differs {
		p.report.missed(p.missedFor(p.live, fmt.Sprintf("its input is not that of the recording, from byte %d on", at)), p.now())
	}
}

// plain is a dialogue of bytes, as Docker's daemon has it.
type plain struct {
	*player
	conn net.Conn
	in   *typed
}

func (p *plain) listen(from *bufio.Reader, left func()) { p.in.read(from, p.conn, left) }

func (p *plain) speak(ctx context.Context) error { return p.output(ctx, p.conn, p.in) }

// output sends what came to the client, and then that it has ended. It is an error if the
// client has left, or if the connection broke in the recording.
func (p *player) output(ctx context.Context, conn net.Conn, in *typed) error {
	a := &p.e.answer
	if _, err := conn.Write(p.switched()); err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	for _, piece := range a.pieces {
		if err := p.wait(ctx, &piece, in); err != nil {
			return err
		}
		if _, err := conn.Write(piece.data); err != nil {
			return err
		}
	}
	if a.ends == stays {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := p.wait(ctx, &a.last, in); err != nil {
		return err
	}
	if a.ends == cut {
		return io.ErrUnexpectedEOF
	}
	return halfClose(conn)
}

// halfClose says to the client that nothing more comes: io.EOF if that cannot be said of conn.
func halfClose(conn net.Conn) error {
	if c, ok := conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return io.EOF
}

// settling is how long docker-py has for the head of a stream. It reads that through a
// buffer, and loses what is in there behind it (docker/api/client.py, _get_raw_response_socket).
const settling = 100 * time.Millisecond

// settle waits behind the head as long as it was recorded, whatever the speed, if the client may
// lose what comes sooner.
func (p *player) settle(ctx context.Context) error {
	agent := wire.FieldValue(p.live.request.Fields, "User-Agent")
	if len(p.e.answer.pieces) == 0 || dockerapi.ProgramOf(agent).Kind != dockerapi.DockerPy {
		return nil
	}
	return sleep(ctx, min(p.e.answer.pieces[0].at-p.e.answer.head, settling))
}

// wait waits for what came before a piece: requests, time and input.
func (p *player) wait(ctx context.Context, piece *piece, in *typed) error {
	if err := p.until(ctx, piece.at); err != nil {
		return err
	}
	return in.await(ctx, piece.typed, piece.ended)
}

// switched returns the head of the answer: 101 if the client has offered to leave HTTP, or
// else 200 without framing, as Docker's daemon does it.
func (p *player) switched() []byte {
	var b bytes.Buffer
	if p.live.upgrade {
		fmt.Fprintf(&b, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: %s\r\n", wire.FieldValue(p.live.request.Fields, "Upgrade"))
	} else {
		b.WriteString("HTTP/1.1 200 OK\r\n")
	}
	for _, f := range p.e.answer.fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, oneLine.Replace(f.Value))
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// oneLine keeps a value of a field, which a foreign recording may have odd, on its line.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

// typed is the input of a stream. One goroutine reads it, others wait for it.
type typed struct {
	recorded *input

	mu      sync.Mutex
	n       int64 // bytes that have come
	ended   bool
	differs int64         // where it differs from the recording; -1 if it does not
	changed chan struct{} // closed with each change
}

func newTyped(recorded *input) *typed {
	return &typed{recorded: recorded, differs: -1, changed: make(chan struct{})}
}

// read reads what the client says until it has left: left is called then.
func (t *typed) read(from *bufio.Reader, conn net.Conn, left func()) {
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		t.add(buf[:n], err != nil)
		if err == nil {
			continue
		}
		awaitLeft(err, conn, left)
		return
	}
}

// awaitLeft calls left when the client, of which no more can be read for a reason, has left.
func awaitLeft(err error, conn net.Conn, left func()) {
	if err != io.EOF || intercept.AwaitHangup(conn) {
		left()
	}
}

// add notes what has come.
func (t *typed) add(b []byte, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if want := t.recorded.data; t.differs < 0 && t.n < int64(len(want)) {
		want = want[t.n:]
		if n := common(want, b); n < min(len(want), len(b)) {
			t.differs = t.n + int64(n)
		}
	}
	t.n += int64(len(b))
	t.ended = ended
	close(t.changed)
	t.changed = make(chan struct{})
}

// common returns how many bytes a and b begin with in common.
func common(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// await waits until n bytes have come and, if ended, no more will; or until no more will.
func (t *typed) await(ctx context.Context, n int64, ended bool) error {
	for {
		t.mu.Lock()
		done, changed := t.ended || t.n >= n && !ended, t.changed
		t.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// difference returns where the input differed from that of the recording, if it did.
func (t *typed) difference() (at int64, differs bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.differs, t.differs >= 0
}
