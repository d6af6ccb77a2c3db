package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// Options say how a Server behaves.
type Options struct {
	Speed Speed // 0 is 1
	// Strict has each exchange answer once: what is asked for more often is missed, but
	// for pings and the sizes of terminals.
	Strict bool
	// Ignore are places in which requests may differ from those of the recording: see
	// compare.Places. A name that differs there stands for the one in the recording from
	// then on.
	Ignore []string
	// Middleware, if not nil, is put around the handler: it may answer itself, or change
	// what is answered. Streams are hijacked (http.Hijacker).
	Middleware func(http.Handler) http.Handler
}

// Server answers as a Script has it. Its methods may be called concurrently.
type Server struct {
	*state
	speed   Speed
	report  *reporter
	refused *refusals
	bodies  *memory.Budget
	heads   *memory.Budget
	http    http.Server
	ctx     context.Context // until Close
	stop    context.CancelFunc
	mu      sync.Mutex // of closed, and the beginning of busy
	closed  bool
	busy    sync.WaitGroup // requests
	handler http.Handler
}

// New returns a Server for s, which is not serving yet.
func New(s *Script, o Options) *Server {
	if o.Speed == 0 {
		o.Speed = 1
	}
	srv := &Server{
		state: newState(s, o.Strict, o.Ignore, time.Now), speed: o.Speed, report: newReporter(time.Now()), refused: newRefusals(),
		bodies: memory.New(comparedAll), heads: memory.New(headsAll),
	}
	srv.ctx, srv.stop = context.WithCancel(context.Background())
	srv.handler = http.HandlerFunc(srv.answer)
	if o.Middleware != nil {
		srv.handler = o.Middleware(srv.handler)
	}
	srv.http = http.Server{
		Handler: srv, ErrorLog: log.New(io.Discard, "", 0), MaxHeaderBytes: maxHead,
		Protocols: protocols(), HTTP2: limits(),
		BaseContext: func(net.Listener) context.Context { return srv.ctx }, ConnContext: withConn,
	}
	return srv
}

// Serve answers the clients of l until Close: nil, or why l broke. It closes l.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close closes all connections, and returns when nothing is served any more.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	err := s.http.Close()
	s.busy.Wait()
	return err
}

// Report returns what was done so far. Behind Close it is all.
func (s *Server) Report() Report { return s.report.sum() }

// ServeHTTP implements http.Handler, for servers of others: requests that were read
// already.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.busy.Add(1)
	s.mu.Unlock()
	defer s.busy.Done()
	s.handler.ServeHTTP(w, r)
}

// answer answers one request.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	held := memory.Of(s.bodies)
	defer held.Close()
	head := memory.Of(s.heads)
	defer head.Close()
	l, in, err := s.read(r, &held)
	if err == nil && !head.Take(l.headBytes()) {
		err = errBusy
	}
	switch {
	case errors.Is(err, errBusy):
		s.miss(w, l, http.StatusServiceUnavailable, s.missedFor(l, err.Error()))
		return
	case err != nil: // the client has left, or says what is no body
		panic(http.ErrAbortHandler)
	}
	if err := badOffer(r); err != nil {
		w.Header().Set("Sec-WebSocket-Version", websocket.Version)
		s.miss(w, l, http.StatusBadRequest, s.missedFor(l, err.Error()))
		return
	}
	ctx, stop := presence(s.ctx, r)
	defer stop()
	s.awaitBuild(ctx, l)
	e, made := s.find(ctx, l)
	switch {
	case ctx.Err() != nil:
		panic(http.ErrAbortHandler)
	case e == nil && l.op == "GRPC" && s.script.http2 && !isHijacked(r):
		s.report.answered()
		stop()
		serveHTTP2(s.ctx, &s.http, w)
	case e == nil && s.madeUp(w, l):
		s.report.answered()
	case e == nil:
		s.miss(w, l, http.StatusNotImplemented, s.missed(l))
	case e.answer.lacks != "":
		s.miss(w, l, http.StatusNotImplemented, s.missedFor(l, e.answer.lacks))
	case e.answer.streams && r.ProtoMajor > 1:
		s.miss(w, l, http.StatusNotImplemented, s.missedFor(l, "it comes by HTTP/2, in which no connection becomes a stream"))
	case e.answer.streams && (e.answer.speaks == frames) != websocket.IsOffered(r.Header):
		s.miss(w, l, http.StatusNotImplemented, s.missedFor(l, otherProtocol(e)))
	default:
		s.report.answered()
		s.begun(l, e)
		l.request.Body = nil
		held.Close()
		p := player{state: s.state, report: s.report, ctx: s.ctx, e: e, live: l, pace: newPace(s.state, s.speed, e, made)}
		if e.endsWithClient() {
			ctx = r.Context()
		}
		p.begin(ctx)
		switch a := &e.answer; {
		case a.speaks == messages && in != nil:
			p.call(ctx, w, r.Body, in)
		case !a.streams:
			p.play(ctx, w)
		case a.speaks == callsBack:
			stop() // the connection is read from now
			p.session(w, s.refused)
		case a.speaks == frames:
			stop()
			p.webSocket(w, r)
		default:
			stop()
			p.hijack(w)
		}
	}
}

