package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/recording"
)

func newRead(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true}
	cmd := &cobra.Command{
		Use:   "read [flags] FILE...",
		Short: "Show a recording or a capture as if it were live",
		Long: `Show what HAR files, pcapng and pcap captures and JSON lines hold, as the live
view would have shown it; compressed ones too. With --har or --pcapng a recording
becomes another one. The file - is standard input.`,
		Example: `  socktrace read session.har
  socktrace read trace.jsonl
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
	var p *progress
	defer func() { p.Close() }()
	o := recording.Options{Numbers: &t.numbers, Recognize: decode.Recognize, MaxHeld: t.packetRoom, Watch: func(in io.Reader, info fs.FileInfo) io.Reader {
		p = t.watch(recording.Name(name), in, info)
		return p
	}}
	r, err := recording.Open(ctx, name, stdin, o)
	if err != nil {
		return err
	}
	defer r.Close()
	if t.recorders.bytes() && !r.Format().HasBytes() {
		return fmt.Errorf("%s: %s not have the bytes that a pcapng file is made of", recording.Name(name), does[r.Format()])
	}
	s, err := r.Read(ctx, t.tap, t.book.Event)
	t.packets.add(&s.Packets)
	for _, repair := range s.Repairs {
		w.warn(fmt.Errorf("%s: %s", recording.Name(name), repair))
	}
	return err
}

// does says that files of a format do something.
var does = map[recording.Format]string{recording.HAR: "a HAR file does", recording.JSONLines: "JSON lines do"}

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
