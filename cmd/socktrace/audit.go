package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/audit"
	"github.com/socktrace/socktrace/audit/alert"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/otlp"
	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

// auditOptions are what the flags say of an audit.
type auditOptions struct {
	file    string
	reads   bool
	maxSize size
	maxAge  time.Duration
	keep    int
	strict  bool
	alert   string
	alertOn []string
	sockets []string // that are listened on for a daemon
}

// auditFlags adds the flags of an audit. relays says that the command stands between the
// two ends, so that it can refuse to.
func (o *options) auditFlags(cmd *cobra.Command, relays bool) {
	f, a := cmd.Flags(), &o.audit
	f.StringVar(&a.file, "audit", "", "add a line to `FILE` for each exchange that changes something: who, what, how risky; - is standard output; see socktrace help auditing")
	f.BoolVar(&a.reads, "audit-reads", false, "also for those that only read")
	f.Var(&a.maxSize, "audit-max-size", "begin another file before the audit is larger than `SIZE`, such as 100M; the full one gets the time behind its name")
	f.DurationVar(&a.maxAge, "audit-max-age", 0, "begin another file when the audit is older than `TIME`, such as 24h")
	f.IntVar(&a.keep, "audit-keep", 0, "keep `N` full files of the audit and remove older ones; 0 keeps all")
	if relays {
		f.BoolVar(&a.strict, "audit-strict", false, "close a connection before anything is relayed of it that could not be written to the audit")
	}
	f.StringVar(&a.alert, "alert", "", "give each line of the audit that has a risk to `TARGET`: a command of the shell, by its standard input, or http://…, https://… or unix:///path, by POST")
	f.StringSliceVar(&a.alertOn, "alert-on", nil, "only those that have one of the `MARKS`, such as privileged,bind-root")
	f.BoolVar(&o.otlp.audit, "otlp-audit", false, "send the lines of the audit too, as log records; they need no --audit FILE")
	complete(cmd, "alert")
	complete(cmd, "alert-on", risk.Marks...)
	completeFiles(cmd, "audit", "jsonl", "log")
	for _, flag := range []string{"audit-max-size", "audit-max-age", "audit-keep"} {
		complete(cmd, flag)
	}
}

// audits returns what has an audit be made; empty if there is none.
func (o *options) audits() string {
	if o.audit.file == "" && o.otlp.audit {
		return "--otlp-audit"
	}
	return o.audit.file
}

// leastJudged is what must be kept of documents, so that risks are seen in them.
const leastJudged = 64 << 10

// checkAudit looks at what the flags of an audit mean together.
func (o *options) checkAudit() error {
	a, least := &o.audit, size(leastJudged)
	if a.file == "" {
		for flag, is := range map[string]bool{"audit-max-size": a.maxSize > 0, "audit-max-age": a.maxAge != 0, "audit-keep": a.keep != 0, "audit-strict": a.strict} {
			if is {
				return fmt.Errorf("--%s needs --audit FILE", flag)
			}
		}
	}
	flag := "--audit"
	if a.file == "" {
		flag = "--otlp-audit"
	}
	switch {
	case o.audits() == "":
		for flag, is := range map[string]bool{"audit-reads": a.reads, "alert": a.alert != "", "alert-on": a.alertOn != nil} {
			if is {
				return fmt.Errorf("--%s needs --audit FILE or --otlp-audit", flag)
			}
		}
	case o.filter.made != nil:
		return fmt.Errorf("%s and --filter exclude each other: an audit leaves nothing out", flag)
	case a.alertOn != nil && a.alert == "":
		return errors.New("--alert-on needs --alert TARGET")
	case a.alertOn != nil && len(a.alertOn) == 0:
		return errors.New("--alert-on: no mark is given")
	case a.maxAge < 0:
		return fmt.Errorf("--audit-max-age %s: less than nothing", a.maxAge)
	case a.keep < 0:
		return fmt.Errorf("--audit-keep %d: less than nothing", a.keep)
	case a.file == "-" && (a.maxSize > 0 || a.maxAge > 0 || a.keep > 0):
		return errors.New("--audit -: standard output is one file; --audit-max-size, --audit-max-age and --audit-keep need a name")
	case a.keep > 0 && a.maxSize == 0 && a.maxAge == 0:
		return errors.New("--audit-keep needs --audit-max-size or --audit-max-age")
	case a.maxSize > 0 && a.maxSize < leastJudged:
		return fmt.Errorf("--audit-max-size %s: less than %s", &a.maxSize, &least)
	case o.maxBody < leastJudged:
		return fmt.Errorf("--max-body %s: %s needs %s at least, to see what is risky", &o.maxBody, flag, &least)
	}
	for _, mark := range a.alertOn {
		if !slices.Contains(risk.Marks, mark) {
			return notOneOf("alert-on", mark, risk.Marks)
		}
	}
	return nil
}

