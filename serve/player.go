package serve

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// player plays the answer of one exchange to one client.
type player struct {
	*state
	report *reporter
	ctx    context.Context // of the server
	e      *exchange
	live   *live
	pace   *pace

	pieces []piece // of the body, as this client is told it
}

// begin waits until the answer begins. Where an answer breaks off, so does the connection:
// net/http does that for a handler that panics with http.ErrAbortHandler.
func (p *player) begin(ctx context.Context) {
	if p.e.answer.status == 0 {
		p.end(ctx)
		panic(http.ErrAbortHandler)
	}
	if p.e.answer.speaks == callsBack {
		return // a session is open at once: what came sooner did so by chance, and may never come here
	}
	if p.until(ctx, p.e.answer.head) != nil {
		panic(http.ErrAbortHandler)
	}
}

// until waits for a time of the script: see pace; and for what the daemon had got of its client by
// then, if that is what the answer is about. What never came is in the report.
func (p *player) until(ctx context.Context, at time.Duration) error {
	err := p.pace.until(ctx, at)
	if err == nil && p.e.isCause() && !p.e.answer.streams {
		return p.returns.await(ctx, p.e.session, p.e.asked, at)
	}
	var wait *waitError
	if errors.As(err, &wait) {
		p.report.waited(p.e, wait.cause)
	}
	return err
}

// play answers, and stays within HTTP.
func (p *player) play(ctx context.Context, w http.ResponseWriter) {
	a := &p.e.answer
	p.prepare()
	p.head(w)
	if !bodiless(p.live.request.Method, a.status) {
		p.body(ctx, w)
	}
	if p.end(ctx) != ends {
		panic(http.ErrAbortHandler)
	}
	for _, f := range a.trailer {
		w.Header().Add(http.TrailerPrefix+f.Name, f.Value)
	}
}

// end waits for the end of the answer, and returns how that is.
func (p *player) end(ctx context.Context) ending {
	a := &p.e.answer
	if a.ends == stays {
		<-ctx.Done()
		return stays
	}
	if p.until(ctx, a.last.at) != nil {
		return cut
	}
	return a.ends
}

// head sends the head of the answer.
func (p *player) head(w http.ResponseWriter) {
	a, method := &p.e.answer, p.live.request.Method
	h := w.Header()
	h["Content-Type"], h["Date"] = nil, nil // net/http would make them up
	for _, f := range a.fields {
		name := http.CanonicalHeaderKey(f.Name)
		h[name] = append(h[name], f.Value)
	}
	switch {
	case a.status == http.StatusNoContent || a.status == http.StatusNotModified || a.length < 0:
	case method == http.MethodHead && p.e.request.Method != http.MethodHead, method != http.MethodHead && a.ends == ends:
		h.Set("Content-Length", strconv.FormatInt(p.size(), 10))
	default:
		h.Set("Content-Length", strconv.FormatInt(a.length, 10))
	}
	w.WriteHeader(a.status)
}

// prepare has the pieces of the body ready. That of a ping is there for a client that asks
// otherwise than the recorded one.
func (p *player) prepare() {
	a := &p.e.answer
	if isPing(p.live.op) && len(a.pieces) == 0 && a.status == http.StatusOK {
		p.pieces = []piece{{data: []byte(pong), at: a.head}}
		return
	}
	p.pieces = a.pieces
	if a.isText() && p.hasOthers() {
		p.pieces = slices.Clone(p.pieces)
		for i := range p.pieces {
			p.pieces[i].data = p.asTold(p.pieces[i].data)
		}
	}
}

// size returns how long the body is.
func (p *player) size() (n int64) {
	for _, piece := range p.pieces {
		n += int64(len(piece.data))
	}
	return n
}

// body sends the body, as it came: nothing is held back until the next piece. What was
// chunked is so again.
func (p *player) body(ctx context.Context, w http.ResponseWriter) {
	a, at, control := &p.e.answer, p.e.answer.head, http.NewResponseController(w)
	flush := func() { _ = control.Flush() } // that a client has left, its context tells
	if a.length < 0 {
		flush()
	}
	for _, piece := range p.pieces {
		if piece.at != at {
			flush()
		}
		if at = piece.at; p.until(ctx, at) != nil {
			panic(http.ErrAbortHandler)
		}
		if _, err := w.Write(piece.data); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if a.last.at != at || a.ends != ends {
		flush()
	}
}
