package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/replay"
)

func newReplay(s std) *cobra.Command {
	r := &replaying{differing: differing{options: newOptions(), std: s, src: source{ownsStdout: true, unhurried: true, captured: true}}}
	cmd := &cobra.Command{
		Use:   "replay [flags] FILE",
		Short: "Send the requests of a recording to a daemon again",
		Long: `Send the requests in a recording to a daemon again, in their order and on as many
connections, and show what it answers differently now. Ids that the daemon gives to
what the requests make are put into later ones. So a recording is a test of another
daemon, or of another version.

Requests may change what the daemon has. --dry-run lists them and sends nothing; before
any that changes something is sent, it is asked for, or --yes has to say so. What
cannot be sent again is listed with the reason: bodies that were not recorded or are
masked, HTTP/2.

FILE is what read takes: HAR, pcapng, pcap, JSON lines. The exit status is 0 if all
answers to what was sent are the same, 1 if they differ, 2 if that cannot be told.`,
		Example: `  socktrace replay --dry-run session.har
  socktrace replay --yes session.har
  socktrace replay --upstream unix:///run/podman/podman.sock --yes session.har
  socktrace replay --reads session.har
  socktrace replay --yes --har now.har -o report.html session.pcapng`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &failure{code: exitUsage, err: fmt.Errorf("replay: %s, not one", plural.Of(int64(len(args)), "file")), hint: "socktrace replay session.har"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkValues(cmd); err != nil {
				return badFlags(r.src, err)
			}
			return r.check()
		},
		RunE: func(_ *cobra.Command, args []string) error { return r.run(args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&r.dryRun, "dry-run", false, "list what would be sent, and send nothing")
	f.BoolVarP(&r.yes, "yes", "y", false, "do not ask before what changes the daemon is sent")
	f.BoolVar(&r.reads, "reads", false, "send only what changes nothing: GET and HEAD")
	f.DurationVar(&r.patience, "patience", replay.Patience, "give up what takes `TIME` to answer or to end, and 10 times as long as it took when it was recorded")
	f.DurationVar(&r.pause, "pause", replay.Pause, "wait for `TIME` at most where the client did not send anything and no answer came; 0 does not wait")
	r.reportFlags(cmd)
	f.StringVar(&r.har, "har", "", "record the new exchanges in the HAR `FILE`, compressed if it ends in .gz")
	f.StringVar(&r.pcapng, "pcapng", "", "record the new bytes in the pcapng `FILE`, secrets and all")
	r.options.contentFlags(cmd)
	r.upstreamFlag(cmd)
	complete(cmd, "patience", "10s", "1m")
	complete(cmd, "pause", "0", "1s")
	completeFiles(cmd, "har", "har", "har.gz")
	completeFiles(cmd, "pcapng", "pcapng")
	return cmd
}

// replaying is what replay does.
type replaying struct {
	differing
	dryRun, yes, reads bool
	patience, pause    time.Duration
}

// replayBody is how much is kept of what clients have sent in one body: what is larger is not
// sent again.
const replayBody = 256 << 20

// run sends what is in a file.
func (r *replaying) run(name string) error {
	if r.patience <= 0 {
		return &failure{code: exitUsage, err: fmt.Errorf("--patience %s: nothing is that fast", r.patience)}
	}
	r.asked = untilSignal()
	ctx := r.asked.ctx
	defer r.asked.stop()
	script, shown, broken := r.script(name)
	if script == nil {
		return broken
	}
	sends, changes := script.Count()
	switch {
	case ctx.Err() != nil:
		return &failure{code: exitTrouble, err: errors.New("interrupted: nothing was sent")}
	case len(script.Steps) == 0:
		return &failure{code: exitTrouble, err: fmt.Errorf("%s: no requests in it", name)}
	case r.dryRun:
		return cmp.Or(r.list(ctx, script), broken)
	case sends == 0:
		_ = r.list(ctx, script)
		return &failure{code: exitTrouble, err: errors.New("nothing of it can be sent")}
	}
	if err := r.ask(ctx, changes); err != nil {
		return err
	}
	now, err := r.play(ctx, script)
	if err != nil {
		return err
	}
	return r.compare(ctx, script, shown, now, broken)
}

// script reads what to send: once as it may be shown, and once as it was sent, with the secrets
// that are in it. Of a recording that is broken it returns what there is, with an error.
func (r *replaying) script(name string) (*replay.Script, *diff.Session, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() || name == "-" {
		return nil, nil, &failure{code: exitTrouble, err: fmt.Errorf("replay %s: no regular file, and it is read twice", name), hint: "write it to a file first"}
	}
	if err := r.checkInputs([]string{name}); err != nil {
		return nil, nil, &failure{code: exitTrouble, err: err}
	}
	shown, broken := r.session(name)
	if broken != nil && len(shown.Exchanges) == 0 {
		return nil, nil, broken
	}
	o := *r.options
	o.showSecrets, o.mask, o.maxBody = true, nil, max(o.maxBody, replayBody)
	quiet := r.std
	quiet.err = newMessages(io.Discard) // all was said the first time
	sent := replay.NewSink(name, r.sessionMemory()/2, int64(o.maxBody))
	if err := readInto(sent, r.asked, &o, r.src, quiet, name); err != nil && broken == nil {
		return nil, nil, err
	}
	return replay.New(shown, sent, replay.Options{Reads: r.reads}), shown, broken
}

// list writes what would be sent.
func (r *replaying) list(ctx context.Context, script *replay.Script) error {
	out, err := openOutput(ctx, r.output, r.std.out, r.std.err)
	if err != nil {
		return &failure{code: exitTrouble, err: err}
	}
	for _, s := range script.Steps {
		does := "reads"
		if s.Changes() {
			does = "changes"
		}
		if s.Why != "" {
			does = "not sent: " + s.Why
		} else if len(s.Notes) > 0 {
			does += ", " + strings.ReplaceAll(strings.Join(s.Notes, ", "), "was sent ", "") // it is not yet
		}
		fmt.Fprintln(out, render.Escaped(fmt.Sprintf("#%d %s  %s", s.Recorded.Number, s.Recorded.Title(), does)))
	}
	sends, changes := script.Count()
	fmt.Fprintln(out, render.Escaped(fmt.Sprintf("%s, %d of them %s the daemon; %d not sent",
		plural.Of(int64(sends), "request"), changes, plural.Verb(int64(changes), "changes", "change"), len(script.Steps)-sends)))
	if err := out.Close(); err != nil {
		return &failure{code: exitTrouble, err: err}
	}
	return nil
}

// ask asks whether to send what changes the daemon, if somebody is there to ask.
func (r *replaying) ask(ctx context.Context, changes int) error {
	if changes == 0 || r.yes {
		return nil
	}
	what := plural.Of(int64(changes), "request") + " that " + plural.Verb(int64(changes), "changes", "change") + " the daemon"
	refused := &failure{code: exitTrouble, err: fmt.Errorf("replay: nothing was sent: there are %s", what), hint: "--yes sends them, --reads what else there is, --dry-run lists all"}
	if !term.IsTerminal(int(r.std.in.Fd())) {
		return refused
	}
	fmt.Fprintf(r.std.errFile, "send %s? [y/N] ", what)
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(r.std.in).ReadString('\n')
		said <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-said:
		if answer == "y" || answer == "yes" {
			return nil
		}
	case <-ctx.Done():
	}
	return refused
}

// play sends the script, and returns the session that has become of it. It is traced as that of
// any client.
func (r *replaying) play(ctx context.Context, script *replay.Script) (*diff.Session, error) {
	trouble := func(err error, hint string) error { return &failure{code: exitTrouble, err: err, hint: hint} }
	upstream, err := r.daemon(r.std.getenv)
	if err != nil {
		return nil, upstreamFailure(exitTrouble, err)
	}
	w := &warner{w: r.std.err}
	if err := r.wait.await(ctx, upstream, w.warn); err != nil {
		return nil, trouble(err, upstreamHint(err, upstream))
	}
	o := *r.options
	o.filter, o.output, o.quiet = filterOptions{}, "", true
	o.compared = diff.NewSink(upstream.Addr.String(), o.sessionMemory(), int64(o.maxBody))
	t, err := newTrace(ctx, &o, source{ownsStdout: true}, r.std)
	if err != nil {
		return nil, trouble(err, "")
	}
	defer t.close()
	if err := t.openKeyLog(ctx, &o, r.std, upstream.TLS != nil); err != nil {
		t.summary = false
		return nil, trouble(err, "")
	}
	private, l, err := privateListener(upstream.Addr.Base())
	if err != nil {
		t.summary = false
		return nil, trouble(err, "")
	}
	defer r.asked.mustDo(private.remove)()
	defer private.remove()
	defer l.Close()
	proxy := t.proxy(l, upstream, w.warn)
	d := newDialler(l.Local())
	proxy.Tap = d.tapping(t.tap)
	served := make(chan error, 1)
	go func() { served <- proxy.Serve(context.Background()) }()
	player := replay.Player{Dial: d.dial, Base: upstream.Addr.Base(), Patience: r.patience, Pause: r.pause}
	played := player.Play(ctx, script)
	ending, cancel := graceContext()
	defer cancel()
	proxy.Drain(ending)
	err = cmp.Or(played, <-served)
	t.close()
	if err != nil && ctx.Err() == nil {
		w.warn(fmt.Errorf("not all was sent: %w", err))
	}
	if t.incomplete() {
		return nil, &failure{code: exitTrouble}
	}
	return o.compared.Session(), nil
}

// manyNotes is of how many requests the same is told one by one.
const manyNotes = 5

// tellNotes tells what was sent otherwise than it was recorded, the same of many requests once.
func (r *replaying) tellNotes(script *replay.Script) {
	noted := make(map[string][]*replay.Step)
	for _, s := range script.Steps {
		for _, note := range s.Notes {
			noted[note] = append(noted[note], s)
		}
	}
	for _, s := range script.Steps {
		for _, note := range s.Notes {
			others := ""
			switch all := noted[note]; {
			case len(all) > manyNotes && all[0] != s:
				continue
			case len(all) > manyNotes:
				others = fmt.Sprintf(", and %d others:", len(all)-1)
			}
			complain(r.std.err, fmt.Errorf("#%d %s%s %s", s.Recorded.Number, s.Recorded.Title(), others, note))
		}
	}
}

// compare tells what the daemon has answered differently.
func (r *replaying) compare(ctx context.Context, script *replay.Script, shown, now *diff.Session, broken error) error {
	became := make(map[replay.Place]*diff.Exchange)
	for _, x := range now.Exchanges {
		became[replay.PlaceOf(x)] = x
	}
	steps := make(map[*diff.Exchange]*replay.Step)
	asked := make(map[replay.Place]bool) // and again later
	failed := false
	for _, s := range script.Steps {
		for _, before := range s.Before {
			asked[before] = true
		}
		steps[s.Recorded] = s
		failed = failed || s.Failed()
	}
	r.tellNotes(script)
	now = now.Without(func(x *diff.Exchange) bool { return asked[replay.PlaceOf(x)] })
	o := r.o
	o.Of = func(x *diff.Exchange) *diff.Exchange { return became[steps[x].Became] }
	o.Skip = func(x *diff.Exchange) string { return steps[x].Why }
	err := r.report(ctx, diff.Compare(shown, now, o), broken)
	if ctx.Err() != nil {
		return &failure{code: exitTrouble, err: errors.New("interrupted: not all was sent")}
	}
	if failed {
		return &failure{code: exitTrouble, err: errors.New("not all that can be sent was sent")}
	}
	return err
}
