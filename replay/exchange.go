package replay

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is held of an answer.
const (
	maxHead   = 1 << 20
	maxAnswer = 4 << 20  // to learn ids from
	maxHeld   = 64 << 20 // the same for all answers that are being read
)

// connection is one to the daemon, of one lane.
type connection struct {
	net.Conn
	limit  io.LimitedReader // of what is read
	in     *bufio.Reader    // reads from limit
	number int
	sent   int // requests so far
}

// connect connects to the daemon.
func (p *play) connect(ctx context.Context) (*connection, error) {
	c, number, err := p.Dial(ctx)
	if err != nil {
		return nil, err
	}
	it := &connection{Conn: c, number: number, limit: io.LimitedReader{R: c}}
	it.in = bufio.NewReader(&it.limit)
	return it, nil
}

// close closes a connection, if there is one.
func (c *connection) close() {
	if c != nil {
		c.Conn.Close()
	}
}

// exchange is a step that is being done: one goroutine writes the request, one reads the
// answer, one watches the time, and one sends the input, if there is some. The last three use
// the play.
type exchange struct {
	*play
	step     *Step
	conn     *connection
	socket   *socket       // nil if the step was none
	received tally         // bytes of the answer, behind its head
	answered chan struct{} // closed when the head of the answer was read
	written  error         // why the request was not written; for when the writer has ended
	ended    string        // why we have ended it; for when the watcher has ended
}

// exchange does one step, and reports whether the connection is good for another.
func (p *play) exchange(ctx context.Context, c *connection, s *Step) bool {
	defer context.AfterFunc(ctx, c.close)()
	c.sent++
	s.Became = Place{c.number, c.sent}
	e := &exchange{play: p, step: s, conn: c, answered: make(chan struct{})}
	if s.isSocket() {
		e.socket = &socket{conn: c, received: &e.received}
	}
	going, over := context.WithCancel(ctx)
	defer over()
	var writing, helping sync.WaitGroup
	writing.Go(e.write)
	helping.Go(func() { e.watch(going) })
	good, err := e.read(func() { helping.Go(func() { e.enter(going) }) })
	over()
	if !good {
		c.close()
	}
	helping.Wait()
	_ = c.SetWriteDeadline(time.Now().Add(p.Patience)) // it may have answered before it has read all
	writing.Wait()
	_ = c.SetWriteDeadline(time.Time{})
	switch {
	case e.ended != "":
		s.note(e.ended)
	case ctx.Err() != nil:
		s.note("was interrupted")
	case err != nil && !s.leaves():
		s.note(err.Error())
	}
	return good && e.written == nil && e.ended == "" && ctx.Err() == nil
}

// write sends the request.
func (e *exchange) write() {
	reach := func() { e.order.reach(e.step, markSent) }
	defer time.AfterFunc(e.Patience, reach).Stop() // a daemon may not want to read it all
	e.ids.tick(e.step.Recorded.Start, time.Now())
	_, e.written = e.conn.Write(e.step.request(e.ids, e.Base))
	reach()
}

// read reads the answer to its end, and learns from it. It calls enter when the connection has
// left HTTP and takes input. It reports whether the connection can have another request.
func (e *exchange) read(enter func()) (good bool, err error) {
	s := e.step
	answer, err := e.head()
	if err != nil {
		return false, fmt.Errorf("no answer could be read: %w", err)
	}
	close(e.answered)
	e.order.reach(s, markAnswered)
	var body io.Reader = answer.Body
	switched := answer.StatusCode == http.StatusSwitchingProtocols
	if switched {
		body = e.conn.in
	}
	// Docker's older form of hijacking has no upgrade, and no end but that of the connection: where
	// another request could follow, input would be one.
	stream := switched || e.socket == nil && s.sent.Upgrade != nil && answer.Close && answer.ContentLength < 0 && len(answer.TransferEncoding) == 0
	if stream && s.input != nil {
		enter()
	}
	most := maxAnswer
	if stream {
		most = 0 // nothing is learned from it
	}
	if switched && e.socket != nil {
		err = e.socket.listen(body)
		return false, brokenOff(err)
	}
	kept, err := e.drain(body, most)
	defer func() { e.held.Add(-int64(len(kept))) }()
	switch {
	case err != nil:
		return false, brokenOff(err)
	case stream:
		return false, nil
	}
	e.ids.negotiate(s, answer.Header.Get(versionField))
	e.learn(answer.StatusCode, documents(kept))
	return !answer.Close, nil
}

