package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/policy"
	"github.com/socktrace/socktrace/wire"
)

func newPolicy(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true, captured: true}
	cmd := &cobra.Command{
		Use:   "policy [flags] FILE...",
		Short: "Write the rules that a socket proxy needs for what was seen",
		Long: `Say which operations of the Docker API recordings and captures have in them, and with
--for write the least rules with which a proxy in front of the socket lets those in:
Tecnativa's and linuxserver's docker-socket-proxy, wollomatic's socket-proxy, and
cetusguard. What a rule lets in besides is told next to it, the most dangerous first.
The files are those that read takes; --policy writes the same behind a live trace.

With --check it says instead what given rules would have denied, per client, and exits
with 1 if anything (see help proxies).`,
		Example: `  socktrace policy session.har
  socktrace policy --for wollomatic session.har
  socktrace policy --for tecnativa --filter 'client.name == "traefik"' -o proxy.yaml session.har
  socktrace policy --check compose.yaml session.har
  socktrace listen -q --in-place unix:///var/run/docker.sock --policy rules.yaml --policy-for cetusguard`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("policy: no file"), hint: "socktrace policy session.har"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.policy.open(o.output, args, s); err != nil {
				return &failure{code: exitUsage, err: err}
			}
			err := read(o, src, s, args)
			if err == nil && o.policy.rules == "" && o.output != "" && o.output != "-" {
				complain(s.err, fmt.Errorf("%s: %s", o.output, o.policy.sink.Summary()))
			}
			return err
		},
	}
	o.showFlags(cmd, src)
	o.keyLogFlag(cmd)
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := o.policy.checkWords(); err != nil {
			return badFlags(src, err)
		}
		o.quiet, o.stats, o.explain, o.format = false, false, false, "text"
		o.policy.all, o.policy.file = true, ""
		return check(cmd, args)
	}
	f := cmd.Flags()
	f.StringVar(&o.policy.proxy, "for", "", "write rules for `PROXY`: "+strings.Join(proxyNames(), ", ")+"; default: an overview of what was seen")
	f.StringVar(&o.policy.form, "as", "", "write them as `FORM`: compose (a service for docker compose), env, flags or labels (wollomatic), rules (cetusguard)")
	f.StringVar(&o.policy.rules, "check", "", "say what the rules in `FILE` would have denied: any of these forms; --for says which proxy, if they do not")
	complete(cmd, "for", proxyNames()...)
	complete(cmd, "as", policy.Compose, policy.Env, policy.Flags, policy.Labels, policy.List)
	for _, name := range []string{"quiet", "stats", "events", "explain", "heads", "bodies", "all", "paths", "color", "format", "policy", "policy-for"} {
		_ = f.MarkHidden(name) // it decides nothing here; an unknown one a test would see
	}
	f.Lookup("output").Usage = "write to `FILE` instead of " + src.output() + "; rules that are there already are replaced"
	completeFiles(cmd, "output", "yaml", "env", "rules")
	return cmd
}

// policyOptions say which rules are written.
type policyOptions struct {
	all   bool   // it is all that is written
	proxy string // empty: an overview
	form  string // empty: what the name of the output says
	rules string // a file of rules to compare with
	file  string // of --policy
	read  policy.Options
	sink  *policy.Sink
}

// policyFlags adds the flags that write rules behind a live trace.
func (o *options) policyFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.policy.file, "policy", "", "write to `FILE`, at the end, which rules a socket proxy needs for what was seen (see help proxies)")
	f.StringVar(&o.policy.proxy, "policy-for", "", "for `PROXY`: "+strings.Join(proxyNames(), ", ")+"; default: an overview")
	complete(cmd, "policy-for", proxyNames()...)
	completeFiles(cmd, "policy", "yaml", "env", "rules")
}

// someRules is how rules begin.
var someRules = regexp.MustCompile(`^[#!] ` + regexp.QuoteMeta(policy.Mark))

// proxyNames are the names of the proxies that rules are written for.
func proxyNames() (all []string) {
	for _, p := range policy.Proxies() {
		all = append(all, p.Name)
	}
	return all
}