// alerts returns what tells of lines; nil if nothing is to.
func (r *recorders) alerts(o *options) (*alert.Alerts, error) {
	if o.audit.alert == "" {
		return nil, nil
	}
	marks := o.audit.alertOn
	if marks == nil {
		marks = risk.Marks
	}
	a, err := alert.New(o.audit.alert, marks, func(err error) { r.warn(fmt.Errorf("--alert: %w; others may fail too, which is counted", err)) })
	if err != nil {
		return nil, fmt.Errorf("--alert: %w", err)
	}
	return a, nil
}

// saysAlerts says how many alerts were sent, and how many were not.
func saysAlerts(a *alert.Alerts) string {
	sent, failed, leftOut := a.Counts()
	says := plural.Of(sent, "alert") + " sent"
	if failed+leftOut > 0 {
		says += fmt.Sprintf(", %d failed, %d left out", failed, leftOut)
	}
	return says
}

// audited returns who is told the lines of the audit; nil if nobody is.
func (r *recorders) audited(o *options, s std, alerts *alert.Alerts) (func(line []byte, marks []string), error) {
	if !o.otlp.audit {
		if alerts == nil {
			return nil, nil
		}
		return alerts.Offer, nil
	}
	e, err := r.exporterFor(o, s)
	if err != nil {
		return nil, err
	}
	r.trail = otlp.NewAudit(e.Log)
	return func(line []byte, marks []string) {
		r.trail.Line(line)
		if alerts != nil {
			alerts.Offer(line, marks)
		}
	}, nil
}

// openAudit records who has asked for what.
func (r *recorders) openAudit(ctx context.Context, o *options, s std) (recorder, error) {
	name := outputName(o.audit.file)
	if o.audit.file == "" {
		name = "audit"
	}
	host, _ := os.Hostname()
	ao := audit.Options{
		Version: versionString(), Host: host, Reads: o.audit.reads, Strict: o.audit.strict, Spool: r.spool,
		Sockets: o.audit.sockets, Container: r.container,
		MaxSize: int64(o.audit.maxSize), MaxAge: o.audit.maxAge, Keep: o.audit.keep,
		Failed: func(err error) { r.warn(fmt.Errorf("%s: %w", name, err)) },
	}
	alerts, err := r.alerts(o)
	if err != nil {
		return recorder{}, err
	}
	if ao.Written, err = r.audited(o, s, alerts); err != nil {
		if alerts != nil {
			alerts.Close()
		}
		return recorder{}, err
	}
	var sink *audit.Sink
	if o.audit.file == "" {
		sink = audit.NewSink(io.Discard, ao)
	} else if o.audit.file == "-" {
		sink = audit.NewSink(s.out, ao)
	} else if sink, err = opened(ctx, o.audit.file, s.err, func() (*audit.Sink, error) { return audit.Open(o.audit.file, ao) }); err != nil {
		if alerts != nil {
			alerts.Close()
		}
		return recorder{}, err
	}
	outlet := r.book.Add(o.audits(), sink, flow.Delivery{})
	one := recorder{
		settle: sink.Settle,
		close: func() {
			endsWithin(2*endGrace, func() { _ = outlet.Close() })
			if alerts != nil {
				alerts.Close()
			}
		},
		says: func() string {
			n, head := sink.Lines()
			says := fmt.Sprintf("%s: %s, head %s", name, plural.Of(n, "line"), head)
			if alerts != nil {
				says += "; " + saysAlerts(alerts)
			}
			return says
		},
		lacks: func() error {
			if n, _ := sink.LeftOut(); n > 0 {
				return fmt.Errorf("%s lacks %s: it was too slow, or could not be written to", name, plural.Of(n, "line"))
			}
			return nil
		},
	}
	if o.audit.strict {
		one.name = o.audit.file
		one.refuse = func(c *wire.Conn) error {
			if err := sink.Refused(c); err != nil {
				return fmt.Errorf("%s: %w; --audit-strict relays only what is written there", name, err)
			}
			return nil
		}
	}
	return one, nil
}
