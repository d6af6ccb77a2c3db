package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/recording"
)

func newRead(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true, captured: true}
	cmd := &cobra.Command{
		Use:   "read [flags] FILE...",
		Short: "Show a recording or a capture as if it were live",
		Long: `Show what HAR files, pcapng and pcap captures, JSON lines and the output of strace
hold, as the live view would have shown it; compressed ones too. With --har or
--pcapng a recording becomes another one. The file - is standard input.

Several captures are read as one, in the order of time: connections go on from one
file to the next. A pattern in quotes, as 'dump*.pcap', names all files that match.`,
		Example: `  socktrace read session.har
  socktrace read trace.jsonl
  socktrace read -f compact session.pcapng
  socktrace read -q session.pcapng --har session.har
  socktrace read 'dump*.pcap'
  strace -f -ttt -yy -s 1048576 -e trace=desc,network,process -p PID 2>&1 | socktrace read --strace -
  socktrace read --keylog keys.txt dump.pcap
  ssh host tcpdump -U -w - port 2375 | socktrace read -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args)+len(o.strace) == 0 {
				return &failure{code: exitUsage, err: errors.New("read: no file"), hint: "socktrace read session.har"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		RunE:              func(_ *cobra.Command, args []string) error { return read(o, src, s, args) },
	}
	o.showFlags(cmd, src)
	o.auditFlags(cmd, false)
	o.otlpFlags(cmd)
	cmd.Flags().StringArrayVar(&o.strace, "strace", nil, "read `FILE` as what strace has printed, however it begins; - is standard input")
	completeFiles(cmd, "strace", "txt", "log", "strace")
	o.keyLogFlag(cmd)
	return cmd
}

// read shows the files: captures as one, the others one after the other. What
// cannot be read of one of them makes it fail at the end.
func read(o *options, src source, s std, args []string) error {
	a := untilSignal()
	defer a.stop()
	return readUntil(a, o, src, s, args)
}

// readUntil is read for a command that does more, and is asked to end by a.
func readUntil(a *asked, o *options, src source, s std, args []string) error {
	files, err := named(append(args, o.strace...))
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	if err := o.checkInputs(slices.Concat(files, o.keyLogs, o.policy.inputs())); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	src.atRest = atRest(files)
	ctx := a.ctx
	ignoreBrokenPipe()
	if errs := o.noneReadable(ctx, files); len(errs) > 0 {
		for _, err := range errs {
			complain(s.err, err)
		}
		return &failure{code: exitFailed}
	}
	t, err := newTrace(ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer a.mustDo(t.recorders.finish)()
	defer t.close()
	t.rest = o.restHint(t.out, "")
	go t.stopEarly(ctx, a.stop)
	r := &filesReader{trace: t, stdin: s.in, w: &warner{w: s.err}, protos: len(o.protos) > 0, strace: o.strace}
	failed := r.read(ctx, files)
	if t.book.Counts() == (flow.Counts{}) { // nothing was read
		if ctx.Err() != nil && !failed {
			complain(s.err, errors.New("interrupted before anything was read"))
			failed = true
		}
		if failed {
			t.summary, t.stats = false, nil
		}
	}
	t.close()
	if failed || t.incomplete() || t.stats != nil && t.stats.breaks || o.policy.denied() {
		return &failure{code: exitFailed}
	}
	return nil
}

// noneReadable returns why none of the files is a recording that can be read, while
// the outputs are still what they were; nothing if one may be.
func (o *options) noneReadable(ctx context.Context, files []string) (errs []error) {
	for _, name := range files {
		info, err := os.Stat(name)
		if name == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil // to look at a pipe takes from it
		}
		rec, err := recording.Open(ctx, name, nil, recording.Options{Strace: slices.Contains(o.strace, name)})
		if err == nil {
			err = hasBytes(rec, name, o.pcapng != "")
			rec.Close()
		}
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errs
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

// checkInputs refuses to write to a file that is to be read.
func (o *options) checkInputs(files []string) error {
	for _, in := range files {
		info, err := os.Stat(in)
		if err != nil {
			continue // reading it will say so
		}
		for _, out := range []string{o.output, o.har, o.pcapng, o.policy.file, o.audit.file} {
			if other, err := os.Stat(out); err == nil && os.SameFile(info, other) {
				return fmt.Errorf("%s would be written over while it is read", in)
			}
		}
	}
	return nil
}