// checkWords looks at the flags of the command.
func (p *policyOptions) checkWords() error {
	if err := p.checkProxy("for"); err != nil {
		return err
	}
	switch proxy := policy.Named(p.proxy); {
	case p.form == "":
	case proxy == nil:
		return errors.New("--as needs --for PROXY: without, an overview is written")
	case p.rules != "":
		return errors.New("--as and --check exclude each other: no rules are written")
	case !proxy.Has(p.form):
		return fmt.Errorf("--as %q: for %s it is one of %s%s", shortened(p.form), proxy.Name, strings.Join(proxy.Forms, ", "), didYouMean(p.form, proxy.Forms))
	}
	return nil
}

// checkProxy looks at the flag that names a proxy.
func (p *policyOptions) checkProxy(flag string) error {
	if p.proxy != "" && policy.Named(p.proxy) == nil {
		return notOneOf(flag, p.proxy, proxyNames())
	}
	return nil
}

// checkLive looks at the flags that write rules behind a live trace.
func (p *policyOptions) checkLive() error {
	if p.proxy != "" && p.file == "" && !p.all {
		return errors.New("--policy-for needs --policy FILE")
	}
	return p.checkProxy("policy-for")
}

// open reads the rules to compare with, and decides what is written to an output.
func (p *policyOptions) open(output string, args []string, s std) error {
	p.read = p.written(output, "\nThe rules: socktrace policy --for PROXY "+shellWords(args)+"\n")
	if p.rules == "" {
		return nil
	}
	if output == "" || output == "-" {
		p.read.Width = columns(s.out)
	}
	b, err := readRules(p.rules, s)
	if err == nil {
		p.read.Rules, err = policy.ReadRules(p.rules, b, policy.Named(p.proxy))
	}
	if err != nil {
		return fmt.Errorf("--check: %w", err)
	}
	for _, name := range p.read.Rules.Unknown {
		complain(s.err, fmt.Errorf("%s: no release of %s knows %s: it lets in nothing", p.rules, p.read.Rules.Proxy.Title, name))
	}
	return nil
}

// readRules reads a file of rules.
func readRules(name string, s std) ([]byte, error) {
	in := io.Reader(s.in)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, policy.MaxRules+1))
	if err == nil && len(b) > policy.MaxRules {
		err = fmt.Errorf("%s: more than %d bytes are no file of rules", name, policy.MaxRules)
	}
	return b, err
}

// written returns what is written to a file: of the forms that which its name is usual for.
func (p *policyOptions) written(name, more string) policy.Options {
	o := policy.Options{Proxy: policy.Named(p.proxy), Form: p.form, More: more}
	if o.Proxy == nil || o.Form != "" {
		return o
	}
	o.Form = policy.Compose
	end := strings.ToLower(filepath.Ext(name))
	if end == ".env" && o.Proxy.Has(policy.Env) {
		o.Form = policy.Env
	}
	if slices.Contains([]string{".rules", ".list", ".txt"}, end) && o.Proxy.Has(policy.List) {
		o.Form = policy.List
	}
	return o
}

// newSink returns the sink that writes them to the live output.
func (p *policyOptions) newSink(w io.Writer) wire.Sink {
	p.sink = policy.New(w, p.read)
	return p.sink
}

// inputs are the files that are read besides recordings.
func (p *policyOptions) inputs() []string {
	if p.rules == "" {
		return nil
	}
	return []string{p.rules}
}

// denied reports whether the rules would have denied something.
func (p *policyOptions) denied() bool { return p.sink != nil && p.sink.Denied() }

// openPolicy gathers what rules are written from when the trace ends: all of them, or nothing.
func (r *recorders) openPolicy(_ context.Context, o *options, s std) (recorder, error) {
	name, p := o.policy.file, &o.policy
	if name != "-" {
		if err := openfile.Replaceable(name); err != nil {
			return recorder{}, fmt.Errorf("policy: %w", err)
		}
	}
	var text strings.Builder
	sink := policy.New(&text, p.written(name, "\nFor rules: --policy-for PROXY\n"))
	outlet := r.book.Add(name, sink, flow.Delivery{})
	says := ""
	end := func() {
		_ = outlet.Close() // it has no queue that could stall
		if !sink.Saw() {
			says = name + ": not written: there were no requests"
			return
		}
		var err error
		if name == "-" {
			_, err = io.WriteString(s.out, text.String())
		} else {
			err = openfile.Replace(name, []byte(text.String()))
		}
		if err != nil {
			r.failed(name, err)
			return
		}
		says = name + ": " + sink.Summary()
	}
	return recorder{close: end, after: true, says: func() string { return says }, lacks: func() error { return nil }}, nil
}
