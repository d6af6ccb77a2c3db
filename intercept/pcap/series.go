package pcap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Reader reads captures that go on in each other, such as the files that tcpdump
// has cut one into: connections go on from one to the next. They are read in the
// order of time.
type Reader struct{ r *reader }

// NewReader returns a Reader, which calls newTap as Read does.
func NewReader(o Options, newTap func(*wire.Conn) wire.Tap) *Reader {
	return &Reader{newReader(o, newTap)}
}

// Read reads one more capture. It fails as the function Read does; others may be
// read then all the same.
func (r *Reader) Read(ctx context.Context, in io.Reader) error { return r.r.read(ctx, in) }

// Close ends the connections that are left. It returns what was found in all
// captures together.
func (r *Reader) Close() Stats {
	r.r.finish()
	return r.r.stats
}

// read reads a capture, and ends nothing.
func (r *reader) read(ctx context.Context, in io.Reader) error {
	src, err := openSource(in)
	if err != nil {
		r.stats.Torn = r.stats.Torn || errors.Is(err, io.ErrUnexpectedEOF)
		return err
	}
	if ng, ok := src.(*ngSource); ok && r.o.KeyLog != nil {
		ng.keyLog = r.o.KeyLog
		ng.keyLog(nil)
	}
	before := r.stats.Packets
	r.base = r.o.Numbers.Last()
	var p packet
	for err == nil {
		if err = ctx.Err(); err == nil {
			err = src.next(&p)
		}
		if err == nil {
			r.packet(&p)
		}
	}
	if ng, ok := src.(*ngSource); ok {
		r.stats.Missing += ng.missing()
	}
	switch {
	case err == io.EOF:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		r.stats.Torn = true
		return fmt.Errorf("the capture ends within a packet, behind %d whole ones: %w", r.stats.Packets-before, io.ErrUnexpectedEOF)
	}
	return err
}

// Began returns when the first packet of a capture was captured; it fails if there
// is none.
func Began(in io.Reader) (time.Time, error) {
	src, err := openSource(in)
	if err != nil {
		return time.Time{}, err
	}
	var p packet
	err = src.next(&p)
	return p.time, err
}
