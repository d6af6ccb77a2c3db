package transcript

import (
	"bytes"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Recorder makes a Session of live connections. It keeps all their bytes in
// memory. Its methods may be called concurrently.
type Recorder struct {
	start time.Time
	mu    sync.Mutex
	conns []*Conn
}

// NewRecorder returns a recorder whose session begins at start.
func NewRecorder(start time.Time) *Recorder { return &Recorder{start: start} }

// Tap returns a tap that records c.
func (r *Recorder) Tap(c *wire.Conn) wire.Tap {
	rec := &Conn{Start: c.Start.Sub(r.start), Client: c.Client, Server: c.Server}
	r.mu.Lock()
	r.conns = append(r.conns, rec)
	r.mu.Unlock()
	return &connRecorder{c: rec, start: c.Start}
}

// Session returns what was recorded of the connections that have ended.
func (r *Recorder) Session() *Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &Session{}
	for _, c := range r.conns {
		if c.Close != nil {
			s.Conns = append(s.Conns, c)
		}
	}
	return s
}

type connRecorder struct {
	c     *Conn
	start time.Time
}

func (r *connRecorder) Chunk(c wire.Chunk) {
	r.c.Chunks = append(r.c.Chunks, Chunk{
		At: c.Time.Sub(r.start), Dir: c.Dir, Data: bytes.Clone(c.Data), Lost: c.Lost, EOF: c.EOF,
	})
}

func (r *connRecorder) End(t time.Time, err error) {
	end := &Close{At: t.Sub(r.start)}
	if err != nil {
		end.Reason = err.Error()
	}
	r.c.Close = end
}
