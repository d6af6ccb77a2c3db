package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/internal/units"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// options are what the flags say. Every command that shows traffic has them.
type options struct {
	format      string
	output      string
	quiet       bool
	explain     bool
	stats       bool              // at the end, where the live output goes
	engine      *dockerapi.Engine // that stats are about; nil: about what was seen
	heads       string            // empty: short on a terminal, else full
	bodies      string            // the same
	all         bool              // heads and bodies in full
	paths       bool
	color       string
	maxBody     size
	maxMemory   size
	memoryGiven func() bool // maxMemory is not the default; nil: it is
	filter      filterOptions
	showSecrets bool
	mask        []string
	protos      []string
	keyLogs     []string // to decrypt TLS with
	har         string
	harMaxSize  size
	pcapng      string
	audit       auditOptions
	otlp        otlpOptions
	spool       size
	listen      string
	inPlace     string
	expose      bool
	upstream    string
	context     string
	wait        waiting
	tls         tlsFlags
	front       listenTLS
	keylog      string
	env         []string
	strace      []string           // files that strace has printed
	daemonFacts equivalent.Options // for calls
	via         string
	pids        []int
	lesson      lessonOptions
	policy      policyOptions
	serve       serving
	kept        wire.Sink  // gets the exchanges in the place of the live output; nil: nothing does
	compared    *diff.Sink // gets them besides, before the bytes go on; nil: nothing does
	faults      faultOptions
	events      []string // of JSON lines: only these; nil: all
}

func newOptions() *options {
	return &options{maxBody: 1 << 20, maxMemory: defaultMemory, spool: 64 << 20, otlp: otlpOptions{size: defaultSpool}}
}

// showFlags adds the flags that say what is shown, and where, and has them checked
// before the command runs.
func (o *options) showFlags(cmd *cobra.Command, src source) {
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkValues(cmd); err != nil {
			return badFlags(src, err)
		}
		return o.refuse(src)
	}
	f := cmd.Flags()
	o.formatFlag(f.StringVarP)
	f.StringSliceVar(&o.events, "events", nil, "of jsonl, write only the events in `LIST`, such as exchange or request,response; what they do not need is not made either")
	f.StringVarP(&o.output, "output", "o", "", "write the live output to `FILE` instead of "+src.output()+"; a recording that is there already is replaced, as by --har and --pcapng")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no live output, only recordings and the summary at the end")
	f.BoolVar(&o.explain, "explain", false, "say of each request what it is for and why the client sends it, of errors what they mean, and of commands what they took")
	f.BoolVar(&o.stats, "stats", false, "show at the end, per operation, how often it was called, how often it failed, how long it took")
	f.StringVar(&o.heads, "heads", "", "show `WHAT` of heads: full, short (the lines that matter) or none (the first line); default: short on a terminal, else full")
	f.StringVar(&o.bodies, "bodies", "", "show `WHAT` of bodies: full, short (without what is empty) or none; default: short on a terminal, else full")
	f.BoolVar(&o.all, "all", false, "show everything: --heads full --bodies full")
	f.BoolVar(&o.paths, "paths", false, "show method and path in each line of compact")
	f.StringVar(&o.color, "color", "auto", "colour the output `WHEN`: auto, always or never")
	o.contentFlags(cmd)
	f.StringVar(&o.har, "har", "", "record the exchanges in the HAR `FILE` too, compressed if it ends in .gz; - is standard output")
	f.Var(&o.harMaxSize, "har-max-size", "begin another HAR file (name.2.har, …) before one is larger than `SIZE`, such as 100M")
	f.StringVar(&o.pcapng, "pcapng", "", "record the bytes in the pcapng `FILE` too, secrets and all; - is standard output")
	o.policyFlags(cmd)
	f.Var(&o.spool, "spool", "keep at most `SIZE` for recordings whose output stalls; 0 has the traffic wait")
	complete(cmd, "format", formatCompletions()...)
	complete(cmd, "events", render.EventNames()...)
	complete(cmd, "heads", "full", "short", "none")
	complete(cmd, "bodies", "full", "short", "none")
	complete(cmd, "color", "auto", "always", "never")
	completeFiles(cmd, "har", "har", "har.gz")
	completeFiles(cmd, "pcapng", "pcapng")
	for _, flag := range []string{"har-max-size", "spool"} {
		complete(cmd, flag)
	}
}

// contentFlags adds the flags that say what is known of exchanges, whatever becomes of them.
func (o *options) contentFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(&o.maxBody, "max-body", "keep at most `SIZE` of a body or JSON document to show it, such as 64k or 10M; 0 keeps nothing of either, nor of streams")
	f.Var(&o.maxMemory, "max-memory", "need less than `SIZE` of memory, whatever crosses: what does not fit is cut, marked and counted")
	o.memoryGiven = func() bool { return f.Changed("max-memory") }
	o.filterFlags(cmd)
	f.BoolVar(&o.showSecrets, "show-secrets", false, "do not mask passwords and tokens")
	f.StringArrayVar(&o.mask, "mask", nil, "also mask the header, JSON key, query parameter or variable `NAME`")
	f.StringArrayVar(&o.protos, "proto", nil, "show messages of gRPC by the names in `FILE` too, a set of descriptors (protoc --descriptor_set_out FILE --include_imports)")
	completeFiles(cmd, "proto", "binpb", "pb", "protoset", "desc")
	for _, flag := range []string{"max-body", "max-memory", "mask"} {
		complete(cmd, flag)
	}
}

