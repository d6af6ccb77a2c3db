package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/lanes"
	"github.com/socktrace/socktrace/recording"
	"github.com/socktrace/socktrace/wire"
)

// filesReader shows files.
type filesReader struct {
	trace  *trace
	stdin  *os.File
	w      *warner
	series *pcap.Reader // of the captures that are read as one
	lanes  *lanes.Lanes // decode them; nil: one goroutine does all
	protos bool         // messages are to be shown by other names too: see decoded
	strace []string     // files that strace has printed, however they begin
}

// read shows the files, and reports whether something of them could not be read.
func (r *filesReader) read(ctx context.Context, files []string) (failed bool) {
	files, series := inOrder(files)
	fail := func(err error) {
		if err != nil && ctx.Err() == nil {
			r.w.warn(err)
			failed = true
		}
	}
	if len(series.files) > 0 {
		r.openSeries()
		defer r.closeLanes()
	}
	for _, name := range files {
		if !series.files[name] {
			fail(r.file(ctx, name, nil))
			continue
		}
		fail(r.file(ctx, name, r.series))
		if series.left--; series.left == 0 {
			stats := r.series.Close()
			r.closeLanes()
			r.trace.packets.add(&stats)
			fail(unread(series.name, &stats))
		}
	}
	return failed
}

// openSeries begins to read captures as one.
func (r *filesReader) openSeries() {
	t := r.trace
	if r.lanes = t.lanes(); r.lanes == nil {
		r.series = pcap.NewReader(t.capture(), t.tap)
		return
	}
	r.series = pcap.NewReader(t.inLanes(r.lanes), func(c *wire.Conn) wire.Tap {
		if t.recorders.ours(c) {
			return nobody{}
		}
		return r.lanes.Tap(c)
	})
}

// closeLanes waits for what decodes captures.
func (r *filesReader) closeLanes() {
	if r.lanes != nil {
		r.lanes.Close()
		r.lanes = nil
	}
}

// file shows one file; if captures is not nil, it is a part of those.
func (r *filesReader) file(ctx context.Context, name string, captures *pcap.Reader) error {
	t := r.trace
	var p *progress
	defer func() { p.Close() }()
	o := recording.Options{
		Numbers: &t.numbers, Recognize: decode.Recognize, Captures: captures, MaxHeld: t.room, KeyLog: t.keyLog(),
		Strace: slices.Contains(r.strace, name), ByTime: t.byTime,
		Watch: func(in io.Reader, info fs.FileInfo) io.Reader {
			p = t.watch(recording.Name(name), in, info)
			return p
		},
	}
	rec, err := recording.Open(ctx, name, r.stdin, o)
	if err != nil {
		return err
	}
	defer rec.Close()
	if r.lanes != nil && captures == nil {
		r.lanes.Wait() // it goes on in this goroutine
	}
	if err := hasBytes(rec, name, t.recorders.bytes()); err != nil {
		return err
	}
	r.decoded(rec, name)
	emit := t.before.watch(t.book.Event)
	if t.bodiless {
		emit = sizesOnly(emit)
	}
	s, err := rec.Read(ctx, t.tap, emit)
	t.packets.add(&s.Packets)
	for _, repair := range s.Repairs {
		r.w.warn(fmt.Errorf("%s: %s", recording.Name(name), repair))
	}
	if err == nil {
		err = unread(recording.Name(name), &s.Packets)
	}
	return err
}

// unread is what is wrong with a capture of which nothing could be read: it has no
// TCP, or nothing of what was said is in it. It is nil if something could.
func unread(name string, s *pcap.Stats) error {
	cut := s.LostBytes > 0 && s.Connections == 0 && s.NotHTTP == 0
	if s.Packets == 0 || s.TCP > 0 && !cut {
		return nil
	}
	return fmt.Errorf("%s: none of %s could be read", name, plural.Of(s.Packets, "packet"))
}

// decoded says, once, that messages of a recording have the names that they had when
// it was made.
func (r *filesReader) decoded(rec *recording.Recording, name string) {
	if !r.protos || rec.Format().HasBytes() {
		return
	}
	r.protos = false
	r.w.warn(fmt.Errorf("--proto has no effect on %s: its messages were decoded when it was recorded (a pcapng has the bytes)", recording.Name(name)))
}

// hasBytes returns an error if the bytes of a recording are needed, and are not in
// it.
func hasBytes(rec *recording.Recording, name string, needed bool) error {
	if !needed || rec.Format().HasBytes() {
		return nil
	}
	return fmt.Errorf("%s: %s not have the bytes that a pcapng file is made of", recording.Name(name), does[rec.Format()])
}

// does says that files of a format do something.
var does = map[recording.Format]string{recording.HAR: "a HAR file does", recording.JSONLines: "JSON lines do"}
