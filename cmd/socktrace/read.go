package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/wire"
)

func newRead(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true}
	cmd := &cobra.Command{
		Use:   "read [flags] FILE...",
		Short: "Show a recording or a capture as if it were live",
		Long: `Show what HAR files, pcapng and pcap captures hold, as the live view would have
shown it; compressed ones too. With --har or --pcapng a recording becomes another
one. The file - is standard input.`,
		Example: `  socktrace read session.har
  socktrace read -f compact session.pcapng
  socktrace read -q session.pcapng --har session.har
  ssh host tcpdump -U -w - port 2375 | socktrace read -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("read: no file"), hint: "socktrace read session.har"}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return read(o, src, s, args) },
	}
	o.showFlags(cmd, src)
	return cmd
}

// read shows the files, one after the other. What cannot be read of one of
// them makes it fail at the end.
func read(o *options, src source, s std, files []string) error {
	if err := o.check(src); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	if err := o.checkInputs(files); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	src.atRest = atRest(files)
	ctx, stop := untilSignal()
	defer stop()
	ignoreBrokenPipe()
	t, err := newTrace(o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	go t.stopEarly(ctx, stop)
	w := &warner{w: s.err}
	failed := false
	for _, name := range files {
		if err := t.readFile(ctx, name, s.in, w); err != nil && ctx.Err() == nil {
			w.warn(err)
			failed = true
		}
	}
	if failed || t.lost.Load() {
		return &failure{code: exitFailed}
	}
	return nil
}

// atRest reports whether none of the files can be a pipe that is still written.
func atRest(files []string) bool {
	for _, name := range files {
		if info, err := os.Stat(name); name == "-" || err == nil && !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// readFile shows one file.
func (t *trace) readFile(ctx context.Context, name string, stdin *os.File, w *warner) error {
	f := stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return err // it names the file
		}
		defer f.Close()
	} else {
		name = "standard input"
	}
	watched := t.watch(name, f)
	defer watched.Close()
	if !watched.regular {
		in, stop := interruptible(ctx, f)
		defer stop()
		watched.in = in
	}
	in, err := plain(watched)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if looksLikeHAR(in) {
		return t.readHAR(name, in, w)
	}
	return t.readCapture(ctx, name, in, w)
}

// interruptible returns what f has, until ctx ends: a read of a pipe cannot be
// relied on to end by itself. stop must be called.
func interruptible(ctx context.Context, f io.Reader) (in io.Reader, stop func()) {
	r, w := io.Pipe()
	go func() { // it outlives a read that never ends, up to the end of the program
		_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{f}, make([]byte, 256<<10))
		w.CloseWithError(err)
	}()
	interrupt := context.AfterFunc(ctx, func() { r.CloseWithError(ctx.Err()) })
	return r, func() {
		interrupt()
		r.Close()
	}
}

// readHAR shows what a HAR file says.
func (t *trace) readHAR(name string, in io.Reader, w *warner) error {
	if t.recordsBytes() {
		return fmt.Errorf("%s: a HAR file does not have the bytes that a pcapng file is made of", name)
	}
	before := t.numbers.Last()
	repairs, err := har.Read(in, func(ev wire.Event) {
		if open, ok := ev.(*wire.Open); ok {
			open.Conn.ID = t.numbers.Claim(before + open.Conn.ID)
		}
		t.book.Event(ev)
	})
	for _, r := range repairs {
		w.warn(fmt.Errorf("%s: %s", name, r))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readCapture shows the connections in packets.
func (t *trace) readCapture(ctx context.Context, name string, in io.Reader, w *warner) error {
	stats, err := pcap.Read(ctx, in, t.capture(), t.tap)
	t.packets.add(&stats)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// plain returns what f holds, decompressed if that is needed to see what it is.
func plain(f io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReader(f)
	magic, err := in.Peek(4)
	if len(magic) == 0 && err != io.EOF {
		return nil, err
	}
	if !bytes.HasPrefix(magic, []byte("\x1f\x8b")) {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return bufio.NewReader(z), nil
}

// looksLikeHAR reports whether in begins as a HAR file does: with an object,
// maybe behind a byte order mark, or as a zlib stream.
func looksLikeHAR(in *bufio.Reader) bool {
	begin, _ := in.Peek(4)
	begin = bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(begin) > 0 && (begin[0] == '{' || begin[0] == 0x78)
}

// checkInputs refuses to write to a file that is to be read.
func (o *options) checkInputs(files []string) error {
	for _, in := range files {
		info, err := os.Stat(in)
		if err != nil {
			continue // reading it will say so
		}
		for _, out := range []string{o.output, o.har, o.pcapng} {
			if other, err := os.Stat(out); err == nil && os.SameFile(info, other) {
				return fmt.Errorf("%s would be written over while it is read", in)
			}
		}
	}
	return nil
}
