package audit

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/socktrace/socktrace/audit/chain"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/spool"
)

// output is the chain, behind a spool; or, where nothing is relayed that is not written,
// without.
type output struct {
	o     Options
	log   *chain.Log
	spool *spool.Spool // nil: who writes waits

	mu   sync.Mutex // guards what follows
	last string     // why a line could not be written, if the last one could not
}

// withDefaults fills in what is not set.
func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	return o
}

// chained returns the options of the chain.
func (o *Options) chained() chain.Options {
	c := chain.Options{MaxSize: o.MaxSize, MaxAge: o.MaxAge, Keep: o.Keep, Now: o.Now, Warn: o.Failed}
	if o.Written != nil {
		c.Own = func(line []byte) { o.Written(line, nil) }
	}
	return c
}

func openOutput(name string, o Options) (*output, error) {
	o = o.withDefaults()
	log, err := chain.Open(name, o.chained())
	if err != nil {
		return nil, err
	}
	return o.behind(log, log.Stalls()), nil
}

func newOutput(w io.Writer, o Options) *output {
	o = o.withDefaults()
	return o.behind(chain.NewStream(w, o.chained()), spool.Stalls(w))
}

// behind puts a spool before log. stalls says that its output may by nature.
func (o Options) behind(log *chain.Log, stalls bool) *output {
	out := &output{o: o, log: log}
	if !o.Strict {
		out.spool = spool.New(out, spool.Options{Size: o.Spool, Stalls: stalls})
	}
	return out
}

// put has a line written with these members. It fails only where there is no spool.
func (out *output) put(members []byte, of *news) error {
	u := spool.Unit{Data: members, N: 1, Of: of}
	if out.spool == nil {
		return out.try(u)
	}
	out.spool.Put(u)
	return nil
}

// Write writes a line. What cannot be written is counted, and the next is tried again: so
// it does not fail.
func (out *output) Write(u spool.Unit) error {
	_ = out.try(u)
	return nil
}

// try writes a line, and tells of the first of several that cannot be written for the same
// reason.
func (out *output) try(u spool.Unit) error {
	of, _ := u.Of.(*news)
	err := out.log.Put(u.Data, func(line []byte) {
		if marks := of.tell(); out.o.Written != nil {
			out.o.Written(line, marks)
		}
	})
	why := ""
	if err != nil {
		why = err.Error()
	}
	out.mu.Lock()
	was := out.last
	out.last = why
	out.mu.Unlock()
	if why != "" && why != was {
		out.o.Failed(fmt.Errorf("a line could not be written: %w", err))
	}
	return err
}

// Gap returns the line that stands for those which there was no room for.
func (out *output) Gap(n, _ int64) spool.Unit {
	w := &jsontext.Writer{B: []byte{'{'}}
	w.Word("event", "missing")
	w.String("time", out.o.Now().UTC().Format(time.RFC3339Nano))
	w.Int("lines", n)
	return spool.Unit{Data: members(w)}
}

// Close closes the file.
func (out *output) Close() error { return out.log.Close() }

// close writes what waits and closes the file.
func (out *output) close() error {
	if out.spool == nil {
		return out.log.Close()
	}
	return out.spool.Close()
}

func (out *output) leftOut() (lines, bytes int64) {
	if out.spool != nil {
		lines, bytes = out.spool.LeftOut()
	}
	return lines + out.log.Lost(), bytes
}
