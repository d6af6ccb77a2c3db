package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// maxBacks is how many calls of the daemon are made at once in a session.
const maxBacks = 100

// session plays a session of BuildKit: the client is the server of HTTP/2, and the calls that
// the daemon made are made again. It returns when the client has left.
func (p *player) session(w http.ResponseWriter, refused *refusals) {
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	conn, err := upgrade(w, p.switched(), stop)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	defer refused.opened(p.live, stop)()
	defer context.AfterFunc(ctx, func() { conn.Conn.Close() })() // whoever reads or writes fails
	client, err := clientOf(ctx, conn)
	if err != nil {
		return
	}
	defer client.Close()
	if p.isSettled(ctx) {
		p.callBacks(ctx, client)
	}
	<-ctx.Done()
}

// isSettled waits until it is known which session of the recording this is, and has p play that: not if
// the client leaves before.
func (p *player) isSettled(ctx context.Context) bool {
	name := wire.FieldValue(p.live.request.Fields, sessionField)
	if !p.e.named || name == "" {
		return true
	}
	it := p.seats.of(name)
	select {
	case <-it.bound:
		p.e, p.pace = it.e, newPace(p.state, p.pace.speed, it.e, p.now())
		return true
	case <-ctx.Done():
		return false
	}
}

// clientOf returns a client of HTTP/2 on a connection.
func clientOf(ctx context.Context, conn net.Conn) (*http.ClientConn, error) {
	transport := &http.Transport{
		Protocols: new(http.Protocols), DisableCompression: true, MaxResponseHeaderBytes: maxHead,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	transport.Protocols.SetUnencryptedHTTP2(true)
	return transport.NewClientConn(ctx, "http", "localhost:80")
}

// callBacks makes the calls of the daemon, each when those that were over before it in the
// recording are so, and returns when all are.
func (p *player) callBacks(ctx context.Context, client *http.ClientConn) {
	var open sync.WaitGroup
	defer open.Wait()
	slots := make(chan struct{}, maxBacks)
	own := p.e
	if !own.named {
		own = nil
	}
	for _, c := range p.e.calls {
		if why := c.answer.lacks; why != "" {
			p.report.missed(Miss{Request: line(c.request.Method, c.request.Target), Why: why}, p.now())
			p.returns.done(c)
			continue
		}
		if p.awaitBuilds(ctx, c) != nil || p.until(ctx, c.asked) != nil || p.returns.await(ctx, own, p.e.asked, c.asked) != nil {
			return
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		pace := *p.pace
		b := &back{player: p, pace: &pace, call: c, in: newTyped(new(input))}
		open.Go(func() {
			defer func() { <-slots }()
			defer p.returns.done(c)
			b.make(ctx, client)
		})
	}
}

// awaitBuilds waits until the builds are asked for here that c was a part of: one that is refused has no
// calls.
func (p *player) awaitBuilds(ctx context.Context, c *exchange) error {
	for _, b := range p.script.buildsAt(c.asked) {
		if b.session != nil && b.session != p.e {
			continue // it has calls of its own
		}
		if _, err := p.await(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// back is a call of the daemon that is being made.
type back struct {
	*player
	pace *pace
	call *exchange
	in   *typed // the messages of the client
}

// make makes the call, and returns when it is over.
func (b *back) make(ctx context.Context, client *http.ClientConn) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	body, out := io.Pipe()
	r, err := b.request(ctx, body)
	if err != nil {
		return
	}
	said := make(chan struct{})
	go func() {
		defer close(said)
		defer b.returns.whenLate(b.call, func() { out.CloseWithError(errCut) })()
		if err := b.say(ctx, out); err != nil {
			out.CloseWithError(err) // the client is told: net/http waits for this only
			return
		}
		<-ctx.Done()
	}()
	defer func() { <-said }()
	defer body.Close()
	defer stop()
	got, err := client.RoundTrip(r)
	if err != nil {
		return
	}
	defer got.Body.Close()
	if b.in.hearAll(got.Body) == nil {
		b.check(got)
	}
}

// request returns the head of the call, with the fields that it had.
func (b *back) request(ctx context.Context, body io.Reader) (*http.Request, error) {
	asked := &b.call.request
	r, err := http.NewRequestWithContext(ctx, asked.Method, "http://localhost"+asked.Target, body)
	if err != nil {
		return nil, err
	}
	for _, f := range asked.Fields {
		if wire.IsToken(f.Name) && !framing[f.Name] { // those that begin with a colon are none
			r.Header.Add(f.Name, f.Value)
		}
	}
	return r, nil
}

// errCut says that the daemon broke off.
var errCut = errors.New("cut")

// say sends what the daemon said, and ends the call as it did: errCut if it broke off. Other errors
// say that the client has ended the call.
func (b *back) say(ctx context.Context, out *io.PipeWriter) error {
	a := &b.call.answer
	for _, piece := range a.pieces {
		if err := b.wait(ctx, &piece); err != nil {
			return err
		}
		if _, err := out.Write(piece.data); err != nil {
			return err
		}
	}
	if a.ends == stays {
		return nil
	}
	if err := b.wait(ctx, &a.last); err != nil {
		return err
	}
	if a.ends == cut {
		return errCut
	}
	return out.Close()
}

// wait waits for what came before a piece.
func (b *back) wait(ctx context.Context, piece *piece) error {
	if err := b.pace.until(ctx, piece.at); err != nil {
		return err
	}
	return b.in.await(ctx, piece.typed, false)
}

// check reports a client that has answered otherwise than the recorded one.
func (b *back) check(got *http.Response) {
	code, want := cmp.Or(got.Trailer.Get(status), got.Header.Get(status)), b.call.answer.result
	if want != "" && code != want {
		b.report.missed(Miss{
			Request: line(b.call.request.Method, b.call.request.Target),
			Why:     fmt.Sprintf("the client's %s is %s, in the recording %s", status, value(code), value(want)),
		}, b.now())
	}
}