// miss counts m, and says so to the client, in the form that Docker's daemon has for errors, or
// that of gRPC.
func (s *Server) miss(w http.ResponseWriter, l *live, status int, m Miss) {
	s.report.missed(m, s.now())
	if s.refused.refuse(l) {
		s.returns.giveUpFree()
	}
	message := "socktrace serve: " + m.String()
	if l.call {
		refuse(w, status, message)
		return
	}
	text, _ := json.Marshal(map[string]string{"message": message}) // strings always can
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a client that has left needs none
}

// read reads a request; of a call of gRPC the first message, if what may answer it came behind that:
// in is what has come of those then, and nil of what is no call.
func (s *Server) read(r *http.Request, held *memory.Account) (l *live, in *typed, err error) {
	fields := fieldsFrom(r)
	if r.ProtoMajor < 2 || !isCall(fields) {
		l, err = readLive(r, held)
		return l, nil, err
	}
	l = &live{request: compare.Request{Method: r.Method, Target: r.RequestURI, Fields: fields}, call: true}
	l.op = operationNamed(r.Method, r.RequestURI)
	in = newTyped(new(input))
	if s.state.hears(l.key()) {
		l.request.Body, l.message, l.compared, err = hearFirst(r.Body, r.URL.Path, held)
		in.add(oneMessage, false)
	}
	return l, in, err
}

// readLive reads a request.
func readLive(r *http.Request, held *memory.Account) (*live, error) {
	l := &live{request: compare.Request{Method: r.Method, Target: r.RequestURI, Fields: fieldsFrom(r)}}
	l.op = operationNamed(r.Method, r.RequestURI)
	l.upgrade = r.Header.Get("Upgrade") != ""
	var err error
	l.request.Body, l.compared, err = readBody(r, held)
	l.long = !l.compared && textual(r.Header)
	return l, err
}

// fieldsFrom returns the fields of a request, by name.
func fieldsFrom(r *http.Request) []wire.Field {
	fields := []wire.Field{{Name: "Host", Value: r.Host}}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, v := range r.Header[name] {
			fields = append(fields, wire.Field{Name: name, Value: v})
		}
	}
	return fields
}

// madeUp answers l, which the recording does not have, if it must be answered in any case.
func (s *Server) madeUp(w http.ResponseWriter, l *live) bool {
	switch {
	case isPing(l.op):
		h := w.Header()
		if v := s.script.version; v != "" {
			h["Api-Version"] = []string{v}
		}
		h.Set("Ostype", cmp.Or(s.script.ostype(), "linux"))
		h.Set("Cache-Control", "no-cache, no-store, must-revalidate")
		h.Set("Content-Type", "text/plain; charset=utf-8")
		if l.request.Method != http.MethodHead {
			_, _ = io.WriteString(w, pong)
		}
	case isResize(l.op):
		w.WriteHeader(http.StatusOK)
	case l.call && isTelemetry(l.op):
		thank(w)
	default:
		return false
	}
	return true
}