// brokenOff says that an answer broke off with an error; nil for none.
func brokenOff(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the answer broke off: %w", err)
}

// learn learns from the documents of the answer, and notes whether the step is to be done again.
func (e *exchange) learn(status int, docs [][]byte) {
	e.ids.learn(e.step, status, docs)
	e.step.unsettled = e.step.mayRepeat() && e.ids.isUnsettled(e.step, status, docs)
}

// head reads the head of the answer; those of interim ones before it are nothing.
func (e *exchange) head() (*http.Response, error) {
	for {
		e.conn.limit.N = maxHead
		answer, err := http.ReadResponse(e.conn.in, &http.Request{Method: e.step.Recorded.Request.Method})
		if err != nil {
			return nil, err
		}
		if code := answer.StatusCode; code/100 != 1 || code == http.StatusSwitchingProtocols {
			e.conn.limit.N = math.MaxInt64
			return answer, nil
		}
	}
}

// drain reads to the end, and returns the beginning of what it has read: so much at the most, and
// not more than there is room for. It is counted in e.held.
func (e *exchange) drain(body io.Reader, most int) (kept []byte, err error) {
	buf := make([]byte, 32<<10)
	for {
		n, err := body.Read(buf)
		e.received.add(n)
		n = min(n, most-len(kept))
		if e.held.Add(int64(n)) > maxHeld {
			e.held.Add(-int64(n))
			n, most = 0, len(kept)
		}
		kept = append(kept, buf[:n]...)
		switch err {
		case nil:
		case io.EOF:
			return kept, nil
		default:
			return kept, err
		}
	}
}

// enter sends the input: each piece when there has come what had come before it, and as long
// after that as then.
func (e *exchange) enter(ctx context.Context) {
	for _, p := range e.step.input.pieces {
		if !e.order.waitUntil(ctx, e.step, p.at) {
			return
		}
		e.received.wait(ctx, p.after, inputPatience)
		if !within(ctx, min(p.pause, e.Pause), nil) {
			return
		}
		if !p.ends() {
			if err := e.send(&p); err != nil {
				return
			}
			continue
		}
		if half, ok := e.conn.Conn.(interface{ CloseWrite() error }); ok && !e.step.leaves() {
			_ = half.CloseWrite() // the daemon may have gone: reading says so
		}
	}
}

// send sends a piece of input, with what things are called now.
func (e *exchange) send(p *piece) error {
	data := e.ids.now(p.data)
	if e.socket != nil {
		return e.socket.send(p.opcode, data)
	}
	_, err := e.conn.Write(data)
	return err
}

// watch has others not wait for long, and ends what does not end: it leaves where the client
// has left, and gives up what takes too long.
func (e *exchange) watch(ctx context.Context) {
	s := e.step
	if !e.order.wait(ctx, s, markAnswered) || !within(ctx, e.patience(s, markAnswered), e.answered) {
		return
	}
	e.order.reach(s, markAnswered)
	if !e.order.wait(ctx, s, markEnded) {
		return
	}
	if s.leaves() {
		e.received.wait(ctx, s.received(), leavePatience)
	} else if most := e.patience(s, markEnded); within(ctx, most, nil) {
		e.ended = fmt.Sprintf("did not end within %s, and was given up", most.Round(time.Millisecond))
	}
	if ctx.Err() == nil {
		e.conn.close()
	}
}

// received is about how many bytes the client had got behind the head of the answer.
func (s *Step) received() (n int64) {
	x := s.Recorded
	if s.input != nil {
		return s.input.received
	}
	for i, doc := range x.Documents[wire.ToClient] {
		n += int64(len(doc) + min(i, 1)) // with what is between them
	}
	n += int64(len(x.Texts[wire.ToClient][wire.KindText]))
	for k, stat := range x.Streams {
		if k := wire.Kind(k); k != wire.KindStdin {
			n += stat.Bytes
			if k.Framed() {
				n += wire.FrameHeader * stat.Frames
			}
		}
	}
	return n
}
