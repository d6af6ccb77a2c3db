package pcap

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// WriterOptions says how a recording is made.
type WriterOptions struct {
	Version string // of socktrace, for the head of the file
	// Failed is called once, with the first error of the output; by the
	// goroutine of a tap, of Close, or of the Writer. May be nil.
	Failed func(error)
	// Spool is how many bytes of packets may wait in memory while the output
	// stalls: a pipe that is not read, a disk that hangs. Beyond it packets are
	// left out, counted, and marked as lost bytes of their connections. 0:
	// nothing waits, and the calls of taps do instead, however long that takes.
	Spool int64
}

// warning is the first thing that whoever opens a recording reads.
const warning = "This file holds secrets, such as passwords and tokens: every byte is as it was sent. " +
	"Recorded by socktrace, which made up the packets around the bytes."

// Writer records connections as pcapng. Whole blocks, most often one, are
// written with each call of the output's Write, before the call of the tap
// returns: a process that is killed leaves at most one torn block. An output
// that stalls loses this until it has caught up, if WriterOptions.Spool allows
// that. Its methods may be called concurrently, and so may those of several of
// its taps.
type Writer struct {
	spool   *spool.Spool
	buffers sync.Pool // of *[]byte, for blocks

	mu    sync.Mutex
	flows map[flow]bool // that are being recorded
}

// NewWriter writes the head of a file to w, which the Writer does not close.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	head := appendSection(nil, warning, runtime.GOOS+"/"+runtime.GOARCH, "socktrace "+o.Version)
	head = appendInterface(head, linkRaw, "socktrace")
	out := &packets{w: spool.NewPieces(w)}
	so := spool.Options{Size: o.Spool, Stalls: spool.Stalls(w), Moved: out.w.Count, Failed: o.Failed}
	pw := &Writer{flows: make(map[flow]bool)}
	pw.buffers.New = func() any { return new([]byte) }
	if !so.Stalls || so.Size <= 0 {
		if err := out.Write(spool.Unit{Data: head}); err != nil {
			return nil, err
		}
		pw.spool = spool.New(out, so)
		return pw, nil
	}
	pw.spool = spool.New(out, so)
	pw.spool.Put(spool.Unit{Data: head})
	return pw, nil
}

// packets is what the spool of a Writer writes to: a unit is one block or more.
type packets struct {
	w    *spool.Pieces
	lost int64 // packets that were left out; guarded by the spool
}

func (p *packets) Write(u spool.Unit) error {
	if _, err := p.w.Write(u.Data); err != nil {
		return fmt.Errorf("write pcapng: %w", err)
	}
	return nil
}

// Gap returns a block that says how many packets are missing.
func (p *packets) Gap(n, bytes int64) spool.Unit {
	p.lost += n
	return spool.Unit{Data: appendStatistics(nil, time.Now(), p.lost, gapComment(n, bytes))}
}

func (p *packets) Close() error { return nil }

// LeftOut returns how many packets were left out since the output stalled, and
// the size of their blocks in bytes.
func (w *Writer) LeftOut() (packets, bytes int64) { return w.spool.LeftOut() }

// Close ends the recording, and returns the first error of the output; or
// spool.ErrStalled if that takes nothing and WriterOptions.Spool is set. Taps do
// nothing from here on. Connections that have not ended are read back as open.
func (w *Writer) Close() error { return w.spool.Close() }

// KeyLog adds lines of a key log of TLS (RFC 9850), which what comes behind them is
// decrypted with. If the output stalls and there is no room they may be left out, as
// packets are.
func (w *Writer) KeyLog(lines []byte) {
	w.spool.Put(spool.Unit{Data: appendSecrets(nil, lines)})
}

// Tap begins the record of c, and returns what records the rest of it.
func (w *Writer) Tap(c *wire.Conn) wire.Tap {
	r := &recorder{w: w, conn: c}
	r.begin(firstNumber(c.ID))
	return r
}

// use gives c a flow that no other connection has.
func (w *Writer) use(c *wire.Conn) flow {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := flowOf(c, w.flows)
	w.flows[f] = true
	return f
}

// release has others use f again.
func (w *Writer) release(f flow) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.flows, f)
}
