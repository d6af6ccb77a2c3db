package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/serve"
)

func newServe(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true}
	cmd := &cobra.Command{
		Use:   "serve [flags] FILE...",
		Short: "Be the daemon that was recorded",
		Long: `Answer clients as a recording has it: HAR, pcapng, pcap or JSON lines, of one or more
files. What they ask for is found by its meaning, in the order of the recording, and
answered once for each time that it was recorded; what only reads, as often as is
asked. Streams come in their recorded time. What the recording does not have is
answered with 501, and listed at the end.

What clients say and get is shown, as socktrace listen shows it.`,
		Example: `  socktrace run --har session.har -- docker run --rm busybox echo hi
  socktrace serve session.har
  socktrace serve -q --listen tcp://127.0.0.1:2375 --speed max session.har
  socktrace run --serve session.har --check -- docker run --rm busybox echo hi`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("serve: no file"), hint: "socktrace serve session.har"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		RunE: func(_ *cobra.Command, args []string) error {
			return o.withServed(s, args, exitFailed, func() error { return listen(o, src, s) })
		},
	}
	o.showFlags(cmd, src)
	o.auditFlags(cmd, true)
	o.otlpFlags(cmd)
	o.listenTLSFlags(cmd)
	o.listenFlags(cmd)
	o.faultFlags(cmd)
	o.serve.flags(cmd)
	return cmd
}

// serving says how a recording is served.
type serving struct {
	files    []string
	speed    speed
	strict   bool
	check    bool
	ignore   []string
	upstream *intercept.Upstream // the daemon that was recorded, while it is served; nil: none is
}

// flags adds the flags.
func (v *serving) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(&v.speed, "speed", "have streams come `N` times as fast as they were recorded, such as 2 or 0.5; max waits for nothing")
	f.BoolVar(&v.strict, "strict", false, "use each recorded answer once: what is asked for more often is not in the recording")
	f.BoolVar(&v.check, "check", false, "fail if something was asked for that is not in the recording")
	f.StringArrayVar(&v.ignore, "ignore", nil, "requests may differ from the recording in `PLACE`, such as 'query name' or ContainerCreate:Labels")
	complete(cmd, "ignore")
	complete(cmd, "speed", "1", "2", "10", "max")
}

// runFlags adds those of run.
func (v *serving) runFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.files, "serve", nil, "have the recording in `FILE` be the daemon; see socktrace help serving")
	completeFiles(cmd, "serve", "har", "pcapng", "jsonl")
	v.flags(cmd)
}

// checkServe refuses flags of run that mean nothing together.
func (o *options) checkServe(cmd *cobra.Command) error {
	if len(o.serve.files) == 0 {
		if flag := firstGiven(cmd, "speed", "strict", "check", "ignore"); flag != "" {
			return fmt.Errorf("--%s needs --serve FILE", flag)
		}
		return nil
	}
	if flag := firstGiven(cmd, "upstream", "context", "tls", "tlsverify", "tlscacert", "tlscert", "tlskey", "tlsservername"); flag != "" {
		return fmt.Errorf("--serve excludes --%s: the recording is the daemon", flag)
	}
	if o.isVia() {
		return errors.New("--serve excludes --via and --pid: the command has to talk to the recording")
	}
	return nil
}

// firstGiven returns the first of flags that was given; empty if none was.
func firstGiven(cmd *cobra.Command, flags ...string) string {
	for _, flag := range flags {
		if cmd.Flags().Changed(flag) {
			return flag
		}
	}
	return ""
}

// speed is a serve.Speed as a flag.
type speed struct{ serve.Speed }

// Set reads what the user wrote.
func (v *speed) Set(text string) (err error) {
	v.Speed, err = serve.ParseSpeed(text)
	return err
}

// String returns the speed as Set would read it.
func (v *speed) String() string { return cmp.Or(v.Speed, 1).String() }

// Type names the value in the usage text.
func (v *speed) Type() string { return "N" }