// upstreamFlag adds the flags that name the daemon.
func (o *options) upstreamFlag(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.upstream, "upstream", "",
		"the daemon's `ADDR`: unix:///path, tcp://host:port, https://host or ssh://host (default: what the docker CLI would use; see help addresses)")
	f.StringVar(&o.context, "context", "", "the daemon of the docker context `NAME`")
	f.Var(&o.wait, "wait", "wait until the daemon is there, for `TIME` at most if one is given, such as 30s")
	f.Lookup("wait").NoOptDefVal = waitForever
	complete(cmd, "wait", "10s", "1m")
	_ = cmd.RegisterFlagCompletionFunc("context", completeContexts)
	o.daemonFlags(cmd)
}

// levels are the values of --heads and --bodies; empty: as the output has it.
var levels = []string{"full", "short", "none", ""}

// refuse is check, for the caller of the program.
func (o *options) refuse(src source) error {
	if err := o.check(src); err != nil {
		return badFlags(src, err)
	}
	return nil
}

// badFlags is a failure of flags.
func badFlags(src source, err error) error {
	if src.childStdout {
		return &failure{code: exitRun, err: err}
	}
	return &failure{code: exitUsage, err: err}
}

// check looks at the flags that take one of a few words, and at what they mean
// together.
func (o *options) check(src source) error {
	for _, c := range []struct {
		flag, value string
		allowed     []string
	}{
		{"format", o.format, formatWords()},
		{"heads", o.heads, levels},
		{"bodies", o.bodies, levels},
		{"color", o.color, []string{"auto", "always", "never"}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			words := slices.DeleteFunc(slices.Clone(c.allowed), func(s string) bool { return s == "" })
			return notOneOf(c.flag, c.value, words)
		}
	}
	for _, name := range o.env {
		if name == "" || strings.Contains(name, "=") {
			return fmt.Errorf("--env %q: not the name of a variable", name)
		}
	}
	least := size(leastMemory)
	switch {
	case o.upstream != "" && o.context != "":
		return fmt.Errorf("--upstream and --context exclude each other: %s has an address of its own", o.context)
	case o.all && (o.heads != "" || o.bodies != ""):
		return errors.New("--all is --heads full --bodies full: it excludes both")
	case !o.shows() && o.output != "":
		return fmt.Errorf("--quiet and --output exclude each other: there is no live output to write to %s", o.output)
	case o.showSecrets && len(o.mask) > 0:
		return fmt.Errorf("--show-secrets and --mask %s exclude each other", o.mask[0])
	case slices.Contains(o.mask, ""):
		return errors.New("--mask: an empty name")
	case o.maxMemory < leastMemory:
		return fmt.Errorf("--max-memory %s: less than %s", &o.maxMemory, &least)
	case o.harMaxSize > 0 && (o.har == "" || o.har == "-"):
		return errors.New("--har-max-size needs --har FILE")
	}
	if err := o.policy.checkLive(); err != nil {
		return err
	}
	if err := cmp.Or(o.checkEvents(), o.checkFilter(), o.checkAudit()); err != nil {
		return err
	}
	if err := cmp.Or(o.checkOTLP(), o.checkFaults()); err != nil {
		return err
	}
	return o.checkFiles(src)
}

// checkFiles refuses to write two things to one file.
func (o *options) checkFiles(src source) error {
	live := o.output
	if live == "" && src.ownsStdout {
		live = "-"
	}
	if !o.shows() {
		live = ""
	}
	names := map[string]string{} // by file
	if src.childStdout {
		names["-"] = "the command"
	}
	for _, f := range []struct{ flag, file string }{{"the live output", live}, {"--har", o.har}, {"--pcapng", o.pcapng}, {"--policy", o.policy.file}, {"--audit", o.audit.file}} {
		if f.file == "" || src.childStdout && f.flag == "the live output" && f.file == "-" {
			continue
		}
		file := filepath.Clean(f.file)
		if other := names[file]; other != "" && file == "-" {
			return fmt.Errorf("%s and %s cannot both have standard output", other, f.flag)
		} else if other != "" {
			return fmt.Errorf("%s and %s cannot both be %s", other, f.flag, file)
		}
		names[file] = f.flag
	}
	return nil
}

// shows reports whether something goes where the live output does.
func (o *options) shows() bool { return !o.quiet || o.stats }

// level returns which of full, short and none is shown of heads or bodies: what the
// flag says, else short where a person looks on.
func (o *options) level(flag string, terminal bool) string {
	switch {
	case o.all:
		return "full"
	case flag != "":
		return flag
	case terminal:
		return "short"
	}
	return "full"
}

// renderOptions returns how an output for people looks.
func (o *options) renderOptions(out *output, color bool, getenv func(string) string) render.Options {
	heads := map[string]render.Heads{"full": render.HeadsFull, "short": render.HeadsShort, "none": render.HeadsNone}
	bodies := map[string]render.Bodies{"full": render.BodiesFull, "short": render.BodiesShort, "none": render.BodiesNone}
	return render.Options{
		Color:    color,
		Width:    out.width,
		Heads:    heads[o.level(o.heads, out.terminal)],
		Bodies:   bodies[o.level(o.bodies, out.terminal)],
		Paths:    o.paths,
		Filtered: o.filter.made != nil,
		ASCII:    out.terminal && !render.UTF8(getenv),
	}
}

// size is a number of bytes, written as 4096, 64k, 10M or 1G, with a factor of
// 1024. It implements pflag.Value.
type size int64

var _ pflag.Value = (*size)(nil)

// Set reads what the user wrote.
func (s *size) Set(v string) error {
	n, ok := units.ParseSize(v)
	if !ok {
		return errors.New("not a size such as 4096, 64k or 10M")
	}
	*s = size(n)
	return nil
}

// String returns the size as Set would read it.
func (s *size) String() string { return units.TypedSize(int64(*s)) }

// Type names the value in the usage text.
func (s *size) Type() string { return "SIZE" }
