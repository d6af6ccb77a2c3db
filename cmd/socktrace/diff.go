package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// exitDiffers is the status of diff if the sessions differ, exitTrouble if that cannot be told:
// those of diff and cmp (POSIX).
const (
	exitDiffers = 1
	exitTrouble = 2
)

func newDiff(s std) *cobra.Command {
	d := &differing{options: newOptions(), std: s, src: source{ownsStdout: true, unhurried: true, captured: true}}
	cmd := &cobra.Command{
		Use:   "diff [flags] A B",
		Short: "Show what two sessions did differently",
		Long: `Show what the session in recording B did differently from that in A: requests that are
new, missing or in another order, and of the others queries, header fields, documents
field by field, answers, and what streams said. What a daemon makes up anew each time
does not count: ids stand for each other, and times, addresses and counters for any. So
two recordings of the same command on the same daemon are the same. What differs in all
exchanges, such as the version of the API, is told once.

A and B are what read takes: HAR, pcapng, pcap, JSON lines. The exit status is 0 if they are
the same, 1 if they differ, 2 if that cannot be told, as of a recording that is cut short:
what could be read is compared then. What counts as the same: socktrace help comparing.`,
		Example: `  socktrace diff before.har after.har
  socktrace diff --ignore 'HostConfig.*' --ignore User-Agent old.har new.har
  socktrace diff --same web=front a.har b.pcapng
  socktrace diff -o report.html a.har b.har
  socktrace diff -f json a.har b.har | jq '.exchanges[] | select(.kind == "changed")'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return &failure{code: exitUsage, err: fmt.Errorf("diff: %s, not two", plural.Of(int64(len(args)), "file")), hint: "socktrace diff before.har after.har"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		PreRunE: func(cmd *cobra.Command, args []string) error {
			if err := checkValues(cmd); err != nil {
				return badFlags(d.src, err)
			}
			if args[0] == "-" && args[1] == "-" {
				return &failure{code: exitUsage, err: errors.New("diff: standard input can be one of both only")}
			}
			return d.check()
		},
		RunE: func(_ *cobra.Command, args []string) error { return d.run(args) },
	}
	d.reportFlags(cmd)
	d.options.contentFlags(cmd)
	d.options.keyLogFlag(cmd)
	return cmd
}

// reportFlags adds the flags that say what is told, and where.
func (d *differing) reportFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&d.format, "format", "f", "", "write `FORMAT`: text, markdown, html or json; default: what the name of the output says, else text")
	f.StringVarP(&d.options.output, "output", "o", "", "write to `FILE` instead of standard output; a report that is there already is replaced")
	f.StringVar(&d.options.color, "color", "auto", "colour the output `WHEN`: auto, always or never")
	f.StringArrayVar(&d.o.Ignore, "ignore", nil, "leave out what differs in `PLACE`, such as HostConfig.Memory, 'Labels.*', User-Agent or ContainerCreate:Env")
	f.StringArrayVar(&d.same, "same", nil, "the name or id A of one session is B of the other: `A=B`")
	complete(cmd, "format", diffFormats...)
	complete(cmd, "color", "auto", "always", "never")
	complete(cmd, "ignore")
	complete(cmd, "same")
	completeFiles(cmd, "output", "html", "md", "json", "txt")
}

// diffFormats are the words of --format of diff.
var diffFormats = []string{"text", "markdown", "html", "json"}

// aDiff is how reports begin that are no text for terminals.
var aDiff = regexp.MustCompile(`^(<!DOCTYPE html>\n)?` + regexp.QuoteMeta(diff.Mark) + `|^\{\n  "a": ".*",\n  "b": "`)

// differing is what diff does.
type differing struct {
	*options
	std    std
	src    source
	asked  *asked // to end, by signals
	format string
	same   []string
	o      diff.Options
}

// check looks at the flags.
func (d *differing) check() error {
	usage := func(err error) error { return &failure{code: exitUsage, err: err} }
	if d.format == "" {
		d.format = map[string]string{".html": "html", ".htm": "html", ".md": "markdown", ".json": "json"}[strings.ToLower(filepath.Ext(d.output))]
	}
	if d.format == "" {
		d.format = "text"
	}
	if !slices.Contains(diffFormats, d.format) {
		return usage(notOneOf("format", d.format, diffFormats))
	}
	for _, pair := range d.same {
		a, b, ok := strings.Cut(pair, "=")
		if !ok || a == "" || b == "" {
			return usage(fmt.Errorf("--same %q: not A=B", shortened(pair)))
		}
		d.o.Same = append(d.o.Same, [2]string{a, b})
	}
	if slices.Contains(d.o.Ignore, "") {
		return usage(errors.New("--ignore: an empty place"))
	}
	d.options.format = "text"
	return d.refuse(d.src)
}

// run compares the files.
func (d *differing) run(args []string) error {
	d.asked = untilSignal()
	ctx := d.asked.ctx
	defer d.asked.stop()
	if err := d.checkInputs(args); err != nil {
		return &failure{code: exitUsage, err: err}
	}
	if err := d.checkOutputs(ctx, d.std.err); err != nil {
		return &failure{code: exitTrouble, err: err}
	}
	var sessions [2]*diff.Session
	var broken error // what one of them ends with, which was told
	for i, name := range args {
		session, err := d.session(name)
		if err != nil && len(session.Exchanges) == 0 {
			return err
		}
		broken = cmp.Or(broken, err)
		if ctx.Err() != nil {
			return &failure{code: exitTrouble, err: errors.New("interrupted: nothing was compared")}
		}
		sessions[i] = session
	}
	return d.report(ctx, diff.Compare(sessions[0], sessions[1], d.o), broken)
}

// report writes what was found, and returns what becomes of the command: broken is what a session
// ends with that could not be read to its end, which was told.
func (d *differing) report(ctx context.Context, r *diff.Result, broken error) error {
	if err := d.write(ctx, r); err != nil {
		return &failure{code: exitTrouble, err: err}
	}
	incomplete := r.Incomplete()
	if incomplete != "" {
		complain(d.std.err, errors.New(incomplete))
	}
	for _, unused := range r.Unused {
		complain(d.std.err, fmt.Errorf("--ignore %s: nothing differs there", unused))
	}
	switch {
	case broken != nil:
		complain(d.std.err, errors.New("compared is what could be read"))
		return broken
	case r.Differs():
		return &failure{code: exitDiffers}
	case incomplete != "": // what was compared is the same, and more is not known
		return &failure{code: exitTrouble}
	}
	return nil
}

// session reads one of both: of one that is broken what there is, with an error.
func (d *differing) session(name string) (*diff.Session, error) {
	kept := diff.NewSink(name, d.sessionMemory(), int64(d.maxBody))
	o := *d.options
	err := readInto(kept, d.asked, &o, d.src, d.std, name)
	return kept.Session(), err
}

// readInto has a sink told what a recording says, and nothing else. It takes the options over.
func readInto(kept wire.Sink, a *asked, o *options, src source, s std, name string) error {
	o.output, o.har, o.pcapng = "", "", ""
	o.kept = kept
	err := readUntil(a, o, src, s, []string{name})
	var f *failure
	if errors.As(err, &f) {
		f.code = exitTrouble
	}
	return err
}

// write writes the report.
func (d *differing) write(ctx context.Context, r *diff.Result) error {
	out, err := openOutput(ctx, d.output, d.std.out, d.std.err)
	if err != nil {
		return err
	}
	color, _ := render.UseColor(d.color, d.std.getenv, out.terminal) // check knows the word
	var text []byte
	switch d.format {
	case "json":
		text = diff.JSON(r)
	case "markdown":
		text = diff.Markdown(r)
	case "html":
		text = diff.HTML(r)
	default:
		text = render.Diff(r, d.renderOptions(out, color, d.std.getenv))
	}
	_, err = out.Write(text)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