// withServed reads recordings, has them be the daemon of o while do runs, and says at the
// end what was asked of it. code is that of a recording which cannot be served.
func (o *options) withServed(s std, files []string, code int, do func() error) error {
	w := &warner{w: s.err}
	files, err := named(files)
	if err != nil {
		return &failure{code: code, err: err}
	}
	script, err := o.readServed(s, files, w.warn)
	if err != nil {
		return &failure{code: code, err: err, hint: servedHint(err)}
	}
	tellScript(w, script)
	private, l, err := privateListener("")
	if err != nil {
		return &failure{code: code, err: err}
	}
	defer private.remove()
	srv := serve.New(script, serve.Options{Speed: o.serve.speed.Speed, Strict: o.serve.strict, Ignore: o.serve.ignore})
	over := make(chan struct{})
	go func() {
		defer close(over)
		if err := srv.Serve(l); err != nil {
			w.warn(err)
		}
	}()
	o.serve.files, o.serve.upstream = files, &intercept.Upstream{Addr: l.Local()}
	err = do()
	srv.Close() // its listener is closed, and nobody is told otherwise
	<-over
	report := srv.Report()
	tellServed(s.err, report)
	if err == nil && o.serve.check && report.Missed > 0 {
		return &failure{code: exitFailed}
	}
	return err
}

// readServed reads the recordings that are to be served.
func (o *options) readServed(s std, files []string, warn func(error)) (*serve.Script, error) {
	if err := o.checkInputs(files); err != nil {
		return nil, err
	}
	return serve.Read(context.Background(), files, serve.ReadOptions{Stdin: s.in, ShowSecrets: o.showSecrets, Mask: o.mask, Warn: warn})
}

// servedHint says what helps if a recording cannot be served; empty if nothing is known.
func servedHint(err error) string {
	if errors.Is(err, serve.ErrTooLarge) {
		return "socktrace read -q FILE --container NAME --har SMALLER makes a smaller one; see socktrace help filter"
	}
	return ""
}

// tellScript says what of a recording is not served, or not as it was.
func tellScript(w *warner, script *serve.Script) {
	not := script.Skipped()
	for _, n := range []struct {
		count int
		why   string
	}{
		{not.Inside, "of HTTP/2, or in connections inside of others"},
		{not.Foreign, "that became another protocol, such as HTTP/2"},
		{not.Headed, "whose request was not recorded"},
		{not.Status, "whose status is none from 200 to 599"},
	} {
		if n.count > 0 {
			w.warn(fmt.Errorf("not served: %s %s", plural.Of(int64(n.count), "exchange"), n.why))
		}
	}
	if masked := script.Masked(); len(masked) > 0 {
		w.warn(errors.New("what the recording has in the clear is served masked: " + (maskedBefore{}).line(masked, false)))
	}
}

// maxMissesTold is how many lines the end has for what was missed.
const maxMissesTold = 50

// tellServed says what was asked of the recording.
func tellServed(out io.Writer, r serve.Report) {
	complain(out, fmt.Errorf("%s answered, %d not recorded", plural.Of(r.Answered, "request"), r.Missed))
	tellMissed(out, r)
	tellWaits(out, r)
}

// tellMissed says what was asked for and is not recorded.
func tellMissed(out io.Writer, r serve.Report) {
	told := r.Misses[:min(len(r.Misses), maxMissesTold)]
	rest := r.Missed
	for _, m := range told {
		rest -= m.Times
		text := m.String()
		if m.Times > 1 {
			text += fmt.Sprintf(" (%s)", plural.Of(m.Times, "time"))
		}
		complain(out, errors.New(text))
	}
	if rest > 0 {
		complain(out, fmt.Errorf("%s not recorded", plural.Of(rest, "other request")))
	}
}

// tellWaits says which streams ended while they waited, and what for.
func tellWaits(out io.Writer, r serve.Report) {
	for _, w := range slices.SortedFunc(maps.Keys(r.Waits), func(a, b serve.Wait) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.For, b.For))
	}) {
		complain(out, fmt.Errorf("%s waited for %s, which nobody asked for (%s)", w.Stream, w.For, plural.Of(r.Waits[w], "time")))
	}
	if r.OtherWaits > 0 {
		complain(out, fmt.Errorf("%s waited for what nobody asked for", plural.Of(r.OtherWaits, "other stream")))
	}
}

// announceServed says where clients find the recording.
func (o *options) announceServed(w *warner, at intercept.Addr, front front) {
	w.warn(fmt.Errorf("serving %s on %s", strings.Join(o.serve.files, ", "), at))
	if front.tls != nil {
		front.announce(w, at)
		return
	}
	w.warn(fmt.Errorf("try: docker -H %s version", at))
}
