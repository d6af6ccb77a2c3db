package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/render"
)

// options are what the flags say. Every command that shows traffic has them.
type options struct {
	format      string
	output      string
	quiet       bool
	heads       string
	color       string
	maxBody     size
	showSecrets bool
	listen      string
	upstream    string
	env         []string
}

func newOptions() *options { return &options{maxBody: 1 << 20} }

// showFlags adds the flags that say what is shown, and where.
func (o *options) showFlags(cmd *cobra.Command, defaultOutput string) {
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "text", "what the live output is: text, compact or jsonl")
	f.StringVarP(&o.output, "output", "o", "", "write the live output to `FILE` instead of "+defaultOutput)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no live output, only the summary at the end")
	f.StringVar(&o.heads, "heads", "full", "of request and response heads show all (full) or the lines that matter (short)")
	f.StringVar(&o.color, "color", "auto", "colour the output: auto, always or never")
	f.Var(&o.maxBody, "max-body", "keep at most `SIZE` of a body or JSON document to show it, such as 64k or 10M")
	f.BoolVar(&o.showSecrets, "show-secrets", false, "do not mask passwords and tokens")
	complete(cmd, "format", "text\tevery head, body and frame", "compact\tone line an exchange", "jsonl\tone JSON object an event")
	complete(cmd, "heads", "full", "short")
	complete(cmd, "color", "auto", "always", "never")
}

// upstreamFlag adds the flag that names the daemon.
func (o *options) upstreamFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.upstream, "upstream", "",
		"the daemon's `ADDR`: unix:///path, tcp://host:port or ssh://host (default: what the docker CLI would use)")
}

func complete(cmd *cobra.Command, flag string, values ...string) {
	// It fails only for a flag that does not exist, which a test would see.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// check looks at the flags that take one of a few words, and at what they mean
// together.
func (o *options) check() error {
	for _, c := range []struct {
		flag, value string
		allowed     []string
	}{
		{"format", o.format, []string{"text", "compact", "jsonl"}},
		{"heads", o.heads, []string{"full", "short"}},
		{"color", o.color, []string{"auto", "always", "never"}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return fmt.Errorf("--%s %q: not one of %s", c.flag, c.value, strings.Join(c.allowed, ", "))
		}
	}
	for _, name := range o.env {
		if name == "" || strings.Contains(name, "=") {
			return fmt.Errorf("--env %q: not the name of a variable", name)
		}
	}
	if o.quiet && o.output != "" {
		return fmt.Errorf("--quiet and --output exclude each other: there is no live output to write to %s", o.output)
	}
	return nil
}

func (o *options) headsOption() render.Heads {
	if o.heads == "short" {
		return render.HeadsShort
	}
	return render.HeadsFull
}

// size is a number of bytes, written as 4096, 64k, 10M or 1G, with a factor of
// 1024. It implements pflag.Value.
type size int64

var _ pflag.Value = (*size)(nil)

var units = []struct {
	suffix string
	factor int64
}{{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}}

// Set reads what the user wrote.
func (s *size) Set(v string) error {
	text, factor := strings.ToLower(v), int64(1)
	text = strings.TrimSuffix(strings.TrimSuffix(text, "b"), "i")
	for _, u := range units {
		if strings.HasSuffix(text, u.suffix) {
			text, factor = strings.TrimSuffix(text, u.suffix), u.factor
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/factor {
		return fmt.Errorf("not a size such as 4096, 64k or 10M")
	}
	*s = size(n * factor)
	return nil
}

// String returns the size as Set would read it.
func (s *size) String() string {
	n := int64(*s)
	for i := len(units) - 1; i >= 0; i-- {
		if u := units[i]; n > 0 && n%u.factor == 0 {
			return strconv.FormatInt(n/u.factor, 10) + u.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}

// Type names the value in the usage text.
func (s *size) Type() string { return "SIZE" }
